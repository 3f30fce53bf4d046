"""Demo: a believable company on this machine."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from app import environment as env
from app.commands.common import check_schema
from app.demo.codes import codes_now, seconds_left
from app.demo.running import close, listen_everywhere, serve
from app.demo.settings import Ports, demo_settings
from app.demo.speaking import welcome
from app.demo.telling import forget, tell, told_at
from app.opening import opened_database
from app.settings import read_settings
from web.logging import configure_logging

PORT = click.IntRange(1, 65535)


@click.group(invoke_without_command=True)
@click.option("--portal-port", type=PORT, default=8000, show_default=True, help="Where the portal listens.")
@click.option("--office-port", type=PORT, default=8001, show_default=True, help="Where the back office listens.")
@click.option("--stripe-port", type=PORT, default=8002, show_default=True, help="Where the Stripe simulator listens.")
@click.option("--mail-port", type=PORT, default=8003, show_default=True, help="Where the sent mail is shown.")
@click.option("--only-data", is_flag=True, help="Make the data, and serve nothing.")
@click.option("--fresh", is_flag=True, help="Forget what the demo made before.")
@click.pass_context
def demo(
    context: click.Context,
    portal_port: int,
    office_port: int,
    stripe_port: int,
    mail_port: int,
    only_data: bool,
    fresh: bool,
) -> None:
    """Show everything at once: a company with customers and history, both sites, the worker and a Stripe simulator.

    Needs no settings and no network. Keeps what it makes in QUITTANCE_HOME; Ctrl-C stops it.
    """
    if context.invoked_subcommand is not None:
        return
    try:
        _run(Ports(portal_port, office_port, stripe_port, mail_port), only_data=only_data, fresh=fresh)
    except KeyboardInterrupt:
        click.echo("Stopped before the company was ready; nothing of it is kept.", err=True)


@demo.command("code")
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


@demo.command("forget")
def forget_it() -> None:
    """Forget the demo's data; other books in the same place are left alone, and the refusal says so."""
    home = Path(env.HOME.value(os.environ)).expanduser().resolve()
    forget(home)
    click.echo(f"What the demo made in {home} is forgotten.")


def _run(ports: Ports, *, only_data: bool, fresh: bool) -> None:
    settings = demo_settings(os.environ, ports)
    sockets = {} if only_data else listen_everywhere(ports)
    try:
        if fresh:
            forget(settings.home)
        made = told_at(settings.home)
        if made is None:
            tell(settings)
            made = told_at(settings.home)
        else:
            with opened_database(settings) as database:
                check_schema(settings, database)
        if only_data:
            click.echo(f"The company is in {settings.home}, and its books are in order.")
            return
        configure_logging(level=settings.logging_level)
        now = datetime.now(UTC)
        click.echo(welcome(ports, settings.home, made or now, now))
        serve(settings, ports, sockets)
        click.echo("Closed.")
    finally:
        close(sockets)
