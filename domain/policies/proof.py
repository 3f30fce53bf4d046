"""Proof: the paper that says who accepted which terms for which account, when, and by which document."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.letterhead import letterhead
from domain.documents.rendering import Renderer
from domain.policies.accepting import acceptance
from domain.policies.asked import reference
from domain.policies.ruling import Version
from domain.shared.db.session import business
from domain.shared.errors import N_, NotFound
from domain.shared.words import Words


def proof(session: Session, renderer: Renderer, account_id: int, version: Version, language: str) -> bytes:
    """The paper, in a language; NotFound where the account has not accepted the version."""
    accepted = acceptance(session, account_id, version.id)
    if accepted is None:
        raise NotFound(N_("We could not find these terms."))
    account = accounts.account(session, account_id)
    facts = (
        (N_("For"), f"{account.number} {account.name}"),
        (
            N_("Terms"),
            Words.of(N_("Version {number}, valid from {day}"), number=reference(version), day=version.valid_from),
        ),
        (N_("Accepted by"), accepted.name),
        (N_("Job title"), accepted.job_title),
        (N_("Time"), accepted.accepted_at if accepted.address else accepted.accepted_on),
        (N_("Network address"), accepted.address),
        (N_("Fingerprint of the document (SHA-256)"), accepted.sha256),
    )
    paper = {
        "made_at": accepted.accepted_at,
        "business": letterhead(business(session)),
        "customer": {"name": account.name, "address": account.address or ""},
        "title": Words.of(N_("Acceptance of the credit terms")),
        "number": reference(version),
        "facts": [{"name": Words.of(name), "value": value} for name, value in facts if value],
    }
    return renderer.render("acceptance", paper, language)


def filename(version: Version) -> str:
    """What a download of it is called."""
    return f"acceptance-{reference(version)}.pdf"
