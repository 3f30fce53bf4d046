"""The demo's mailbox and simulator start for pretended money on this machine, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.asgi import office_site, partner_site, portal_site
from app.cli import main
from app.demo.guarding import is_loopback, refuse_outside_demo
from app.demo.settings import Ports, demo_settings, environment_of
from app.demo.stage import open_simulator
from app.described import described
from app.environment import WrongSetting
from app.mailbox.application import application as mailbox
from app.settings import Settings
from app.wired import Wired
from domain.shared.clock import SystemClock
from domain.shared.db.session import Database
from tests.support.routes import ways

HERE = "http://127.0.0.1:4"
PORTS = Ports(1, 2, 3, 4, 5)


@pytest.fixture
def demo(tmp_path: Path) -> Settings:
    """The settings of the demo."""
    return demo_settings({"QUITTANCE_HOME": str(tmp_path)}, PORTS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUITTANCE_STRIPE_KEY", "sk_live_abc123"),
        ("QUITTANCE_STRIPE_KEY", "rk_live_abc123"),
        ("QUITTANCE_LISTEN", "0.0.0.0"),  # noqa: S104 - what must be refused
        ("QUITTANCE_LISTEN", "192.0.2.7"),
    ],
)
def test_the_demo_does_not_start_beside_a_real_installation(tmp_path: Path, name: str, value: str) -> None:
    environ = {"QUITTANCE_HOME": str(tmp_path), name: value}

    run = CliRunner().invoke(main, ["demo", "--only-data"], env=environ)

    with pytest.raises(WrongSetting, match=name):
        environment_of(environ, PORTS)
    assert run.exit_code == 1
    assert name in run.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"stripe_key": "sk_live_abc"},
        {"stripe_api_url": ""},
        {"mail_url": "smtp://mail.example.com"},
        {"listen": "0.0.0.0"},  # noqa: S104 - what must be refused
    ],
    ids=str,
)
def test_mailbox_and_simulator_refuse_settings_that_are_not_the_demos(
    demo: Settings, committed_db: Database, changes: dict[str, str]
) -> None:
    settings = replace(demo, **changes)  # type: ignore[arg-type]

    with pytest.raises(WrongSetting):
        mailbox(settings, committed_db, HERE)
    with pytest.raises(WrongSetting):
        open_simulator(settings, SystemClock())


def test_mailbox_and_simulator_refuse_an_address_that_others_can_reach(demo: Settings) -> None:
    outside = replace(demo, portal=replace(demo.portal, public_url="https://pay.example.com"))

    with pytest.raises(WrongSetting, match="for this machine only"):
        refuse_outside_demo(demo, "http://mail.example.com:8003")
    with pytest.raises(WrongSetting, match="for this machine only"):
        refuse_outside_demo(outside, HERE)
    refuse_outside_demo(demo, HERE)


@pytest.mark.parametrize(
    "changes",
    [
        {"stripe_key": "sk_live_abc"},
        {"stripe_api_url": ""},
        {"stripe_api_url": "https://stripe.example.com"},
        {"mail_url": "smtp://mail.example.com"},
        {"listen": "0.0.0.0"},  # noqa: S104 - what must be without practice
    ],
    ids=str,
)
def test_staff_practise_in_the_demo_and_nowhere_else(wired: Wired, demo: Settings, changes: dict[str, str]) -> None:
    other = replace(demo, **changes)  # type: ignore[arg-type]

    assert described(replace(wired, settings=demo)).is_practice
    assert not described(replace(wired, settings=other)).is_practice


def test_only_the_demo_has_the_pages_of_practice(wired: Wired, demo: Settings) -> None:
    live = replace(demo, stripe_key="sk_live_abc", stripe_api_url="")

    shown, others = (
        {way.path for way in ways(office_site(replace(wired, settings=one)))}  # type: ignore[arg-type]
        for one in (demo, live)
    )

    assert "/practice" in shown
    assert {path for path in shown - others if not path.startswith("/practice")} == set()
    assert not [path for path in others if path.startswith("/practice")]


def test_no_site_that_others_can_reach_has_practice(wired: Wired, demo: Settings) -> None:
    for site in ("portal", "office", "partners"):
        known = replace(getattr(demo, site), public_url="https://quittance.example.com")
        outside = replace(demo, **{site: known})
        assert not described(replace(wired, settings=outside)).is_practice


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("0.0.0.0", False), ("example.com", False), ("", False)],  # noqa: S104
)
def test_only_this_machine_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_no_site_has_a_way_to_the_mailbox(wired: Wired, demo: Settings) -> None:
    paths = {way.path for way in ways(mailbox(demo, wired.database, HERE))} - {"/"}

    for site in (portal_site(wired), office_site(wired), partner_site(wired)):
        ours = {way.path for way in ways(site)}  # type: ignore[arg-type]
        assert ours
        assert ours & paths == set()
    assert "/codes" in paths
