"""Paper: a claim as PDF, for whoever runs the proceeding: who we are, who owes it, and which invoices it is made of."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper, Renderer
from domain.insolvencies import proving, queries
from domain.insolvencies.model import PROCEEDING_NAMES, Insolvency
from domain.insolvencies.proving import Claimed, ProofPaper
from domain.processing.insolvency.claiming import Claim, claim_of
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict
from domain.shared.languages import spoken
from domain.shared.money import Money
from domain.shared.words import Words

TEMPLATE = "claim"


def claim_paper(
    session: Session, renderer: Renderer, account_id: int, insolvency_id: int, claimed: Claimed, *, shown: Money
) -> ProofPaper:
    """The next version of a claim as PDF, in the account's language; file it with `proving.file_proof`.

    `shown` is what the books said when the amounts were entered. NotFound; raises as `proving.check_claim`, Conflict
    where the books say something else by now.
    """
    found = queries.entity(session, account_id, insolvency_id)
    claim = claim_of(session, found)
    proving.check_claim(session, found, claimed, claim.total)
    if claim.total != shown:
        raise Conflict(proving.CHANGED)
    number = proving.next_number(session, found.id)
    language = spoken(accounts.account(session, account_id).language)
    content = renderer.render(TEMPLATE, _data(session, found, claim, claimed, number), language)
    return ProofPaper(content, number, tuple(claim.lines))


def _data(session: Session, found: Insolvency, claim: Claim, claimed: Claimed, number: int) -> Paper:
    account = accounts.account(session, found.account_id)
    ours = business(session)
    proceeding = Words.of(PROCEEDING_NAMES[found.kind])
    return {
        "made_at": now(session),
        "business": letterhead(ours),
        "customer": {"name": found.practitioner or "", "address": found.address or ""},
        "debtor": {"name": account.name, "address": account.address or "", "number": account.number},
        "proceeding": proceeding,
        "court": found.court,
        "case": found.number,
        "version": str(number),
        "filed_on": claimed.filed_on,
        "says": Words.of(
            N_("{creditor} claims {total} in this proceeding. It is what {debtor} owed at the beginning of {day}."),
            creditor=ours.name,
            total=claimed.total,
            debtor=account.name,
            day=found.started_on,
        ),
        "interest_says": Words.of(
            N_("Interest is claimed through {day}; none is claimed for later days."),
            day=found.started_on - timedelta(days=1),
        ),
        "differs": claimed.reason.strip() or None,
        "replaces": Words.of(N_("It takes the place of our earlier claim.")) if number > 1 else None,
        "principal": claimed.principal,
        "interest": claimed.interest,
        "costs": claimed.costs,
        "total": claimed.total,
        "computed": claim.total,
        "rows": [
            {
                "number": line.number,
                "issued_on": line.issued_on,
                "due_on": line.due_on,
                "principal": line.principal,
                "interest": line.interest,
                "costs": line.costs,
                "total": line.total,
            }
            for line in claim.lines
        ],
        "reference": account.number,
        "bank": ours.bank.printed_iban or " ".join(filter(None, (ours.bank.sort_code, ours.bank.account))) or None,
    }
