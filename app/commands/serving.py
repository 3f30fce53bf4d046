"""Serving: the sites and the worker, or the worker alone."""

from __future__ import annotations

import os

import click

from app import environment as env
from app.commands.common import check_schema
from app.opening import opened_database
from app.serving import run_sites, run_worker
from app.settings import read_settings
from app.wiring import wired
from web.logging import configure_logging


@click.command()
@click.option("--portal-port", type=click.IntRange(1, 65535), help="In place of QUITTANCE_PORTAL_PORT.")
@click.option("--office-port", type=click.IntRange(1, 65535), help="In place of QUITTANCE_OFFICE_PORT.")
@click.option("--partners-port", type=click.IntRange(1, 65535), help="In place of QUITTANCE_PARTNERS_PORT.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes; more than one needs PostgreSQL.",
)
def serve(portal_port: int | None, office_port: int | None, partners_port: int | None, workers: int) -> None:
    """Serve the customers' portal, the back office, the partners' site and the worker until Ctrl-C or SIGTERM."""
    ports = {env.PORTAL_PORT: portal_port, env.OFFICE_PORT: office_port, env.PARTNERS_PORT: partners_port}
    chosen = {setting.full_name: str(port) for setting, port in ports.items() if port is not None}
    settings = read_settings({**os.environ, **chosen})
    settings.check_for_serving()
    if workers > 1 and settings.on_sqlite:
        raise click.ClickException("SQLite is served by one process: leave --workers out, or use PostgreSQL.")
    with opened_database(settings) as database:
        check_schema(settings, database, may_begin=True)
    configure_logging(level=settings.logging_level)
    run_sites(settings, processes=workers)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(once: bool) -> None:
    """Send mail, handle what Stripe told us, find out about payments that hang, seal the books.

    `quittance serve` has a worker in it; this one is for a process of its own (PostgreSQL), or for a timer (--once).
    """
    settings = read_settings()
    settings.check_for_serving()
    configure_logging(level=settings.logging_level)
    with wired(settings) as everything:
        check_schema(settings, everything.database)
        run_worker(everything, once=once)
