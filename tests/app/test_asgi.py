"""What the settings put behind the sites: who is asked about creditworthiness, and where forms may lead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from litestar.testing import TestClient

from adapters.credit_checks.http import HttpCreditChecks
from adapters.credit_checks.table import TableCreditChecks
from app.asgi import credit_checks_for, office_site
from app.environment import WrongSetting
from app.settings import Settings, demo_environment, settings_of
from app.wired import Wired

SERVICE = "https://checks.agency.example/v1"


def settings(folder: Path, **given: str) -> Settings:
    """Settings with which sites can be served, and these."""
    environ = demo_environment({"QUITTANCE_HOME": str(folder)}, simulator_url="http://127.0.0.1:1")
    return settings_of({**environ, **{f"QUITTANCE_{name}": text for name, text in given.items()}})


def test_without_a_setting_nobody_is_asked(tmp_path: Path) -> None:
    assert credit_checks_for(settings(tmp_path)) is None


def test_a_file_is_looked_into_by_its_name(tmp_path: Path) -> None:
    found = credit_checks_for(settings(tmp_path, CREDIT_CHECKS=f"file:{tmp_path}/results.csv"))

    assert isinstance(found, TableCreditChecks)
    assert found.name == "results.csv"


def test_a_service_is_called_by_its_host(tmp_path: Path) -> None:
    given = settings(tmp_path, CREDIT_CHECKS=SERVICE, CREDIT_CHECKS_KEY="k", CREDIT_CHECKS_SECRET="s")

    found = credit_checks_for(given)

    given.check_for_serving()
    assert isinstance(found, HttpCreditChecks)
    assert found.name == "checks.agency.example"


@pytest.mark.parametrize("missing", ["CREDIT_CHECKS_KEY", "CREDIT_CHECKS_SECRET"])
def test_a_service_without_key_or_secret_stops_the_start(tmp_path: Path, missing: str) -> None:
    given = {"CREDIT_CHECKS": SERVICE, "CREDIT_CHECKS_KEY": "k", "CREDIT_CHECKS_SECRET": "s", missing: ""}

    with pytest.raises(WrongSetting, match="CREDIT_CHECKS_SECRET"):
        settings(tmp_path, **given).check_for_serving()


def test_the_offices_forms_may_lead_to_the_portal_and_to_the_identity_provider(wired: Wired) -> None:
    with_provider = replace(wired.settings, openid_issuer="https://id.example/tenant")
    site = office_site(replace(wired, settings=with_provider))

    with TestClient(site, base_url=with_provider.office.public_url) as client:
        policy = client.get("/sign-in").headers["content-security-policy"]

    assert policy.endswith(f"form-action 'self' {with_provider.portal.public_url} https://id.example")
