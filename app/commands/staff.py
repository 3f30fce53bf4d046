"""Staff: give somebody access to the back office, or new secrets where nobody else can."""

from __future__ import annotations

import sys

import click
import segno

from app.commands.common import books
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.errors import Invalid
from domain.staff import passwords
from domain.staff.adding import add
from domain.staff.changing import renew_second_factor, set_password
from domain.staff.model import Role
from domain.staff.queries import everybody


class NewPassword(click.ParamType[str]):
    """A password that may be chosen: one that may not is asked for again before it is typed a second time."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The password itself."""
        try:
            passwords.check_new(value)
        except Invalid as refused:
            self.fail(str(refused), param, ctx)
        return value


PASSWORD = click.password_option(
    type=NewPassword(),
    prompt=f"Password, at least {passwords.SHORTEST} characters and hard to guess",
    help=f"At least {passwords.SHORTEST} characters; asked for when left out, which is safer.",
)


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
@PASSWORD
def add_staff(email: str, name: str, role: str, password: str) -> None:
    """Add somebody to the back office: asks for a password and shows the second factor to scan."""
    with books(may_begin=True) as database, database.transaction() as session:
        member, uri = add(session, email=email, name=name, role=Role(role), password=password, actor=OPERATOR)
    _show(member.name, member.email, uri)


@staff.command("renew", short_help="Give somebody a new password and second factor.")
@click.option("--email", required=True, help="What they sign in with.")
@PASSWORD
def renew_staff(email: str, password: str) -> None:
    """Renew somebody's secrets, where no administrator is left who could send them a link."""
    with books() as database, database.transaction() as session:
        member = next((one for one in everybody(session) if one.email == email.strip().lower()), None)
        if member is None:
            raise click.ClickException(f"Nobody works here as {email}.")
        set_password(session, member.id, password, actor=OPERATOR)
        uri = renew_second_factor(session, member.id, actor=OPERATOR)
        sessions.end_all(session, Site.OFFICE, member.id, actor=OPERATOR)
    _show(member.name, member.email, uri)


def _show(name: str, email: str, uri: str) -> None:
    """The second factor, to be scanned."""
    click.echo(f"{name} may sign in as {email}. Scan this with an authenticator app; it is shown once:")
    if sys.stdout.isatty():
        segno.make(uri).terminal(compact=True)
    click.echo(uri)
