"""Proving: our claim is mailed, with its paper, to whoever runs the insolvency of a customer."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.documents import queries as documents
from domain.insolvencies.details import SUBJECT
from domain.insolvencies.messages import SendProof
from domain.insolvencies.model import PROCEEDING_NAMES, Insolvency, ProofOfClaim
from domain.shared.actor import WORKER
from domain.shared.errors import N_
from domain.shared.mail import Attachment
from web.localisation import SOURCE, supported

TITLE = N_("Our claim in the insolvency of {name}")
WORDS = N_(
    "We claim {amount}: what {name} owed us at the beginning of {day}. Our claim is attached, with every invoice that "
    "it is made of. Please confirm that you have it, and tell us what you admit."
)
AGAIN = N_("It takes the place of the claim that we sent before.")


def send_proof(wired: Wired, message: SendProof) -> None:
    """Mail a claim as it was filed; written down on the account."""
    with wired.database.reading() as session:
        proof = session.get_one(ProofOfClaim, message.proof_id)
        found = session.get_one(Insolvency, proof.insolvency_id)
        account = accounts.account(session, found.account_id)
        assert proof.document_id is not None
        paper = documents.any_document(session, proof.document_id)
        values = {"name": account.name, "amount": proof.total, "day": found.started_on}
        language, kind, case, number = account.language, found.kind, found.number, proof.number
    with wired.store.open(paper.sha256) as stored:
        attached = Attachment(paper.filename, stored.read(), paper.media_type)
    speaking = wired.letters.speaking(supported(language) or SOURCE)
    words = [speaking.translate(WORDS, **values)] + ([speaking.translate(AGAIN)] if number > 1 else [])
    context = {
        "title": speaking.translate(TITLE, **values),
        "words": " ".join(words),
        "debtor": account.name,
        "proceeding": speaking.translate(PROCEEDING_NAMES[kind]),
        "case": case,
        "reference": account.number,
    }
    mark = f"claim.{proof.id}"
    send_letter(wired, "claim", context, to=message.to, language=language, mark=mark, attachments=(attached,))
    with wired.database.transaction() as session:
        record(
            session,
            "insolvency.proof_sent",
            actor=WORKER,
            subject=(SUBJECT, found.id),
            account_id=found.account_id,
            after={"number": number, "to": message.to},
        )
