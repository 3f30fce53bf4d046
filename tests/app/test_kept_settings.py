"""Kept settings: in the demo's home every command uses the demo's, and nothing else beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.demo.settings import Ports, environment_of
from app.environment import WrongSetting
from app.kept_settings import KEPT, keep
from app.settings import read_settings, settings_of

PORTS = Ports(21, 22, 23, 24, 25)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment that names only the home of a demo."""
    given = {"QUITTANCE_HOME": str(tmp_path)}
    keep(environment_of(given, PORTS), tmp_path)
    return given


def test_every_command_has_the_settings_of_the_demo(environ: dict[str, str]) -> None:
    settings = read_settings({**environ, "QUITTANCE_LOG_LEVEL": "debug"})

    assert settings.stripe_api_url == "http://127.0.0.1:23"
    assert settings.business.name == "Northgate Supplies Ltd"
    assert settings.log_level == "debug"
    settings.check_for_serving()


def test_only_their_owner_may_read_them(environ: dict[str, str], tmp_path: Path) -> None:
    assert (tmp_path / KEPT).stat().st_mode & 0o077 == 0


def test_settings_for_other_books_are_refused_by_name(environ: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match="which has its own settings: unset QUITTANCE_STRIPE_KEY, or"):
        read_settings({**environ, "QUITTANCE_STRIPE_KEY": "sk_live_51Habcdefghijk"})


def test_another_database_is_not_the_demo(environ: dict[str, str]) -> None:
    settings = read_settings({**environ, "QUITTANCE_DATABASE_URL": "postgresql://db.example/real"})

    assert settings == settings_of({**environ, "QUITTANCE_DATABASE_URL": "postgresql://db.example/real"})


def test_without_a_key_nobody_is_asked() -> None:
    with pytest.raises(WrongSetting, match=r"No Stripe key is set: QUITTANCE_STRIPE_KEY is needed to ask Stripe\."):
        settings_of({}).check_for_asking()
