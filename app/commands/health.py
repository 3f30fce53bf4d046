"""Health: the question whether the sites are well."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException

import click

from app.settings import SiteAddress, read_settings
from web.health import is_ours

LONGEST = 1000
"""So many bytes of an answer are read."""


@click.command()
def health() -> None:
    """Ask the sites of this machine whether they are well; ends with 1 if one is not."""
    settings = read_settings()
    well = True
    sites = (("portal", settings.portal), ("back office", settings.office), ("partners' site", settings.partners))
    for name, site in sites:
        answer = _ask(settings.listen, site)
        click.echo(f"{name}: {answer}")
        well &= answer == "ok"
    if not well:
        raise SystemExit(1)


def _ask(listen: str, site: SiteAddress) -> str:
    connection = HTTPConnection(listen, site.port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": site.host})
        answer = connection.getresponse()
        body = answer.read(LONGEST)
    except (OSError, HTTPException) as problem:
        return f"does not answer ({problem})"
    finally:
        connection.close()
    if answer.status != 200:
        return f"answers {answer.status}"
    return "ok" if is_ours(dict(answer.getheaders()), body) else "something else answers there"
