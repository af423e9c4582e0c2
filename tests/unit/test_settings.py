"""The sources of settings."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from okno.kit.errors import StartupError
from okno.kit.settings import RedisSettings, Section, load


class Colours(Section):
    """Settings of nobody else."""

    model_config = SettingsConfigDict(env_prefix="COLOURS_")

    sky: str
    sea: str = "green"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings"
    monkeypatch.setenv("OKNO_ENV_FILE", str(path))
    return path


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("COLOURS_SKY=grey\nCOLOURS_SEA=blue\n")
    monkeypatch.setenv("COLOURS_SKY", "pink")

    assert load(Colours) == Colours(sky="pink", sea="blue")


def test_an_empty_value_is_none(file: Path) -> None:
    file.write_text("COLOURS_SKY=grey\nCOLOURS_SEA=\n")

    assert load(Colours).sea == "green"


def test_a_file_that_is_no_text_is_named(file: Path) -> None:
    file.write_bytes(b"COLOURS_SKY=\xff\xfe\n")

    with pytest.raises(StartupError, match="can't be read"):
        load(Colours)


def test_several_problems_are_told_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_HOST", raising=False)
    monkeypatch.setenv("REDIS_PORT", "many")

    with pytest.raises(StartupError, match=r"REDIS_HOST is missing; REDIS_PORT is wrong"):
        load(RedisSettings)
