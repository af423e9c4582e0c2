"""A project of one window whose text is right, for breaking the rules of the locales."""

from collections.abc import Sequence
from pathlib import Path

from tools.locales.check import find_problems
from tools.locales.errors import ErrorText

MENU = "menu-text = Hello, { $name }!\n"
_DIALOG = 'window = Html("menu-text", "name")\n'


def problems(
    root: Path, en: str, ru: str, code: str = "", errors: Sequence[ErrorText] = ()
) -> list[str]:
    """Write the project with these texts and this code added from line 2 on, and check it."""
    files = {
        "locales/en/menu.ftl": MENU + en,
        "locales/ru/menu.ftl": MENU + ru,
        "dialogs/menu.py": _DIALOG + code,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return [str(problem) for problem in find_problems(root, errors)]
