"""The check of the locales: the real ones pass, and every rule can be broken."""

import sys
from pathlib import Path
from shutil import copytree
from subprocess import run

import pytest

from tests.support.locales import MENU, problems
from tools.locales.check import find_problems
from tools.locales.errors import ErrorText, all_declared_errors, declared_errors

ROOT = Path(__file__).parent.parent.parent


def error(*params: str) -> ErrorText:
    return ErrorText("error-broke", frozenset(params), "okno/errors.py", 7)


def test_the_locales_of_the_project_pass() -> None:
    assert find_problems(ROOT, all_declared_errors(ROOT)) == []


def test_a_project_without_a_flaw_passes(tmp_path: Path) -> None:
    assert problems(tmp_path, "", "") == []


@pytest.mark.slow
def test_the_program_tells_each_problem_in_a_line_and_fails(tmp_path: Path) -> None:
    for name in ("api", "dialogs", "locales", "okno", "tgbot", "tools"):
        copytree(ROOT / name, tmp_path / name)
    (tmp_path / "dialogs/stray.py").write_text('Label("menu-gone")\n')
    done = run(
        [sys.executable, "-m", "tools.locales"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "dialogs/stray.py:1: menu-gone: no locale has this text\n"


def test_syntax_errors_are_told_with_their_line(tmp_path: Path) -> None:
    found = problems(tmp_path, "menu-more { oops\n", "")
    assert found == ['locales/en/menu.ftl:2: syntax: Expected token: "="']


def test_a_key_stands_once_in_a_locale(tmp_path: Path) -> None:
    (tmp_path / "locales/en/more").mkdir(parents=True)
    (tmp_path / "locales/en/more/again.ftl").write_text("# Again.\n\n" + MENU)
    found = problems(tmp_path, "", "")
    assert found == [
        "locales/en/more/again.ftl:3: menu-text: stands already at locales/en/menu.ftl:1"
    ]


def test_a_key_is_there_in_every_locale(tmp_path: Path) -> None:
    found = problems(tmp_path, "menu-more = More\n", "", 'Label("menu-more")\n')
    assert found == ["locales/en/menu.ftl:2: menu-more: is missing in locales/ru"]


def test_a_key_has_two_words(tmp_path: Path) -> None:
    found = problems(tmp_path, "more = More\n", "more = Ещё\n", 'Label("more")\n')
    assert "locales/ru/menu.ftl:2: more: a key is of two lower-case words or more: menu-text" in (
        found
    )


def test_a_key_is_used(tmp_path: Path) -> None:
    found = problems(tmp_path, "menu-more = More\n", "menu-more = Ещё\n")
    assert found == [
        "locales/en/menu.ftl:2: menu-more: nothing uses this text",
        "locales/ru/menu.ftl:2: menu-more: nothing uses this text",
    ]


@pytest.mark.parametrize(
    "code",
    [
        'KEYS = {"more": "menu-more"}\n',
        'KEY = "menu-more"\n',
        'i18n.get("menu-more")\n',
        'self._i18n.core.get("menu-more", locale)\n',
        'Label("menu-more", when="more")\n',
    ],
)
def test_a_key_is_used_by_any_string(tmp_path: Path, code: str) -> None:
    assert problems(tmp_path, "menu-more = More\n", "menu-more = Ещё\n", code) == []


def test_a_key_is_used_by_another_text(tmp_path: Path) -> None:
    more = "-brand = Okno\nmenu-brand = { -brand }\nmenu-more = More { menu-brand }\n"
    assert problems(tmp_path, more, more, 'Label("menu-more")\n') == []


def test_a_term_is_used(tmp_path: Path) -> None:
    found = problems(tmp_path, "-brand = Okno\n", "")
    assert found == ["locales/en/menu.ftl:2: -brand: nothing uses this text"]


def test_a_reference_leads_somewhere(tmp_path: Path) -> None:
    found = problems(
        tmp_path, "menu-more = { -gone }\n", "menu-more = Ещё\n", 'Label("menu-more")\n'
    )
    assert found == ["locales/en/menu.ftl:2: menu-more: refers to -gone, which is not there"]


@pytest.mark.parametrize(
    "code",
    [
        'Label("menu-gone")\n',
        'Html("menu-gone", "name")\n',
        'text.ItemLabel("menu-gone")\n',
        'i18n.get("menu-gone")\n',
        'texts.get("menu-gone", language)\n',
    ],
)
def test_a_used_key_is_in_the_locales(tmp_path: Path, code: str) -> None:
    found = problems(tmp_path, "", "", code)
    assert found == ["dialogs/menu.py:2: menu-gone: no locale has this text"]


@pytest.mark.parametrize("code", ['headers.get("content-type")\n', 'values.get("name")\n'])
def test_other_lookups_are_no_texts(tmp_path: Path, code: str) -> None:
    assert problems(tmp_path, "", "", code) == []


def test_the_bot_is_read_as_well(tmp_path: Path) -> None:
    (tmp_path / "tgbot").mkdir()
    (tmp_path / "tgbot/replies.py").write_text('i18n.get("menu-gone")\n')
    found = problems(tmp_path, "", "")
    assert found == ["tgbot/replies.py:1: menu-gone: no locale has this text"]


def test_variables_are_the_same_in_every_locale(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "menu-more = { $days } and { $name }\n",
        "menu-more = { $name }\n",
        'Html("menu-more", "days", "name")\n',
    )
    assert found == ["locales/ru/menu.ftl:2: menu-more: takes name, but days, name in locales/en"]


def test_variables_of_selectors_count(tmp_path: Path) -> None:
    chosen = "menu-more = { $role ->\n    [admin] A\n   *[user] B\n}\n"
    found = problems(tmp_path, chosen, "menu-more = Ещё\n", 'Label("menu-more", "role")\n')
    assert found == ["locales/ru/menu.ftl:2: menu-more: takes none, but role in locales/en"]


def test_variables_of_included_texts_count(tmp_path: Path) -> None:
    more = "menu-more = { menu-days }\nmenu-days = { $days }\n"
    found = problems(tmp_path, more, more, 'Label("menu-more")\n')
    assert found == ["dialogs/menu.py:2: menu-more: is given none, but takes days"]


def test_texts_that_include_each_other_are_read_to_the_end(tmp_path: Path) -> None:
    more = "menu-more = { menu-less }\nmenu-less = { menu-more } { $days }\n"
    assert problems(tmp_path, more, more, 'Label("menu-more", "days")\n') == []


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ('Label("menu-more", "name")\n', "name"),
        ('Html("menu-more")\n', "none"),
        ('ItemLabel("menu-more", "days", "name")\n', "days, name"),
        ('i18n.get("menu-more")\n', "none"),
        ('self.i18n.get("menu-more", days=1, name=2)\n', "days, name"),
    ],
)
def test_the_code_gives_the_variables_of_the_locales(tmp_path: Path, code: str, given: str) -> None:
    more = "menu-more = { $days }\n"
    found = problems(tmp_path, more, more, code)
    assert found == [f"dialogs/menu.py:2: menu-more: is given {given}, but takes days"]


