"""docker-compose.yml holds no secret, and nothing in it runs with more rights than it needs."""

import re

import yaml

from bwt_cpd.embedded.places import ROOT
from bwt_cpd.views.admin_imports import LARGEST

COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
WHOLE = yaml.safe_load(COMPOSE)
SERVICES = WHOLE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
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


def test_image_starts_from_bytecode():
    assert "PYTHONDONTWRITEBYTECODE" not in DOCKERFILE + COMPOSE
    assert (
        DOCKERFILE.index("COPY . .")
        < DOCKERFILE.index("-m compileall")
        < DOCKERFILE.index("COPY --from=build /app")
    )


def test_roles_are_granted_the_same_as_in_the_embedded_database():
    from bwt_cpd.embedded.postgres import GRANTS

    for statement in filter(None, GRANTS.splitlines()):
        assert statement in COMPOSE


def test_every_service_is_looked_after_and_asked_how_it_is():
    for name, service in SERVICES.items():
        if name == "migrate":
            continue
        checked = "healthcheck" in service or (name == "web" and "HEALTHCHECK" in DOCKERFILE)
        assert (service["restart"], checked) == ("unless-stopped", True), name
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_everything_a_service_names_is_declared():
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert set(service.get("networks", [])) <= set(WHOLE["networks"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(WHOLE["volumes"])
        assert {config["source"] for config in service.get("configs", [])} <= set(WHOLE["configs"])


def test_the_database_and_the_broker_are_out_of_reach():
    assert WHOLE["networks"]["back"] == {"internal": True}
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["back"]
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["valkey"]["image"] == "valkey/valkey:9"


def test_the_proxy_has_tls_and_lets_an_upload_of_the_admin_through():
    proxy = WHOLE["configs"]["proxy"]["content"]

    assert "443:443" in SERVICES["proxy"]["ports"]
    assert proxy.startswith("{$$SITE} {"), "a name without http:// is served with TLS"
    assert int(re.search(r"max_size (\d+)MB", proxy)[1]) * 1024 * 1024 > LARGEST
