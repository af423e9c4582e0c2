"""Decides whether a text is a link: the form of e-mail addresses, domains and paths.

The rules follow TDLib's `is_email_address` and `fix_url`.
"""

import re
from collections import Counter
from ipaddress import AddressValueError, IPv4Address

from sandbox.telegram.entities.tlds import TOP_LEVEL_DOMAINS

PATH_NEVER_ENDS_WITH = ".:;,('?!`"
_EMAIL = re.compile(
    r"(?:[a-z0-9_-]{0,26}[.+]){0,10}[a-z0-9_-]{1,35}"
    r"@(?:(?:[a-z0-9][a-z0-9_-]{0,28})?[a-z0-9][.]){1,6}[a-z]{2,8}",
    re.IGNORECASE | re.ASCII,
)
_SCHEME = re.compile(r"(?:https?|ftp|tonsite)://", re.IGNORECASE)
_PUNYCODE = re.compile(r"xn--[0-9A-Za-z]{2,}")
_USER = re.compile(r"^[^@]*@")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_IMPOSTOR = "teiegram.org"
_MAX_LABEL_BYTES = 63


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def link_length(candidate: str) -> int:
    """Return the length of the link at the start of the candidate; 0 if there is none."""
    scheme = _SCHEME.match(candidate)
    start = scheme.end() if scheme else 0
    path_start = next(
        (i for i in range(start, len(candidate)) if candidate[i] in "/?#"), len(candidate)
    )
    authority = candidate[start:path_start]
    domain = _USER.sub("", authority).rsplit(":", 1)[0]
    if not _is_domain(domain, has_scheme=scheme is not None):
        return 0
    return path_start + _path_length(candidate[path_start:])


def _path_length(path: str) -> int:
    """Return the length of the path, up to the first closing bracket that was not opened."""
    opened: Counter[str] = Counter()
    end = len(path)
    for i, character in enumerate(path):
        opened[character] += 1
        if opened[character] > opened[_BRACKETS.get(character, character)]:
            end = i
            break
    return len(path[:end].rstrip(PATH_NEVER_ENDS_WITH))


def _is_domain(domain: str, *, has_scheme: bool) -> bool:
    labels = domain.split(".")
    if len(labels) == 1 or domain.lower() == _IMPOSTOR:
        return False
    if not all(_is_label(label) for label in labels):
        return False
    if not domain.strip("0123456789."):
        return _is_ipv4(domain)
    return "_" not in labels[-2] and _is_top_level(labels[-1], has_scheme=has_scheme)


def _is_label(label: str) -> bool:
    return 0 < len(label.encode()) <= _MAX_LABEL_BYTES and not label.endswith("-")


def _is_ipv4(domain: str) -> bool:
    try:
        IPv4Address(domain)
    except AddressValueError:
        return False
    return True


def _is_top_level(label: str, *, has_scheme: bool) -> bool:
    """Return whether it is a top-level domain. Without a scheme it must be a known one.

    A capital letter alone at the start means the end of a sentence: "end.Next".
    """
    if label.startswith("xn--"):
        return _PUNYCODE.fullmatch(label) is not None
    if len(label) == 1 or "_" in label or "-" in label:
        return False
    only_first_is_upper = label != label.lower() and label[1:] == label[1:].lower()
    return has_scheme or (label.lower() in TOP_LEVEL_DOMAINS and not only_first_is_upper)
