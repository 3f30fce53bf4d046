"""Settings of the demo: a company, a simulator and mail in a folder, all on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import environment as env
from app.demo.company import BUSINESS
from app.demo.guarding import refuse_real
from app.environment import WrongSetting
from app.settings import Settings, demo_environment, settings_of

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
    partners: int

    def __post_init__(self) -> None:
        if len({self.portal, self.office, self.stripe, self.mail, self.partners}) < 5:
            raise WrongSetting("Each part of the demo needs a port of its own.")


def environment_of(environ: Mapping[str, str], ports: Ports) -> dict[str, str]:
    """The environment of the demo: home and log level may be given, everything else is the demo's own.

    Raises WrongSetting where a live key is given, or an address that others can reach.
    """
    refuse_real(environ)
    home = Path(env.HOME.value(environ)).expanduser().resolve()
    ours = {
        **BUSINESS,
        env.HOME: str(home),
        env.LOG_LEVEL: env.LOG_LEVEL.given(environ) if env.LOG_LEVEL.full_name in environ else LOG_LEVEL,
        env.PORTAL_PORT: str(ports.portal),
        env.OFFICE_PORT: str(ports.office),
        env.PARTNERS_PORT: str(ports.partners),
        env.PORTAL_HOSTS: f"localhost,{HERE}",
        env.OFFICE_HOSTS: f"localhost,{HERE}",
        env.PARTNERS_HOSTS: f"localhost,{HERE}",
    }
    chosen = {setting.full_name: text for setting, text in ours.items()}
    return demo_environment(chosen, simulator_url=f"http://{HERE}:{ports.stripe}")


def demo_settings(environ: Mapping[str, str], ports: Ports) -> Settings:
    """The settings of the demo, read from that environment."""
    return settings_of(environment_of(environ, ports))
