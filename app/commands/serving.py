"""Serving: both sites and the worker, the worker alone, and the question whether they are well."""

from __future__ import annotations

import os
from http.client import HTTPConnection, HTTPException

import click

from app import environment as env
from app.commands.common import check_schema
from app.settings import SiteAddress, read_settings
from app.wiring import opened_database, wired
from web.logging import configure_logging


@click.command()
@click.option("--portal-port", type=click.IntRange(1, 65535), help="In place of QUITTANCE_PORTAL_PORT.")
@click.option("--office-port", type=click.IntRange(1, 65535), help="In place of QUITTANCE_OFFICE_PORT.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes; more than one needs PostgreSQL.",
)
def serve(portal_port: int | None, office_port: int | None, workers: int) -> None:
    """Serve the customers' portal, the back office and the worker until Ctrl-C or SIGTERM."""
    from app.serving import run_sites

    ports = {env.PORTAL_PORT: portal_port, env.OFFICE_PORT: office_port}
    chosen = {setting.full_name: str(port) for setting, port in ports.items() if port is not None}
    settings = read_settings({**os.environ, **chosen})
    settings.check_for_serving()
    if workers > 1 and settings.on_sqlite:
        raise click.ClickException("SQLite is served by one process: leave --workers out, or use PostgreSQL.")
    with opened_database(settings) as database:
        check_schema(settings, database)
    configure_logging(level=settings.logging_level)
    run_sites(settings, processes=workers)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(once: bool) -> None:
    """Send mail, handle what Stripe told us, find out about payments that hang, seal the books.

    `quittance serve` has a worker in it; this one is for a process of its own (PostgreSQL), or for a timer (--once).
    """
    from app.serving import run_worker

    settings = read_settings()
    settings.check_for_serving()
    configure_logging(level=settings.logging_level)
    with wired(settings) as everything:
        check_schema(settings, everything.database)
        run_worker(everything, once=once)


@click.command()
def health() -> None:
    """Ask the portal and the back office of this machine whether they are well; ends with 1 if one is not."""
    settings = read_settings()
    well = True
    for name, site in (("portal", settings.portal), ("back office", settings.office)):
        answer = _ask(settings.listen, site)
        click.echo(f"{name}: {answer}")
        well &= answer == "ok"
    if not well:
        raise SystemExit(1)


def _ask(listen: str, site: SiteAddress) -> str:
    connection = HTTPConnection(listen, site.port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": site.host})
        status = connection.getresponse().status
    except (OSError, HTTPException) as problem:
        return f"does not answer ({problem})"
    finally:
        connection.close()
    return "ok" if status == 200 else f"answers {status}"
