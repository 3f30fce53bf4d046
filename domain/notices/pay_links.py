"""Pay links: who holds one may pay, contest or promise what its notice asks for, without signing in, and nothing else.

Looking proves nothing, for mail scanners open links too: a link counts as used once something was done with it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from domain.accounts.model import Contact
from domain.audit import recording as audit
from domain.notices.model import Notice, NoticePart, PayLink
from domain.policies.contacting import Channel
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import NotFound
from domain.shared.tokens import new_token, token_hash

LASTS = timedelta(days=60)
"""So long a link works: a message that is found later leads to signing in."""


def mint(session: Session, notice: Notice) -> str:
    """A new link for a notice that is about to go out: its secret, of which no more than a hash is kept.

    Each time another one: a try that is repeated has a link that works, and one that got through before works too.
    """
    token = new_token()
    link = PayLink(
        notice_id=notice.id,
        account_id=notice.account_id,
        token_hash=token_hash(token),
        made_at=now(session),
        expires_at=now(session) + LASTS,
    )
    session.add(link)
    session.flush()
    return token


def entered(session: Session, token: str) -> PayLink | None:
    """The link that this secret belongs to; None where there is none, or where it works no more."""
    works = (PayLink.revoked_at.is_(None), PayLink.expires_at > now(session))
    return session.scalars(select(PayLink).where(PayLink.token_hash == token_hash(token), *works)).one_or_none()


def invoices_of(session: Session, link: PayLink) -> AnyRows:
    """What its notice asks for and is open still, the longest due first, as `receivables.queries` gives invoices."""
    return session.execute(
        select(*receivables.COLUMNS)
        .where(
            Invoice.id.in_(_asked(link)),
            Invoice.account_id == link.account_id,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.open_minor > 0,
        )
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def has(session: Session, link: PayLink, invoice_ids: Collection[int]) -> bool:
    """Whether all of these invoices are among those that its notice asks for, open or not."""
    return set(invoice_ids) <= set(session.scalars(_asked(link)))


def used(session: Session, link: PayLink) -> None:
    """Something was done with this link: the first time counts."""
    unused = update(PayLink).where(PayLink.id == link.id, PayLink.first_used_at.is_(None))
    session.execute(unused.values(first_used_at=now(session)))
    session.refresh(link)


def of_notice(session: Session, notice_id: int) -> AnyRows:
    """The links that went out with a notice, the newest first: `id`, when made, used first, revoked, and until when."""
    return session.execute(
        select(PayLink.id, PayLink.made_at, PayLink.expires_at, PayLink.first_used_at, PayLink.revoked_at)
        .where(PayLink.notice_id == notice_id)
        .order_by(PayLink.id.desc())
    ).all()


def revoke(session: Session, link_id: int, *, actor: Actor) -> PayLink:
    """The link works no more, from now on. NotFound; safe to repeat."""
    link = session.get(PayLink, link_id, populate_existing=True)
    if link is None:
        raise NotFound
    if link.revoked_at is None:
        link.revoked_at = now(session)
        session.flush()
        audit.record(
            session,
            "pay_link.revoked",
            actor=actor,
            subject=("pay_link", link.id),
            account_id=link.account_id,
        )
    return link


def mailbox_of(session: Session, link_id: int) -> tuple[str, str] | None:
    """Where to confirm what was done with a link: the email address and the language of whom its notice was for.

    None where neither the notice went by email nor they have an address.
    """
    notice = session.execute(
        select(Notice.channel, Notice.address, Notice.language, Contact.email)
        .join(PayLink, PayLink.notice_id == Notice.id)
        .outerjoin(Contact, Contact.id == Notice.contact_id)
        .where(PayLink.id == link_id)
    ).one()
    address = notice.address if notice.channel is Channel.EMAIL else notice.email
    return (address, notice.language) if address else None


def _asked(link: PayLink) -> Select[int]:
    """Selects the invoices that its notice asks for."""
    return select(NoticePart.invoice_id).where(NoticePart.notice_id == link.notice_id, NoticePart.asked_minor > 0)
