"""The secret behind the signing keys."""

import pytest
from pydantic import SecretStr

from okno.accounts.config import IdentitySettings
from okno.kit.errors import StartupError
from okno.kit.settings import load


@pytest.fixture(autouse=True)
def _no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKNO_ENV_FILE", "/dev/null")


def test_a_program_that_signs_nothing_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "")
    settings = load(IdentitySettings)
    with pytest.raises(StartupError, match=r"JWT_SECRET is missing: 32 characters"):
        settings.require_secret()


@pytest.mark.parametrize("short", ["change-me", "x" * 31])
def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch, short: str) -> None:
    monkeypatch.setenv("JWT_SECRET", short)
    with pytest.raises(StartupError, match="JWT_SECRET is wrong") as refused:
        load(IdentitySettings)
    assert short not in str(refused.value)


def test_a_secret_is_given_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "x" * 32)
    settings = load(IdentitySettings)
    assert settings.require_secret() == b"x" * 32
    assert isinstance(settings.jwt_secret, SecretStr)
    assert "x" * 32 not in repr(settings)
