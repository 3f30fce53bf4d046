"""Navigation: the places of the back office that somebody's role may see, by what people do, with what waits there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backoffice.access import Officer
from domain.reporting.to_do import ToDo, to_do
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff.model import Role
from domain.staff.permissions import Permission, may
from domain.worklist import belonging, queue
from web.places import Place, PlaceGroup, Who
from web.visit import AnyRequest, visit_of

Placed = tuple[Permission, Place]
OPEN = frozenset({"today", "customers"})
"""The groups that stand open on every page: most of a day is spent there. Of the others the one where somebody is."""
OWN = (
    Place("absences", N_("Absences"), "pause", "/absences"),
    Place("profile", N_("Your profile"), "pencil", "/profile"),
)
"""What everybody has for themselves; it stands at the foot."""
PRACTICE = Place("practice", N_("Practice"), "phone", "/practice")
"""Where staff train on customers who do not exist."""


def navigation(database: Database, *, has_practice: bool = False) -> Callable[[AnyRequest], Mapping[str, object]]:
    """Gives the places that somebody's role may see, with what waits there; practice only where there is any."""

    def around(request: AnyRequest) -> Mapping[str, object]:
        officer = visit_of(request).visitor
        if not isinstance(officer, Officer):
            return {"nav": ()}
        with database.reading() as session:
            waits = replace(to_do(session), **_of_their_own(session, officer))
        own = (PRACTICE, *OWN) if has_practice and may(officer.role, Permission.PRACTISE) else OWN
        return {"nav": groups_of(officer.role, waits), "nav_own": own, "who": Who(officer.name, officer.role_name)}

    return around


def _of_their_own(session: Session, officer: Officer) -> Mapping[str, int]:
    """How much waits for somebody: in the list of the worklist that they see first, and to be approved by them."""
    mine = officer.staff_id
    return {"tasks": queue.first_shown(session, mine), "approvals": belonging.how_many_to_approve(session, mine)}


def groups_of(role: Role, waits: ToDo) -> tuple[PlaceGroup, ...]:
    """The groups in which this role may see anything."""
    named = (
        ("today", N_("Today"), _today(waits)),
        ("customers", N_("Customers"), CUSTOMERS),
        ("money", N_("Money in"), _money(waits)),
        ("disputes", N_("Disputes, documents"), DISPUTES),
        ("agreed", N_("Plans, settlements"), _agreed(waits)),
        ("escalation", N_("Escalation"), ESCALATION),
        ("figures", N_("Reports"), FIGURES),
        ("set_up", N_("Set-up"), SET_UP),
    )
    seen = ((id, words, _seen(role, placed)) for id, words, placed in named)
    return tuple(PlaceGroup(id, words, places, id in OPEN) for id, words, places in seen if places)


def _seen(role: Role, placed: Sequence[Placed]) -> tuple[Place, ...]:
    return tuple(place for permission, place in placed if may(role, permission))


def _today(waits: ToDo) -> Sequence[Placed]:
    return (
        (Permission.SEE_TASKS, Place("worklist", N_("Worklist"), "work", "/worklist", waits.tasks)),
        (Permission.SEE_NOTICES, Place("notices", N_("Notices"), "mail", "/notices", waits.notices)),
        (Permission.SEE_NOTICES, Place("letters", N_("Letters"), "statement", "/letters", waits.letters)),
        (Permission.SEE_MESSAGES, Place("messages", N_("Messages"), "mail", "/messages", waits.messages)),
        (Permission.SEE_ACCOUNTS, Place("approvals", N_("Approvals"), "people", "/approvals", waits.approvals)),
        (Permission.SEE_TASKS, Place("tasks", N_("Tasks done"), "done", "/tasks")),
    )


CUSTOMERS: Sequence[Placed] = (
    (Permission.SEE_ACCOUNTS, Place("accounts", N_("Accounts"), "people", "/accounts")),
    (Permission.SEE_ACCOUNTS, Place("applications", N_("Credit applications"), "pencil", "/credit-applications")),
    (Permission.SEE_ACCOUNTS, Place("holds", N_("Credit holds"), "pause", "/credit-holds")),
    (Permission.SEE_ACCOUNTS, Place("assignments", N_("Who looks after what"), "people", "/assignments")),
)


