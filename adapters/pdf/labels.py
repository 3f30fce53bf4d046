"""Labels: the fixed words of the letters, by the names under which the templates ask for them."""

from domain.shared.errors import N_

LABELS = {
    # every letter
    "account": N_("Account"),
    "date": N_("Date"),
    "number": N_("Number"),
    "registration": N_("Registration"),
    "page": N_("Page {page} of {pages}"),
    "questions": N_("Questions? Write to {email}."),
    "questions_or_call": N_("Questions? Write to {email} or call {phone}."),
    # statement
    "statement": N_("Statement"),
    "period": N_("Period"),
    "you_owe": N_("You owe"),
    "nothing_owed": N_("Nothing is owed"),
    "in_credit": N_("You are in credit by"),
    "of_which_late": N_("of which {amount} is late"),
    "opening": N_("Brought forward"),
    "closing": N_("Balance on {day}"),
    "what": N_("What"),
    "charged": N_("Charged"),
    "credited": N_("Paid or credited"),
    "balance": N_("Balance"),
    "age": N_("Age"),
    "how_late": N_("How late it is"),
    "credit": N_("Credit not yet used"),
    "amount": N_("Amount"),
    "invoices": N_("Invoices"),
    "total": N_("Total"),
    "adjustments": N_("Adjustments to earlier periods"),
    "adjustments_why": N_("Recorded after statement {number} was issued, and part of what is brought forward here."),
    "movements": N_("Movements"),
    "no_movements": N_("Nothing was charged, paid or credited in this period."),
    # invoice
    "invoice": N_("Invoice"),
    "debit_note": N_("Debit note"),
    "issued_on": N_("Issued"),
    "due_on": N_("Due"),
    "purchase_order": N_("Purchase order"),
    "description": N_("Description"),
    "quantity": N_("Quantity"),
    "net": N_("Net"),
    "tax": N_("Tax"),
    "void": N_("This invoice was withdrawn. Nothing is owed on it."),
    "pay_by": N_("To pay by {day}"),
    # credit note
    "credit_note": N_("Credit note"),
    "for_invoice": N_("For invoice"),
    "reason": N_("Reason"),
    "credited_amount": N_("Credited"),
    # receipt
    "receipt": N_("Receipt"),
    "received": N_("Received with thanks"),
    "received_on": N_("Received"),
    "means": N_("Paid with"),
    "reference": N_("Reference"),
    "settles": N_("What it settles"),
    "kept_as_credit": N_("Kept as credit on your account"),
    "reversed": N_("This payment was reversed later."),
}
"""Label name to message id."""
