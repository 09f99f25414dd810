"""docker-compose.yml holds no secret, and nothing in it runs with more rights than it needs."""

import re

import yaml

from bwt_cpd.embedded.places import ROOT

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
OURS = ("web", "worker", "beat", "migrate")


def test_services_are_the_production_shape():
    assert set(SERVICES) == {"proxy", "web", "worker", "beat", "migrate", "postgres", "valkey"}


def test_every_secret_must_be_given_from_outside():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD"):
        assert re.search(rf"\$\{{{name}:\?", COMPOSE), f"{name} has a default or is not required"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or "SECRET" in name or name == "DATABASE_URL":
                assert "${" in value


def test_our_containers_are_read_only_and_without_capabilities():
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_only_migrate_is_given_the_owner_of_the_tables():
    assert [name for name in OURS if "DATABASE_OWNER_URL" in SERVICES[name]["environment"]] == ["migrate"]


def test_image_does_not_run_as_root():
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert dockerfile.rpartition("\nUSER ")[2].split()[0] == "portal"


def test_roles_are_granted_the_same_as_in_the_embedded_database():
    from bwt_cpd.embedded.postgres import GRANTS

    for statement in filter(None, GRANTS.splitlines()):
        assert statement in COMPOSE
