"""Settings of the demo: a company, a simulator and mail in a folder, all on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import environment as env
from app.demo.company import BUSINESS
from app.environment import WrongSetting
from app.settings import Settings, demo_environment, read_settings

HERE = "127.0.0.1"
LOG_LEVEL = "warning"
"""What the terminal shows unless somebody asks for more: it is there for the addresses."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each part of the demo listens."""

    portal: int
    office: int
    stripe: int
    mail: int

    def __post_init__(self) -> None:
        if len({self.portal, self.office, self.stripe, self.mail}) < 4:
            raise WrongSetting("Each part of the demo needs a port of its own.")


def demo_settings(environ: Mapping[str, str], ports: Ports) -> Settings:
    """The settings of the demo: home and log level may be given, everything else is the demo's own."""
    given = {env.HOME, env.LOG_LEVEL}
    kept = {name: value for name, value in environ.items() if not name.startswith(env.PREFIX)}
    kept |= {setting.full_name: setting.given(environ) for setting in given if setting.full_name in environ}
    ours = {
        **BUSINESS,
        env.PORTAL_PORT: str(ports.portal),
        env.OFFICE_PORT: str(ports.office),
        env.PORTAL_HOSTS: f"localhost,{HERE}",
        env.OFFICE_HOSTS: f"localhost,{HERE}",
    }
    chosen = {env.LOG_LEVEL.full_name: LOG_LEVEL, **kept, **{key.full_name: value for key, value in ours.items()}}
    return read_settings(demo_environment(chosen, simulator_url=f"http://{HERE}:{ports.stripe}"))
