"""Health: the question whether both sites are well."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

import click

from app.settings import SiteAddress, read_settings


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
