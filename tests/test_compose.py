"""The containers as compose.yaml sets them up: hardened, with settings that the service has."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from app import __version__
from app.commands.serve import GRACE_SECONDS
from app.settings import ROOT, Settings
from tests.proxies import CADDY, documented

GIVEN = re.compile(r"\$\{(\w+):-(\w*)\}")
OURS = ("alone", "replica")
PROFILES = {"sqlite": {"alone", "caddy"}, "postgres": {"replica", "postgres", "caddy"}}


def composed(given: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The file with variables as given, or with their defaults."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    filled = GIVEN.sub(lambda found: given.get(found[1], found[2]), text)
    assert "$" not in re.sub("^#.*", "", filled, flags=re.MULTILINE)
    found: dict[str, Any] = yaml.safe_load(filled)
    return found


def test_each_profile_has_its_services() -> None:
    services = composed()["services"]

    found = {
        profile: {name for name, one in services.items() if profile in one["profiles"]}
        for profile in PROFILES
    }
    assert found == PROFILES
    # Only the proxy can be reached from outside.
    assert [name for name, one in services.items() if "ports" in one] == ["caddy"]


@pytest.mark.parametrize("name", [*OURS, "caddy"])
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    service = composed()["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name not in OURS or int(service["stop_grace_period"].rstrip("s")) > GRACE_SECONDS


@pytest.mark.parametrize("name", OURS)
def test_the_settings_are_those_of_the_service(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = composed({"POSTGRES_PASSWORD": "secret1"})
    (inside,) = file["networks"]["inside"]["ipam"]["config"]
    given = file["services"][name]["environment"]
    assert {one.lower() for one in given} <= {f"moa_{field}" for field in Settings.model_fields}
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)

    found = Settings()

    assert [str(one) for one in found.trusted_networks] == [inside["subnet"]]
    assert found.embedded == (name == "alone")


def test_the_image_has_labels_that_are_true() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="(.*?)"', text))

    assert labels.keys() == {"title", "description", "licenses", "version"}
    assert labels["version"] == __version__


def test_the_proxy_gives_a_bundle_the_time_that_is_documented() -> None:
    lines = composed()["configs"]["caddyfile"]["content"].splitlines()

    (time,) = {line.strip() for line in lines if "read_body" in line}
    assert time == "read_body 10m"
    assert time in documented("caddy")


@pytest.mark.full
@pytest.mark.skipif(CADDY is None, reason="Caddy is missing: apt-get install it")
@pytest.mark.parametrize("site", ["localhost", "example.org"])
def test_caddy_takes_its_configuration(tmp_path: Path, site: str) -> None:
    path = tmp_path / "Caddyfile"
    path.write_text(composed({"MOA_SITE": site})["configs"]["caddyfile"]["content"])

    command = [str(CADDY), "adapt", "--adapter", "caddyfile", "--config", str(path), "--validate"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert site in done.stdout