def _money(waits: ToDo) -> Sequence[Placed]:
    return (
        (Permission.SEE_PAYMENTS, Place("payments", N_("Payments"), "card", "/payments")),
        (Permission.SEE_BANK, Place("bank", N_("Bank"), "statement", "/bank")),
        (Permission.SEE_PAYMENTS, Place("receipts", N_("Receipts to bank"), "statement", "/receipts")),
        (Permission.SEE_PAYMENTS, Place("collections", N_("Automatic payments"), "clock", "/collections")),
        (Permission.SEE_PAYMENTS, Place("refunds", N_("Refunds"), "back", "/refunds")),
        (Permission.SEE_CLEARING, Place("clearing", N_("Does it all add up?"), "check", "/clearing")),
        (Permission.SEE_INBOX, Place("inbox", N_("Stripe inbox"), "bell", "/inbox", waits.failed_events)),
    )


DISPUTES: Sequence[Placed] = (
    (Permission.SEE_DISPUTES, Place("disputes", N_("Disputes"), "dispute", "/disputes")),
    (Permission.SEE_CHARGEBACKS, Place("chargebacks", N_("Chargebacks"), "dispute", "/chargebacks")),
    (Permission.SEE_DOCUMENTS, Place("documents", N_("Documents"), "clip", "/documents")),
    (Permission.SEE_DOCUMENTS, Place("evidence", N_("Evidence packs"), "clip", "/evidence")),
)


def _agreed(waits: ToDo) -> Sequence[Placed]:
    return (
        (Permission.SEE_ACCOUNTS, Place("promises", N_("Promises"), "clock", "/promises")),
        (Permission.SEE_PLANS, Place("plans", N_("Payment plans"), "plan", "/plans", waits.plans)),
        (Permission.SEE_PLANS, Place("settlements", N_("Settlements"), "invoice", "/settlements")),
    )


ESCALATION: Sequence[Placed] = (
    (Permission.SEE_PLACEMENTS, Place("handoffs", N_("Handoffs"), "handoff", "/handoffs")),
    (Permission.SEE_PLACEMENTS, Place("partners", N_("Partners"), "people", "/partners")),
    (Permission.SEE_PLACEMENTS, Place("cases", N_("Legal cases"), "policy", "/cases")),
    (Permission.SEE_PLACEMENTS, Place("limitations", N_("Time limits"), "clock", "/limitations")),
    (Permission.SEE_ACCOUNTS, Place("insolvencies", N_("Insolvencies"), "pause", "/insolvencies")),
    (Permission.SEE_ACCOUNTS, Place("write_offs", N_("Write-offs"), "invoice", "/write-offs")),
)
FIGURES: Sequence[Placed] = (
    (Permission.SEE_FIGURES, Place("reports", N_("Reports"), "chart", "/reports")),
    (Permission.SEE_FIGURES, Place("behaviour", N_("Paying later than usual"), "late", "/reports/behaviour")),
    (Permission.SEE_FIGURES, Place("fair_treatment", N_("Fair treatment"), "chart", "/reports/fair-treatment")),
    (Permission.SEE_AUDIT, Place("audit", N_("Audit trail"), "lock", "/audit")),
)
SET_UP: Sequence[Placed] = (
    (Permission.SEE_POLICIES, Place("policies", N_("Credit policies"), "policy", "/policies")),
    (Permission.SEE_NOTICES, Place("texts", N_("What notices say"), "pencil", "/texts")),
    (Permission.SEE_POLICIES, Place("rates", N_("Reference rates"), "statement", "/rates")),
    (Permission.SEE_IMPORTS, Place("imports", N_("Imports"), "download", "/imports")),
    (Permission.SEE_STAFF, Place("staff", N_("Staff"), "lock", "/staff")),
    (Permission.MANAGE_API_KEYS, Place("api_keys", N_("API keys"), "lock", "/api-keys")),
    (Permission.SEE_SETTINGS, Place("settings", N_("Settings"), "pencil", "/settings")),
    (Permission.SEE_SETTINGS, Place("installation", N_("Installation"), "check", "/installation")),
)
