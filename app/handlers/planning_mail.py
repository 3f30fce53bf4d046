"""Planning mail: the customer is told what becomes of a payment plan, as it is when the mail is about to go."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.mailing import send_letter
from app.handlers.plan_letters.choosing import letter
from app.handlers.plan_letters.writing import PlanLetter, Seen
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.audit.recording import record
from domain.documents.model import Document
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.plans import paying
from domain.plans.messages import TO_SIGN, PlanNews, TellPlan
from domain.plans.model import PaymentPlan
from domain.policies.contacting import Channel
from domain.processing.plans.agreement import agreement_paper, filename
from domain.receivables.references import printed, reference_of
from domain.shared.actor import WORKER
from domain.shared.mail import Attachment
from domain.statements.papers import MEDIA_TYPE, bank_of


def tell_plan(wired: Wired, message: TellPlan) -> None:
    """Tell whoever signed or asked for it, else the account's address, else whoever may sign; nothing that is over.

    What is to be signed goes to whoever can sign it before all others. An address that bounced is passed over. Where
    none is left, that is written down.
    """
    with wired.database.reading() as session:
        plan = session.get_one(PaymentPlan, message.plan_id)
        seen = Seen(session, plan, message.part)
        said = letter(seen, message.news)
        if said is None:
            return
        reader = _reader(session, plan, to_sign=message.news in TO_SIGN)
        attachments = _attached(wired, seen, message.news) if reader is not None else ()
        context = {
            "said": said,
            "account_number": seen.account.number,
            "link": f"{wired.settings.portal.public_url}/accounts/{plan.account_id}/plans/{plan.id}{said.page}",
            "bank": bank_of(wired.database.business) if said.asks else None,
            "payment_reference": _payment_reference(session, plan),
        }
        mark = _mark(seen, message)
        account_id, plan_id = plan.account_id, plan.id
    if reader is not None:
        to, language = reader
        send_letter(wired, "plan", context, to=to, language=language, mark=mark, attachments=attachments)
    _write_down(wired, account_id, plan_id, message.news, said, reader[0] if reader is not None else None)


def _payment_reference(session: Session, plan: PaymentPlan) -> str | None:
    """The one that the page says: that of the plan's oldest invoice of which something is open."""
    first = next(iter(paying.free_of(session, plan)), None)
    return printed(reference_of(first)) if first is not None else None


def _reader(session: Session, plan: PaymentPlan, *, to_sign: bool) -> tuple[str, str] | None:
    """The first of the addresses that may be told which has not bounced, and its language.

    Of what is `to_sign` whoever asked for it is told first only where they may sign as well.
    """
    account = accounts.account(session, plan.account_id)
    on = [login for login in accounts.logins_on(session, plan.account_id) if login.disabled_at is None]
    own = [login.id for login in on if login.id == plan.login_id]
    binding = [login.id for login in on if Right.BIND in login.rights]
    found = [(account.email, account.language)] if account.email is not None else []
    logins = {login_id: accounts.login(session, login_id) for login_id in {*own, *binding}}
    before = [(row.email, row.language) for key in own if (row := logins[key]) is not None]
    after = [(row.email, row.language) for key in binding if (row := logins[key]) is not None]
    choice = [*before, *found, *after]
    if to_sign:
        signs = {email for email, _ in after}
        choice = [*(each for each in before if each[0] in signs), *after, *before, *found]
    known = addresses.latest(session, Channel.EMAIL, [email for email, _ in choice])
    return next((each for each in choice if known.get(each[0]) is not AddressKind.BOUNCED), None)


def _attached(wired: Wired, seen: Seen, news: PlanNews) -> tuple[Attachment, ...]:
    """The agreement: as it was signed with the news of that, to be read (or signed on paper) with an offer."""
    if news is PlanNews.SIGNED and seen.signature is not None:
        document = seen.session.get_one(Document, seen.signature.document_id)
        with wired.store.open(document.sha256) as stored:
            return (Attachment(document.filename, stored.read(), document.media_type),)
    if news is not PlanNews.OFFERED:
        return ()
    paper = agreement_paper(
        seen.session,
        wired.renderer,
        seen.plan.account_id,
        seen.plan.id,
        by_hand=not seen.can_be_signed_online,
    )
    return (Attachment(filename(seen.plan.id), paper.content, MEDIA_TYPE),)


def _mark(seen: Seen, message: TellPlan) -> str:
    """The same for the same news, however often it is tried; another one when a plan has moved on."""
    mark = f"plan.{seen.plan.id}.{message.news}.{len(seen.changes)}"
    if seen.number is None or seen.part is None:
        return mark
    return f"{mark}.{seen.number}.{seen.standing.due_on(seen.part)}"


def _write_down(wired: Wired, account_id: int, plan_id: int, news: PlanNews, said: PlanLetter, to: str | None) -> None:
    with wired.database.transaction() as session:
        record(
            session,
            "plan.told" if to is not None else "plan.not_told",
            actor=WORKER,
            subject=("plan", plan_id),
            account_id=account_id,
            after={"news": news.value, "to": to, "amount": said.amount},
        )
