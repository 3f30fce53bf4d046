"""Assignment pages: all handlers about who looks after what, and about who is away."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from backoffice import absences, assignment_of_account, assignment_rules, assignments

PAGES: list[ControllerRouterHandler] = [
    assignments.show_assignments,
    assignments.list_kept_accounts,
    assignments.show_teams,
    assignments.change_team,
    assignment_rules.list_rules,
    assignment_rules.new_rule,
    assignment_rules.add_rule,
    assignment_rules.show_rule,
    assignment_rules.change_rule,
    assignment_of_account.keeper_form,
    assignment_of_account.change_keeper,
    absences.list_absences,
    absences.add_absence,
    absences.end_absence,
    absences.choose_digest,
]
"""What the site answers about them."""
