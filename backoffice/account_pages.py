"""Account pages: the handlers of what is done on the account's own page: its data, notes, tags, calls, relations."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import account_calls, account_editing, account_timeline, notes, relations, tags

PAGES: Sequence[ControllerRouterHandler] = (
    account_editing.details_form,
    account_editing.change_details,
    account_timeline.show_timeline,
    account_calls.log_form,
    account_calls.log_call,
    notes.show_notes,
    notes.write_note,
    notes.change_note,
    notes.show_note,
    notes.open_mention,
    notes.read_note,
    tags.tags_form,
    tags.change_tags,
    relations.new_guarantor,
    relations.add_guarantor,
    relations.show_guarantor,
    relations.release_guarantor,
    relations.new_related,
    relations.add_related,
    relations.end_related,
)
"""Every handler of these pages."""
