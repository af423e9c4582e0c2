"""Settings of the models: what can't be sent is told at the start."""

import pytest

from okno.kit.errors import StartupError
from okno.kit.settings import load
from okno.llm.config import OpenAiSettings, YandexGptSettings
from okno.llm.providers.yandexgpt import YandexGpt


@pytest.mark.parametrize("key", ["мой ключ", "two words", "a\nb", "ключ"])
def test_a_key_must_fit_into_a_header(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANDEXGPT_API_KEY", key)
    with pytest.raises(StartupError, match="YANDEXGPT_API_KEY is wrong") as caught:
        load(YandexGptSettings)
    assert key not in str(caught.value)


@pytest.mark.parametrize("address", ["api.openai.com", "ftp://x", "https://", "https://x?y=1"])
def test_an_address_must_be_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", address)
    with pytest.raises(StartupError, match="OPENAI_API_BASE is wrong"):
        load(OpenAiSettings)


def test_a_key_needs_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANDEXGPT_API_KEY", "a-key")
    monkeypatch.delenv("YANDEXGPT_FOLDER_ID", raising=False)
    with pytest.raises(StartupError, match="YANDEXGPT_FOLDER_ID"):
        YandexGpt(load(YandexGptSettings))
