"""Finds URLs and e-mail addresses in a text, with or without a scheme.

A candidate is the text around a dot: user data, a domain, a port and a path. `link_rules` and the
text before it (a scheme, or a character that forbids a link) decide whether it is a link. The rules
follow TDLib's `match_urls`, `match_tg_urls` and `find_urls`.
"""

import re
from collections.abc import Iterator

from sandbox.telegram.entities.link_rules import PATH_NEVER_ENDS_WITH, is_email, link_length
from sandbox.telegram.entities.scanner import ascii_lower

_GAP = " \u00a0\u1680\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000"
_DOMAIN = rf"[.0-9A-Za-z_~-]|(?![{_GAP}])[\u00c0-\U0010ffff]"
_DOMAIN_CHARACTER = re.compile(_DOMAIN)
_DOMAIN_OR_AT = re.compile(rf"(?:{_DOMAIN}|@)+")
_USER_CHARACTER = re.compile(rf"""[^\n/\[\]{{}}()'`<>"@«»{_GAP}]""")
_PROTOCOL_CHARACTER = re.compile(rf"[0-9A-Za-z+-]|(?![{_GAP}])[^\x00-\x7f]")
_PORT = re.compile(r":0*([1-9][0-9]{0,4})(?![0-9])")
_MAX_PORT = 65535
_PATH = re.compile(rf"""[/?#][^\n<>"«»{_GAP}]*""")
_APP_LINK = re.compile(r"(?:tg|ton|tonsite)://[0-9A-Za-z_-]{1,253}", re.IGNORECASE | re.ASCII)
_SPOILS = re.compile(r"[\w/#@]")
_MAILTO = "mailto:"
_SCHEMES = ("https", "http", "ftp", "tonsite")
_OTHER_SCHEMES = {"shttp", "sftp", "tftp"}
_MIN_BEFORE_LINK = len("ftp://")


def find_links(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the type (url or email), the start and the end of every link."""
    for match in _APP_LINK.finditer(text):
        yield "url", match.start(), _path_end(text, match.end())
    for start, end in _candidates(text):
        candidate = text[start:end]
        address = candidate.removeprefix(_MAILTO)
        if is_email(address):
            yield "email", end - len(address), end
        elif length := link_length(candidate):
            yield "url", start, start + length


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    while (dot := text.find(".", begin)) >= 0:
        domain = _DOMAIN_OR_AT.match(text, dot)
        domain_end = domain.end() if domain else dot
        start = _start(text, begin, dot, has_at="@" in text[dot:domain_end])
        end = _end(text, dot, domain_end)
        if start is None:
            end = text.rindex(".", dot, end) + 1
        else:
            if end > dot + 1:
                yield start, end
            while text.startswith(".", end):
                end += 1
        begin = end


def _end(text: str, dot: int, domain_end: int) -> int:
    port = _PORT.match(text, domain_end)
    end = port.end() if port and int(port[1]) <= _MAX_PORT else domain_end
    end = _path_end(text, end)
    return max(dot + 1, len(text[:end].rstrip(".")))


def _path_end(text: str, start: int) -> int:
    """Return the end of the path at `start`. A lone "?" or "#" is not a path."""
    path = _PATH.match(text, start)
    if not path:
        return start
    kept = path[0][0] + path[0][1:].rstrip(PATH_NEVER_ENDS_WITH)
    return start + len(kept) if kept not in {"?", "#"} else start


def _start(text: str, begin: int, dot: int, *, has_at: bool) -> int | None:
    """Return the start of the candidate, or None if the text before it forbids a link."""
    start = _back(text, begin, dot, _DOMAIN_CHARACTER)
    if has_at:
        start = _back(text, begin, start, _USER_CHARACTER)
    if start > begin and text[start - 1] == "@":
        user_start = _back(text, begin, start - 1, _USER_CHARACTER)
        if has_at or user_start == start - 1:
            return None
        start = user_start
    return _scheme_start(text, begin, start)


def _scheme_start(text: str, begin: int, start: int) -> int | None:
    before = text[begin:start]
    if before.endswith("://") and len(before) >= _MIN_BEFORE_LINK:
        protocol_end = start - len("://")
        protocol_start = _back(text, begin, protocol_end, _PROTOCOL_CHARACTER)
        protocol = ascii_lower(text[protocol_start:protocol_end])
        scheme = next((scheme for scheme in _SCHEMES if protocol.endswith(scheme)), None)
        return protocol_end - len(scheme) if scheme and protocol not in _OTHER_SCHEMES else None
    return None if _SPOILS.fullmatch(before[-1:]) else start


def _back(text: str, begin: int, end: int, characters: re.Pattern[str]) -> int:
    """Return the start of the longest run of such characters that ends at `end`."""
    while end > begin and characters.match(text, end - 1):
        end -= 1
    return end
