"""The document that describes the API says what the API does: tried by schemathesis with whatever it allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api.routes import described
from domain.api_keys.model import Scope
from domain.shared.db.session import Database
from tests.app.api.conftest import OURS, URL, Caller, KeyMaker
from tests.support.builders import an_account

EXAMPLES = 25
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OPERATIONS = ("credit", "put_unbilled", "remove_unbilled", "file_document")
OF_PARTNERS = ("placements", "placement", "placement_file", "bring_updates")


def test_the_document_speaks_of_these_routes_alone(stranger: Caller) -> None:
    document = stranger.get("/api/v1/openapi.json").json()

    assert {path: sorted(methods) for path, methods in document["paths"].items()} == {
        "/api/v1/accounts/{number}/credit": ["get"],
        "/api/v1/accounts/{number}/documents": ["post"],
        "/api/v1/accounts/{number}/unbilled/{reference}": ["delete", "put"],
        "/api/v1/placements": ["get"],
        "/api/v1/placements/updates": ["post"],
        "/api/v1/placements/{reference}": ["get"],
        "/api/v1/placements/{reference}/file": ["get"],
    }
    assert set(document["components"]["schemas"]) == {
        "Closing",
        "CreditAnswer",
        "DebtAnswer",
        "ExposureAnswer",
        "FileAnswer",
        "FileForm",
        "FileProblem",
        "FlawAnswer",
        "HoldAnswer",
        "HoldReason",
        "Order",
        "Outcome",
        "Paper",
        "PaperAnswer",
        "PlacementAnswer",
        "PlacementStatus",
        "PlacementWithDebts",
        "Placements",
        "Problem",
        "RecordAnswer",
    }


def without_key(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers less the key that schemathesis made up."""
    return {name: value for name, value in headers.items() if name.lower() != "authorization"}


@pytest.mark.slow
@pytest.mark.parametrize("operation", [*OPERATIONS, *OF_PARTNERS])
def test_whatever_the_document_allows_is_answered_as_it_says(
    site: Litestar, committed_db: Database, new_key: KeyMaker, operation: str
) -> None:
    with committed_db.transaction() as session:
        an_account(session, number="0")
    key = new_key([Scope.PLACEMENTS] if operation in OF_PARTNERS else OURS)
    schema = schemathesis.openapi.from_dict(json.loads(described()))
    wanted = schema.find_operation_by_id(operation)
    answered: set[int] = set()

    with TestClient(site, base_url=URL, raise_server_exceptions=False) as client:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=wanted.as_strategy())
        def tried(case: schemathesis.Case[Any]) -> None:
            sent = case.as_transport_kwargs(base_url=URL)
            headers = {**without_key(sent["headers"]), "authorization": f"Bearer {key}"}
            answer = client.request(sent["method"], sent["url"], headers=headers, json=sent.get("json"))
            answered.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        tried()

    assert answered <= {200, 400, 404, 422, 429}
