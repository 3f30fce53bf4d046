"""Notices: each as it was sent, with what became of it, and the calls; for staff, what was held back and why, too."""

from __future__ import annotations

from functools import partial

from sqlalchemy import ColumnElement, select

from domain.evidence.model import Audience
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file, made_file
from domain.notices.model import (
    HELD_BACK_NAMES,
    STATUS_NAMES,
    Call,
    Notice,
    NoticeChange,
    NoticeContent,
    NoticePart,
    NoticeStatus,
)
from domain.notices.reach.model import AddressNews
from domain.policies.contacting import WORDING_NAMES
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_
from domain.shared.words import Words

FOLDER = "notices"
NOTICE = (
    Notice.id,
    Notice.wording,
    Notice.channel,
    Notice.recipient,
    Notice.name,
    Notice.address,
    Notice.language,
    Notice.status,
    Notice.why,
    Notice.act_by,
    Notice.sender,
    Notice.currency,
    Notice.total_minor,
    Notice.mark,
    Notice.decided_on,
    Notice.decided_at,
    Notice.sent_at,
    Notice.ended_at,
)
PART = (
    NoticePart.notice_id,
    NoticePart.invoice_id,
    NoticePart.due_on,
    NoticePart.asked_minor,
    NoticePart.left_out_minor,
    NoticePart.why,
)
CHANGE = (
    NoticeChange.notice_id,
    NoticeChange.before,
    NoticeChange.after,
    NoticeChange.at,
    NoticeChange.actor_kind,
    NoticeChange.actor_id,
    NoticeChange.detail,
)
NEWS = (
    AddressNews.notice_id,
    AddressNews.kind,
    AddressNews.address,
    AddressNews.how,
    AddressNews.detail,
    AddressNews.at,
)
CONTENT = (
    NoticeContent.notice_id,
    NoticeContent.subject,
    NoticeContent.body,
    NoticeContent.document_id,
    NoticeContent.sha256,
    NoticeContent.made_at,
)
CALL = (
    Call.number,
    Call.outcome,
    Call.words,
    Call.called_at,
    Call.recorded_at,
)
LEFT_US = frozenset({NoticeStatus.SENT, NoticeStatus.DELIVERED, NoticeStatus.FAILED})
"""The states of what a customer was, or was to be, sent."""


def section(sources: Sources) -> Section:
    """What was decided about each notice, its text, and what is known of its delivery."""
    where = _wanted(sources)
    ids = select(Notice.id).where(*where)
    rows = sources.rows(*NOTICE, where=where, order=Notice.id)
    parts = {
        "about": by_owner(sources, PART, ids),
        "changes": by_owner(sources, CHANGE, ids),
        "delivery": by_owner(sources, NEWS, ids, ours=("detail",)),
    }
    files: list[File] = []
    if rows:
        files.append(json_file(f"{FOLDER}/notices.json", put_together(sources, rows, parts)))
    contents = sources.rows(*CONTENT, where=[NoticeContent.notice_id.in_(ids)], order=NoticeContent.notice_id)
    days = {row.id: row.decided_on for row in rows}
    for number, content in enumerate(contents, 1):
        name = f"{FOLDER}/{number:04d}-{days[content.notice_id]}"
        files.append(made_file(f"{name}.txt", partial(_text, content)))
        if content.document_id is not None and sources.for_staff:
            files += sources.document(name, content.document_id)
    calls = sources.rows(*CALL, where=[Call.account_id == sources.account.id], order=Call.id)
    if calls and sources.audience is not Audience.PARTNER:
        files.append(json_file(f"{FOLDER}/calls.json", sources.records(calls, ours=("words",))))
    return Section(files, (_table(rows[-MOST_ROWS:]),) if rows else ())


def _wanted(sources: Sources) -> list[ColumnElement[bool]]:
    """All notices, or those about the pack's invoices; for a customer only those that were sent."""
    where: list[ColumnElement[bool]] = [Notice.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        where.append(Notice.id.in_(select(NoticePart.notice_id).where(*sources.about(NoticePart.invoice_id))))
    if not sources.for_staff:
        where.append(Notice.status.in_(LEFT_US))
    return where


def _text(row: AnyRow) -> bytes:
    """A notice as its reader had it, without the secret of its link."""
    return f"{row.subject}\n\n{row.body}\n".encode()


def _table(rows: AnyRows) -> Table:
    head = (N_("Date"), N_("Notice"), N_("To"), N_("What became of it"))
    return Table(
        N_("Notices"),
        head,
        4,
        [
            [
                row.decided_on,
                Words.of(WORDING_NAMES[row.wording]),
                row.address if row.status in LEFT_US else None,
                Words.of(HELD_BACK_NAMES[row.why] if row.why else STATUS_NAMES[row.status]),
            ]
            for row in rows
        ],
        wide=2,
    )
