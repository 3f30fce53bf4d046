"""Issuing: make a statement of a period that is kept for good, exactly as the customer got it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.documents.filing import file
from domain.documents.model import Category
from domain.documents.rendering import Renderer
from domain.documents.storage import Store
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.ledger.model import STREAMS
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.statements.model import Statement
from domain.statements.papers import MEDIA_TYPE, print_statement
from domain.statements.queries import statement


def issue(
    session: Session, store: Store, renderer: Renderer, account_id: int, first: date, last: date, *, actor: Actor
) -> Statement:
    """Issue the statement of a period under the next number and file its PDF in the account's language.

    What becomes known of these days later does not change it: the next statement shows it as an adjustment.
    NotFound for no such account, Invalid when the period ends before it begins.
    """
    account = accounts.lock(session, account_id)
    view = statement(session, account_id, first, last)
    head = session.execute(select(STREAMS.c.head_seq).where(STREAMS.c.account_id == account_id)).scalar_one()
    number = numbering.take(session, Series.STATEMENT)
    printed = print_statement(session, renderer, account, view, number=number)
    document = file(
        session,
        store,
        printed.content,
        media_type=MEDIA_TYPE,
        category=Category.STATEMENT,
        filename=printed.filename,
        account_id=account_id,
        subject=("account", account_id),
        actor=actor,
    )
    issued = Statement(
        account_id=account_id,
        number=number,
        first_day=first,
        last_day=last,
        currency=view.currency,
        opening_minor=view.opening.minor,
        closing_minor=view.closing.minor,
        through_seq=head,
        document_id=document.id,
        issued_at=now(session),
    )
    session.add(issued)
    session.flush()
    audit.record(
        session,
        "statement.issued",
        actor=actor,
        subject=("statement", issued.id),
        account_id=account_id,
        after={"number": number, "first": first, "last": last, "opening": view.opening, "closing": view.closing},
    )
    return issued
