"""Account: who the customer is, who acts for them, and which terms they have accepted by which signature."""

from __future__ import annotations

from domain.accounts import queries as accounts
from domain.accounts.model import Account, Contact
from domain.evidence.layout import safe_part
from domain.evidence.sources import File, Record, Section, Sources, Table, json_file, made_file
from domain.policies import acceptances, proof
from domain.policies.asked import reference
from domain.policies.model import TermsAcceptance, TermsRequest
from domain.policies.ruling import Version
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_

FOLDER = "account"
ACCOUNT = (
    Account.number,
    Account.name,
    Account.legal_form,
    Account.currency,
    Account.language,
    Account.time_zone,
    Account.country,
    Account.email,
    Account.phone,
    Account.address,
    Account.terms_days,
    Account.created_at,
)
CONTACT = (Contact.name, Contact.job_title, Contact.email, Contact.phone, Contact.language, Contact.created_at)
ACCEPTANCE = (
    TermsAcceptance.version_id,
    TermsAcceptance.document_id,
    TermsAcceptance.name,
    TermsAcceptance.job_title,
    TermsAcceptance.login_id,
    TermsAcceptance.sha256,
    TermsAcceptance.address,
    TermsAcceptance.user_agent,
    TermsAcceptance.accepted_on,
    TermsAcceptance.accepted_at,
    TermsAcceptance.actor_kind,
    TermsAcceptance.actor_id,
)
REQUEST = (TermsRequest.version_id, TermsRequest.how, TermsRequest.asked_on, TermsRequest.asked_at)


def section(sources: Sources) -> Section:
    """The account with its people, each acceptance with its document, and what says who signed it."""
    session, account_id = sources.session, sources.account.id
    signed = sources.rows(*ACCEPTANCE, where=[TermsAcceptance.account_id == account_id], order=TermsAcceptance.id)
    asked = sources.rows(*REQUEST, where=[TermsRequest.account_id == account_id], order=TermsRequest.id)
    versions = acceptances.versions(session, {row.version_id for row in (*signed, *asked)})
    [account] = sources.rows(*ACCOUNT, where=[Account.id == account_id], order=Account.id)
    told = {
        "account": sources.record(account),
        "contacts": sources.records(sources.rows(*CONTACT, where=[Contact.account_id == account_id], order=Contact.id)),
        "logins": [
            {"name": row.name, "email": row.email, "may": sorted(row.rights)}
            for row in accounts.logins_on(session, account_id)
        ],
        "terms_accepted": [_with_version(sources, row, versions) for row in signed],
        "terms_asked_for": [_with_version(sources, row, versions) for row in asked],
    }
    files: list[File] = [json_file(f"{FOLDER}/account.json", told)]
    for row in signed:
        files += _papers(sources, row, versions[row.version_id])
    rows = [
        [reference(versions[row.version_id]), row.name, row.job_title, row.accepted_at, row.sha256[:16]]
        for row in signed
    ]
    head = (N_("Version"), N_("Accepted by"), N_("Job title"), N_("Time"), N_("SHA-256 of the document begins"))
    return Section(files, (Table(N_("Terms accepted"), head, 5, rows, wide=1),))


def _with_version(sources: Sources, row: AnyRow, versions: dict[int, Version]) -> Record:
    version = versions[row.version_id]
    record = sources.record(row)
    for internal in ("version_id", "document_id"):
        record.pop(internal, None)
    return {"version": reference(version), "valid_from": version.valid_from.isoformat(), **record}


def _papers(sources: Sources, row: AnyRow, version: Version) -> list[File]:
    folder = f"{FOLDER}/terms-{safe_part(reference(version))}"
    certificate = made_file(
        f"{folder}/{proof.filename(version)}",
        lambda: proof.proof(sources.session, sources.renderer, sources.account.id, version, sources.language),
    )
    return [*sources.document(folder, row.document_id), certificate]
