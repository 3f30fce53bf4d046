"""Legal pages: every handler about legal cases, and about how long debts can be enforced, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import case, cases, limitations

PAGES: Sequence[ControllerRouterHandler] = (
    cases.list_cases,
    cases.account_cases,
    cases.open_legal_case,
    case.show_case,
    case.move_case,
    case.plan_case_step,
    case.finish_case_step,
    case.pay_case_cost,
    limitations.list_limitations,
    limitations.account_limitations,
    limitations.set_limitation_law,
    limitations.note_limitation_event,
)
