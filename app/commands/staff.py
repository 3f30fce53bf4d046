"""Staff: give somebody access to the back office."""

from __future__ import annotations

import sys

import click
import segno

from app.commands.common import books
from domain.shared.actor import OPERATOR
from domain.staff.adding import add
from domain.staff.model import Role


@click.group()
def staff() -> None:
    """Manage who works in the back office."""


@staff.command("add", short_help="Add somebody, with a password and a second factor.")
@click.option("--email", required=True, help="What they sign in with.")
@click.option("--name", required=True, help="What colleagues see.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What they may do; docs/security.md.",
)
@click.password_option(help="At least 12 characters; asked for when left out, which is safer.")
def add_staff(email: str, name: str, role: str, password: str) -> None:
    """Add somebody to the back office: asks for a password and shows the second factor to scan."""
    with books() as database, database.transaction() as session:
        member, uri = add(session, email=email, name=name, role=Role(role), password=password, actor=OPERATOR)
    click.echo(f"{member.name} may sign in as {member.email}. Scan this with an authenticator app; it is shown once:")
    if sys.stdout.isatty():
        segno.make(uri).terminal(compact=True)
    click.echo(uri)
