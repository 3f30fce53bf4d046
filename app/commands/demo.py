"""Demo: a believable company on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import click

from app import environment as env
from app.commands.common import check_schema
from app.demo.codes import codes_now, seconds_left
from app.demo.holding import held
from app.demo.running import close, listen_everywhere, serve
from app.demo.settings import Ports, environment_of
from app.demo.speaking import welcome
from app.demo.telling import forget, tell, told_at
from app.kept_settings import keep
from app.opening import opened_database
from app.settings import Settings, read_settings, settings_of
from web.logging import configure_logging

PORT = click.IntRange(1, 65535)


@click.group(invoke_without_command=True)
@click.option("--portal-port", type=PORT, default=8000, show_default=True, help="Where the portal listens.")
@click.option("--office-port", type=PORT, default=8001, show_default=True, help="Where the back office listens.")
@click.option("--stripe-port", type=PORT, default=8002, show_default=True, help="Where the Stripe simulator listens.")
@click.option("--mail-port", type=PORT, default=8003, show_default=True, help="Where the sent mail is shown.")
@click.option("--partners-port", type=PORT, default=8004, show_default=True, help="Where the partners' site listens.")
@click.option("--only-data", is_flag=True, help="Make the data, and serve nothing.")
@click.option("--fresh", is_flag=True, help="Forget what the demo made before.")
@click.pass_context
def demo(
    context: click.Context,
    portal_port: int,
    office_port: int,
    stripe_port: int,
    mail_port: int,
    partners_port: int,
    only_data: bool,
    fresh: bool,
) -> None:
    """Show everything at once: a company with customers and history, all sites, the worker and a Stripe simulator.

    Needs no settings and no network. Keeps what it makes in QUITTANCE_HOME; Ctrl-C stops it.
    """
    if context.invoked_subcommand is not None:
        return
    ports = Ports(portal_port, office_port, stripe_port, mail_port, partners_port)
    environ = environment_of(os.environ, ports)
    settings = settings_of(environ)
    with held(settings.home, f"open at {settings.portal.public_url}"):
        sockets = {} if only_data else listen_everywhere(ports)
        try:
            made = _prepare(settings, fresh=fresh)
            keep(environ, settings.home)
            if only_data:
                click.echo(f"The company is in {settings.home}, and its books are in order.")
            else:
                _open(settings, ports, sockets, made)
        finally:
            close(sockets)


@demo.command("code", short_help="Print the six digits that each member of staff needs.")
def code() -> None:
    """Print the six digits with which each member of the demo's staff signs in now."""
    home = Path(env.HOME.value(os.environ)).expanduser().resolve()
    if told_at(home) is None:
        raise click.ClickException(f"There is no demo in {home} yet: `quittance demo` makes one.")
    settings = read_settings({env.HOME.full_name: str(home)})
    with opened_database(settings) as database:
        for each in codes_now(database):
            click.echo(f"{each.code}  {each.email}" + ("  (used: wait for the next one)" if each.used else ""))
        click.echo(f"Good for {seconds_left(database.clock.now())} seconds more.", err=True)


@demo.command("forget", short_help="Forget the demo's data, and nothing else.")
def forget_it() -> None:
    """Forget the demo's data; other books in the same place are left alone, and the refusal says so."""
    home = Path(env.HOME.value(os.environ)).expanduser().resolve()
    with held(home, "being forgotten"):
        forget(home)
    click.echo(f"What the demo made in {home} is forgotten.")


def _prepare(settings: Settings, *, fresh: bool) -> datetime:
    """See to it that the company is there; when it was made."""
    if fresh:
        forget(settings.home)
    made = told_at(settings.home)
    if made is not None:
        with opened_database(settings) as database:
            check_schema(settings, database)
        return made
    try:
        return tell(settings)
    except KeyboardInterrupt:
        raise click.ClickException("Stopped before the company was ready; nothing of it is kept.") from None


def _open(settings: Settings, ports: Ports, sockets: Mapping[str, socket], made: datetime) -> None:
    """Serve until Ctrl-C, which may come before the sites know of it."""
    configure_logging(level=settings.logging_level)
    try:
        click.echo(welcome(ports, settings.home, made, datetime.now(UTC)))
        serve(settings, ports, sockets)
    except KeyboardInterrupt:
        pass
    click.echo("Closed; `quittance demo` goes on from here.")
