"""The catalogue's file: what it gives, and what it says when it is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from okno.accounts.dto import Language
from okno.kit.errors import StartupError
from okno.llm.catalogue import load_catalogue
from okno.llm.config import MODELS_FILE

MODEL = """
[[models]]
id = "{id}"
provider = "yandexgpt"
remote = "yandexgpt/latest"
name = {{ ru = "Про", en = "Pro" }}
context = 32768
answer = 2000
price = {{ in = 1.1, out = 6 }}
enabled = {enabled}
"""
PERSONA = """
[[personas]]
id = "general"
name = { ru = "Помощник", en = "Assistant" }
temperature = 0.3
prompt = "\\nHelp.\\n"
"""
GOOD = MODEL.format(id="pro", enabled="true") + PERSONA


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "models.toml"


def complaint(file: Path, content: str) -> str:
    file.write_text(content)
    with pytest.raises(StartupError) as caught:
        load_catalogue(file)
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_the_file_of_the_project_is_right() -> None:
    catalogue = load_catalogue(MODELS_FILE)
    assert {model.provider for model in catalogue.models} == {"yandexgpt", "openai"}
    assert [persona.id for persona in catalogue.personas] == [
        "general",
        "translator",
        "editor",
        "reviewer",
    ]
    names = [entry.names for entry in catalogue.models]
    names += [entry.names for entry in catalogue.personas]
    assert all(set(name) == set(Language) for name in names)


def test_entries_come_in_the_order_of_the_file_and_prices_are_exact(file: Path) -> None:
    file.write_text(GOOD + MODEL.format(id="a", enabled="true"))
    catalogue = load_catalogue(file)

    assert [model.id for model in catalogue.models] == ["pro", "a"]
    (model, _), (persona,) = catalogue.models, catalogue.personas
    assert (model.price_in, model.price_out) == (Decimal("1.1"), Decimal(6))
    assert (model.context_tokens, model.answer_tokens) == (32768, 2000)
    assert model.names[Language.RU] == "Про"
    assert (persona.prompt, persona.temperature) == ("Help.", 0.3)


def test_a_disabled_model_is_not_offered(file: Path) -> None:
    file.write_text(GOOD + MODEL.format(id="off", enabled="false"))
    assert [model.id for model in load_catalogue(file).models] == ["pro"]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("context = 32768", "context = 0", "models[1].context: Input should be greater than 0"),
        ("context = 32768", "", "models[1].context: Field required"),
        ("answer = 2000", "answer = 40000", "models[1]: the answer must be shorter"),
        ("in = 1.1", "in = -1", "models[1].price.in: "),
        ("in = 1.1", "in = nan", "models[1].price.in: "),
        ("in = 1.1", 'in = "much"', "models[1].price.in: "),
        ('provider = "yandexgpt"', 'provider = "acme"', "models[1].provider: "),
        ('id = "pro"', 'id = "two words"', "models[1].id: "),
        (', en = "Pro"', "", "models[1].name: a name is missing: en"),
        (', en = "Pro"', ', en = "Pro", fr = "Pro"', "models[1].name.fr"),
        ("enabled = true", "enabeld = true", "models[1].enabeld: Extra inputs"),
        ("temperature = 0.3", "temperature = 2", "personas[1].temperature: "),
        ('prompt = "\\nHelp.\\n"', 'prompt = ""', "personas[1].prompt: "),
        ("[[personas]]", "[[people]]", "personas: Field required"),
    ],
)
def test_the_wrong_place_is_named(file: Path, right: str, wrong: str, told: str) -> None:
    assert right in GOOD
    assert told in complaint(file, GOOD.replace(right, wrong))


def test_every_wrong_place_is_named_at_once(file: Path) -> None:
    content = GOOD + MODEL.format(id="b", enabled="true").replace("context = 32768", "")
    told = complaint(file, content.replace("temperature = 0.3", ""))
    assert "models[2].context" in told
    assert "personas[1].temperature" in told


def test_an_id_is_used_once(file: Path) -> None:
    assert "the id pro is used twice" in complaint(
        file, GOOD + MODEL.format(id="pro", enabled="true")
    )


def test_a_broken_file_is_told_with_its_line(file: Path) -> None:
    assert "line 2" in complaint(file, "[[models]]\nid = \n")


def test_a_missing_file_is_told(file: Path) -> None:
    with pytest.raises(StartupError, match="LLM_MODELS_FILE"):
        load_catalogue(file)
