"""`packages.toml`: what is right is read, what is wrong is told in one line."""

from pathlib import Path

import pytest

from okno.accounts.dto import Language
from okno.billing.catalogue import load_packages
from okno.billing.config import PACKAGES_FILE
from okno.kit.errors import StartupError

SMALL = """
[[packages]]
id = "small"
stars = 50
tokens = 50_000
name = { ru = "Немного", en = "A little" }
"""


def written(folder: Path, content: str) -> Path:
    file = folder / "packages.toml"
    file.write_text(content, encoding="utf-8")
    return file


def test_the_file_of_the_project_is_right() -> None:
    packages = load_packages(PACKAGES_FILE).packages
    assert len(packages) >= 3
    prices = [package.tokens / package.stars for package in packages]
    assert prices == sorted(prices), "whoever buys more pays less for each"


def test_a_package_is_found_by_its_id(tmp_path: Path) -> None:
    catalogue = load_packages(written(tmp_path, SMALL))

    package = catalogue.find("small")

    assert package is not None
    assert (package.stars, package.tokens) == (50, 50_000)
    assert package.names == {Language.RU: "Немного", Language.EN: "A little"}
    assert catalogue.find("large") is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (SMALL + SMALL, "two packages 'small'"),
        (SMALL.replace('ru = "Немного", ', ""), "'small' has no name in ru"),
        (SMALL.replace("50_000", "0"), "packages.0.tokens"),
        (SMALL.replace("stars = 50\n", "stars = 1.5\n"), "packages.0.stars"),
        (SMALL.replace("stars = 50\n", ""), "packages.0.stars"),
        (SMALL.replace('"small"', '"no spaces"'), "packages.0.id"),
        (SMALL.replace("A little", "A name that does not fit in a title"), "packages.0.name.en"),
        (SMALL.replace("en =", "de ="), "packages.0.name.de"),
        (SMALL + "colour = 'red'", "packages.0.colour"),
        ("packages = 1", "packages"),
        ("[[packages", "can't be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, wrong: str, told: str) -> None:
    with pytest.raises(StartupError) as refused:
        load_packages(written(tmp_path, wrong))
    assert told in str(refused.value)
    assert "packages.toml" in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"nowhere\.toml can't be read"):
        load_packages(tmp_path / "nowhere.toml")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "packages.toml"
    file.write_bytes(SMALL.encode("cp1251"))
    with pytest.raises(StartupError, match="can't be read"):
        load_packages(file)
