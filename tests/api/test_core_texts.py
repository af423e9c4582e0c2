"""Every error of the product can be told over HTTP, in every language, in words that fit."""

import re
from collections.abc import Iterator

import pytest

from api.app import create_app
from api.errors import status_of
from api.problem_answers import ProblemAnswers
from api.request_info import RequestInfo
from api.texts import load_texts
from okno.accounts.dto import Language
from okno.kit.errors import OknoError


def errors(root: type[OknoError] = OknoError) -> Iterator[type[OknoError]]:
    for error in root.__subclasses__():
        if "code" in vars(error) and error.__module__.startswith(("okno.", "api.")):
            yield error
        yield from errors(error)


MARKUP = re.compile(r"[<>{}]|(?<![A-Z]) /")
"""Of Telegram, of Fluent; and commands of the bot, as opposed to addresses after a method."""
ALL = sorted(set(errors()), key=lambda error: error.code)


def info(language: Language) -> RequestInfo:
    return RequestInfo("id", "GET", "/api/me", "127.0.0.1", "tests", language, is_secure=False)


def test_the_errors_are_known() -> None:
    assert create_app is not None, "imports them all"
    assert len(ALL) > 40
    assert {status_of(error) for error in ALL} >= {400, 401, 402, 403, 404, 409, 429, 500, 503}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_an_error_has_a_title_and_a_detail(error: type[OknoError], language: Language) -> None:
    given = error(**dict.fromkeys(error.params, 7))

    problem = ProblemAnswers(load_texts()).body(given, info(language))

    assert problem["title"]
    assert problem["detail"]
    assert not MARKUP.search(problem["detail"]), "this is for the bot"


def test_codes_are_unique() -> None:
    codes = [error.code for error in ALL]
    assert len(codes) == len(set(codes))
