"""Demo: a believable company on this machine."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Show everything at once: a company with customers and history, both sites, the worker and a Stripe simulator.

    Needs no settings and no network. Keeps what it makes in QUITTANCE_HOME; Ctrl-C stops it.
    """
    from app.demo import run

    run()
