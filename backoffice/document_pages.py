"""Document pages: every handler about documents, their retention and packages of them, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import document_packages, documents, retention

PAGES: Sequence[ControllerRouterHandler] = (
    documents.list_documents,
    documents.account_documents,
    documents.file_documents,
    documents.document,
    documents.document_picture,
    documents.document_details,
    documents.supersede_document,
    document_packages.package_form,
    document_packages.send_package,
    retention.retention_page,
    retention.set_retention,
    retention.erase_form,
    retention.erase_document,
    retention.place_hold,
    retention.lift_legal_hold,
)
