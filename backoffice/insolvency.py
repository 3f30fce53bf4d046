"""One insolvency: who runs it, what we claimed and what was admitted, its dividends, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.insolvencies import LIST, InsolvencyId, views_of
from backoffice.insolvency_reading import dividend_of, rate
from backoffice.insolvency_views import DividendView, dividend_view, proof_view
from domain.insolvencies import dividends, proving, queries
from domain.insolvencies.details import SUBJECT
from domain.insolvencies.dividends import Declared
from domain.insolvencies.model import OUTCOME_NAMES, InsolvencyOutcome
from domain.payments.model import PaymentMethod
from domain.processing.insolvency import closing, receiving
from domain.processing.insolvency.receiving import Arrival
from domain.sessions.once import use_once
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = f"{LIST}/{{insolvency_id:int}}"
ACT = "act"
"""Which button was pressed, one of `ACTS`."""
OUTCOMES = {outcome.value: outcome for outcome in InsolvencyOutcome}
METHODS = {
    PaymentMethod.TRANSFER.value: (PaymentMethod.TRANSFER, N_("Bank transfer")),
    PaymentMethod.CHEQUE.value: (PaymentMethod.CHEQUE, N_("Cheque")),
}
"""How dividends come."""
Act = Callable[[Session, AnyRow, Form, Actor], None]


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_insolvency(request: AnyRequest, database: GivenDatabase, insolvency_id: InsolvencyId) -> Response[bytes]:
    """All that is known of one proceeding, and what can be done in it."""
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)
        day = today(session).isoformat()
    start = {"to": row.email or "", "decided_on": day, "declared_on": day, "received_on": day, "closed_on": day}
    return _show(request, database, insolvency_id, Form.starting(request, **start))


@post(PATH, guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def work_insolvency(
    request: AnyRequest, database: GivenDatabase, insolvency_id: InsolvencyId, form: SentForm
) -> Response[bytes]:
    """Send the claim, write down what was admitted, declared or received, or end the proceeding."""
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)

    def act(session: Session) -> None:
        wanted = ACTS.get(form.value(ACT))
        if wanted is None:
            raise Invalid(N_("Choose one of these."))
        use_once(session, form.value("once"))
        wanted(session, row, form, actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, insolvency_id, form)

    return carry_out(request, database, form, act, there=f"{LIST}/{insolvency_id}", again=again)


def _send(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    with form.reading():
        to = form.text("to", longest=254, missing=N_("Enter an email address."))
    proving.send_proof(session, row.account_id, row.id, to)


def _decide(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    with form.reading():
        admitted = form.amount("admitted", row.currency, or_zero=True)
        decided_on = form.day("decided_on")
        note = form.text("note", required=False, longest=proving.LONGEST_REASON)
    proving.decide(session, row.account_id, row.id, admitted, decided_on=decided_on, note=note, actor=actor)


def _declare(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    with form.reading():
        hundredths = rate(form, "rate")
        amount = form.amount("amount", row.currency) if form.value("amount").strip() else None
        declared_on = form.day("declared_on")
    dividends.declare(session, row.account_id, row.id, Declared(declared_on, hundredths, amount), actor=actor)


def _withdraw(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    dividends.withdraw(session, row.account_id, row.id, dividend_of(form), actor=actor)


def _receive(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    dividend_id = dividend_of(form)
    chosen = form.value("receipt")
    if chosen:
        receiving.choose(session, row.account_id, row.id, dividend_id, chosen, actor=actor)
        return
    with form.reading():
        method, _ = form.choice("method", METHODS, missing=N_("Choose how it came."))
        received_on = form.day("received_on", missing=N_("Enter the day on which it was received."))
        reference = form.text("reference", required=False, longest=140)
    arrival = Arrival(method, received_on, reference or None)
    receiving.receive(session, row.account_id, row.id, dividend_id, arrival, actor=actor)


def _close(session: Session, row: AnyRow, form: Form, actor: Actor) -> None:
    with form.reading():
        outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it ended."))
        on = form.day("closed_on")
    closing.close(session, row.account_id, row.id, outcome, on=on, actor=actor)


ACTS: dict[str, Act] = {
    "send": _send,
    "decide": _decide,
    "declare": _declare,
    "withdraw": _withdraw,
    "receive": _receive,
    "close": _close,
}


def _show(request: AnyRequest, database: Database, insolvency_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)
        [proceeding] = views_of(session, [row])
        proofs = queries.proofs(session, insolvency_id)
        declared = [dividend_view(each) for each in queries.dividends(session, insolvency_id)]
        expected = [each for each in declared if not each.is_here and not each.is_withdrawn]
        found = queries.entity(session, row.account_id, insolvency_id)
        left = closing.left_over(session, found) if row.closed_on else []
        context = {
            "proceeding": proceeding,
            "currency": row.currency,
            "proofs": [proof_view(proof) for proof in proofs],
            "lines": queries.proved_invoices(session, proofs[0].id) if proofs else [],
            "decisions": [
                (each, Money(each.admitted_minor, each.currency)) for each in queries.decisions(session, insolvency_id)
            ],
            "admitted": queries.admitted(session, insolvency_id),
            "dividends": declared,
            "expected": expected,
            "receipts": receipts_for(session, row.account_id, expected),
            "methods": [(value, words) for value, (_, words) in METHODS.items()],
            "outcomes": [(outcome.value, words) for outcome, words in OUTCOME_NAMES.items()],
            "left": Money.sum((each.open for each in left), row.currency),
            "give_up": f"/accounts/{row.account_id}/write-offs?" + "&".join(f"invoice={each.id}" for each in left),
            "subject": SUBJECT,
            "longest": proving.LONGEST_REASON,
            "form": form,
        }
    return page(request, "backoffice/insolvencies/show.html", context)


def receipts_for(session: Session, account_id: int, expected: Sequence[DividendView]) -> list[tuple[str, str, date]]:
    """Receipts on the account that could be the money of one of these dividends: id, number and day."""
    wanted: dict[int, date] = {}
    for each in expected:
        wanted[each.amount.minor] = min(each.declared_on, wanted.get(each.amount.minor, date.max))
    found = receiving.receipts_for(session, account_id, wanted)
    return [(row.public_id, row.receipt_number, row.effective_on) for row in found]
