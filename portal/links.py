"""Links: where in the portal the paper behind a movement is."""

from domain.statements.wording import Subject, SubjectKind
from portal.access import Entered


def paper_href(account: Entered, subject: Subject | None) -> str | None:
    """The page of an invoice or of a payment; None for what has no page."""
    if subject is None:
        return None
    if subject.kind is SubjectKind.INVOICE:
        return f"{account.path}/invoices/{subject.key}"
    if subject.kind is SubjectKind.PAYMENT:
        return f"{account.path}/payments/{subject.key}"
    return None
