"""Which passwords may be chosen."""

import pytest

from okno.accounts.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort
from okno.accounts.passwords import check_password


@pytest.mark.parametrize("password", ["", "1234567", "пароль7", "😀" * 7])
def test_a_password_has_eight_characters_at_least(password: str) -> None:
    with pytest.raises(PasswordTooShort) as refused:
        check_password(password)
    assert refused.value.values == {"least": 8}


def test_a_password_has_128_characters_at_most() -> None:
    check_password("ж" * 128)
    with pytest.raises(PasswordTooLong) as refused:
        check_password("ж" * 129)
    assert refused.value.values == {"most": 128}


@pytest.mark.parametrize(
    "password", ["password", "PassWord", "12345678", "qwertyuiop", "iloveyou", "1q2w3e4r"]
)
def test_a_password_that_everybody_tries_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password)


def test_a_password_is_not_the_login() -> None:
    check_password("Anna.Petrova")
    with pytest.raises(PasswordTooCommon):
        check_password("Anna.Petrova", "anna.petrova")


@pytest.mark.parametrize(
    "password",
    ["        ", "no digits here", "ОкноОкно", "correct horse", "\ud800" * 8, "tab\tbed\0"],
)
def test_nothing_else_is_asked_of_a_password(password: str) -> None:
    check_password(password)
