"""The containers, as far as it can be told without running them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.config import ApiSettings
from okno.kit.timeouts import API_EXIT_SECONDS, WORKER_GRACE_SECONDS

ROOT = Path(__file__).parent.parent.parent
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")

ONE_SHOT = {"migrate"}
LASTING = sorted(SERVICES.keys() - ONE_SHOT)
PROGRAMS = ("api", "bot", "worker")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|KEY")


def instructions(name: str) -> list[str]:
    """Return what follows every `NAME` in the Dockerfile."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^\s*{name}\s+(.+)$", joined, flags=re.MULTILINE)


def networks_of(service: str) -> set[str]:
    return set(SERVICES[service]["networks"])


def test_the_services_are_the_expected_ones() -> None:
    assert SERVICES.keys() == {"postgres", "redis", "migrate", *PROGRAMS}


@pytest.mark.parametrize("service", LASTING)
def test_a_service_starts_again_and_tells_its_health(service: str) -> None:
    described = SERVICES[service]
    assert described["restart"] == "unless-stopped"
    assert described.get("healthcheck", {}).get("test") or (
        "build" in described and instructions("HEALTHCHECK")
    )


@pytest.mark.parametrize("service", sorted(ONE_SHOT))
def test_a_one_shot_is_not_repeated(service: str) -> None:
    assert SERVICES[service]["restart"] == "no"


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_waits_for_what_it_needs(program: str) -> None:
    conditions = {name: need["condition"] for name, need in SERVICES[program]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_given_the_time_to_end_cleanly(program: str) -> None:
    given = int(SERVICES[program]["stop_grace_period"].removesuffix("s"))
    assert given > WORKER_GRACE_SECONDS


def test_the_worker_is_asked_where_it_listens() -> None:
    worker = SERVICES["worker"]
    assert worker["command"] == ["python", "-m", "worker"]
    assert f":{worker['environment']['WORKER_PORT']}/health" in worker["healthcheck"]["test"][-1]


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_secrets_come_from_outside(service: str) -> None:
    for name, value in SERVICES[service].get("environment", {}).items():
        assert not SECRET.search(name) or value.startswith("${"), name


def test_every_variable_stands_in_the_example() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE_TEXT))
    assert used
    assert used <= set(re.findall(r"^(\w+)=", EXAMPLE, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "image",
    [
        *(service["image"] for service in SERVICES.values() if "build" not in service),
        *(image.split()[0] for image in instructions("FROM")),
    ],
)
def test_an_image_is_pinned_to_its_major_version(image: str) -> None:
    assert re.fullmatch(r"[\w/]+:\d+[\w.-]*", image)


def test_only_bot_and_api_can_be_reached_and_only_from_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {
        "bot": ["${SERVER_HOST:-127.0.0.1}:${SERVER_PORT:-8080}:8080"],
        "api": ["${API_HOST:-127.0.0.1}:${API_PORT:-8081}:8081"],
    }
    for name in ("SERVER_HOST", "API_HOST"):
        assert re.search(rf"^{name}=127\.0\.0\.1$", EXAMPLE, flags=re.MULTILINE)


def test_the_api_is_asked_where_it_listens() -> None:
    api = SERVICES["api"]
    assert api["command"] == ["python", "-m", "api"]
    assert api["environment"]["API_HOST"] == "0.0.0.0"  # noqa: S104 - within its container
    assert f":{api['environment']['API_PORT']}/health" in api["healthcheck"]["test"][-1]
    assert api["environment"]["API_METRICS_PORT"] not in "".join(api["ports"])


def test_the_api_is_given_the_time_that_its_supervisor_takes() -> None:
    given = int(SERVICES["api"]["stop_grace_period"].removesuffix("s"))
    assert given > ApiSettings.model_fields["grace_seconds"].default + API_EXIT_SECONDS


def test_the_storage_has_no_way_out() -> None:
    assert COMPOSE["networks"]["storage"] == {"internal": True}
    for service in ("postgres", "redis", "migrate"):
        assert networks_of(service) == {"storage"}
    for program in PROGRAMS:
        assert networks_of(program) == {"storage", "outside"}


@pytest.mark.parametrize("service", ["postgres", "redis"])
def test_data_outlives_its_container(service: str) -> None:
    [volume] = SERVICES[service]["volumes"]
    assert volume.partition(":")[0] in COMPOSE["volumes"]


def test_the_image_runs_without_the_rights_of_root() -> None:
    assert instructions("USER")[-1] not in {"root", "0"}
    assert DOCKERFILE.rindex("\nUSER ") > DOCKERFILE.rindex("\nFROM ")


def test_the_image_installs_nothing_but_what_is_locked() -> None:
    [install] = [command for command in instructions("RUN") if "pip install" in command]
    assert "--require-hashes" in install
    assert "--requirement requirements.lock" in install


def test_the_image_holds_no_secret() -> None:
    settings = [*instructions("ENV"), *instructions("ARG")]
    assert settings
    assert not any(SECRET.search(setting) for setting in settings)


def test_the_image_takes_what_the_build_context_lets_in() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    copied = {
        name
        for line in instructions("COPY")
        if not line.startswith("--from")
        for name in line.split()[:-1]
    }
    assert "*" in ignore
    assert not any(name.startswith(".env") for name in let_in)
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
