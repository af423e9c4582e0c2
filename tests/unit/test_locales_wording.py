"""The check of the locales: plural forms and markup."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.locales import problems
from tools.locales.markup import html_error


def plural(*variants: str) -> str:
    """Write a text that selects by number; the last variant is the default."""
    *others, last = variants
    lines = [*(f"    [{name}] x" for name in others), f"   *[{last}] x"]
    return "\n".join(["menu-more = { $days ->", *lines, "}", ""])


@pytest.mark.parametrize(
    ("en", "ru"),
    [
        (("one", "other"), ("one", "few", "many")),
        (("0", "one", "other"), ("0", "one", "few", "many", "other")),
    ],
)
def test_selectors_by_number_that_cover_the_plural_forms_pass(
    tmp_path: Path, en: Sequence[str], ru: Sequence[str]
) -> None:
    assert problems(tmp_path, plural(*en), plural(*ru), 'Label("menu-more", "days")\n') == []


@pytest.mark.parametrize(
    ("en", "ru", "place", "missing"),
    [
        (("other",), ("one", "few", "many"), "en", "one"),
        (("one", "few"), ("one", "few", "many"), "en", "other"),
        (("one", "other"), ("one", "few", "other"), "ru", "many"),
        (("one", "other"), ("one", "many"), "ru", "few"),
        (("one", "other"), ("other",), "ru", "few and many and one"),
    ],
)
def test_selectors_by_number_cover_the_plural_forms(
    tmp_path: Path, en: Sequence[str], ru: Sequence[str], place: str, missing: str
) -> None:
    found = problems(tmp_path, plural(*en), plural(*ru), 'Label("menu-more", "days")\n')
    assert found == [f"locales/{place}/menu.ftl:2: menu-more: the plural form {missing} is missing"]


def test_selectors_by_name_need_no_plural_forms(tmp_path: Path) -> None:
    chosen = plural("admin", "user")
    assert problems(tmp_path, chosen, chosen, 'Label("menu-more", "days")\n') == []


@pytest.mark.parametrize("widget", ["Label", "ItemLabel"])
def test_labels_have_no_tags(tmp_path: Path, widget: str) -> None:
    found = problems(
        tmp_path, "menu-more = <b>More</b>\n", "menu-more = Ещё\n", f'{widget}("menu-more")\n'
    )
    assert found == [
        "locales/en/menu.ftl:2: menu-more: a label shows </b> as it stands",
        "locales/en/menu.ftl:2: menu-more: a label shows <b> as it stands",
    ]


def test_texts_included_in_labels_have_no_tags(tmp_path: Path) -> None:
    more = "menu-more = { -brand }\n-brand = <i>Okno</i>\n"
    plain = "menu-more = { -brand }\n-brand = Окно\n"
    found = problems(tmp_path, more, plain, 'Label("menu-more")\n')
    assert "locales/en/menu.ftl:3: -brand: a label shows <i> as it stands" in found


def test_the_html_of_windows_is_balanced(tmp_path: Path) -> None:
    found = problems(
        tmp_path, "menu-more = <b>More\n", "menu-more = <b>Ещё</b>\n", 'Html("menu-more")\n'
    )
    assert found == ["locales/en/menu.ftl:2: menu-more: <b> is never closed"]


def test_a_variant_closes_the_tags_that_it_opens(tmp_path: Path) -> None:
    good = "menu-more = <b>{ $role ->\n    [admin] <i>A</i>\n   *[user] B\n}</b>\n"
    bad = "menu-more = <b>{ $role ->\n    [admin] A</b>\n   *[user] B</b>\n}\n"
    found = problems(tmp_path, good, bad, 'Html("menu-more", "role")\n')
    assert "locales/ru/menu.ftl:2: menu-more: </b> closes nothing" in found
    assert all(line.startswith("locales/ru/") for line in found)


@pytest.mark.parametrize(
    ("html", "error"),
    [
        ('plain &lt; <a href="https://x.org">b <i>c</i></a>', None),
        ("<blockquote expandable>x</blockquote>", None),
        ("1 < 2", "a lone < is written &lt;"),
        ("<div>x</div>", "Telegram knows no tag <div>"),
        ("x</b>", "</b> closes nothing"),
        ("<b><i>x</b></i>", "</b> stands where </i> is expected"),
        ("<b>x<i>y</i>", "<b> is never closed"),
    ],
)
def test_html_is_what_telegram_parses(html: str, error: str | None) -> None:
    assert html_error(html) == error