@pytest.mark.parametrize(
    "code", ['Label("menu-more", *names)\n', 'i18n.get("menu-more", **data)\n']
)
def test_variables_that_the_syntax_hides_are_let_pass(tmp_path: Path, code: str) -> None:
    more = "menu-more = { $days }\n"
    assert problems(tmp_path, more, more, code) == []


def test_every_error_has_a_text(tmp_path: Path) -> None:
    found = problems(tmp_path, "", "", errors=[error()])
    assert found == ["okno/errors.py:7: error-broke: no locale has this text"]


def test_the_text_of_an_error_takes_only_what_the_error_knows(tmp_path: Path) -> None:
    broke = "error-broke = { $left } of { $total }\n"
    found = problems(tmp_path, broke, broke, errors=[error("left", "reason")])
    assert found == ["okno/errors.py:7: error-broke: takes total, which the error does not have"]


def test_the_text_of_an_error_need_not_tell_all(tmp_path: Path) -> None:
    broke = "error-broke = { $left }\n"
    assert problems(tmp_path, broke, broke, errors=[error("left", "reason")]) == []


def test_errors_are_found_in_all_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shop"
    (package / "till").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "till" / "__init__.py").touch()
    (package / "till" / "errors.py").write_text(
        "from okno.kit.errors import OknoError\n\n"
        "class TillError(OknoError):\n    pass\n\n"
        "class TillEmpty(TillError):\n    code = 'till-empty'\n    params = ('left',)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert declared_errors("shop", tmp_path) == [
        ErrorText("error-till-empty", frozenset({"left"}), "shop/till/errors.py", 6)
    ]
