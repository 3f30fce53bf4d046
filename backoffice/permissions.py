"""Permissions: the one table of which role may what, and how far each may go alone by the policies in force."""

from __future__ import annotations

from litestar import Response, get

from backoffice.access import admit, officer_of
from backoffice.policies import authority_context
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permission_words import PERMISSION_WORDS
from domain.staff.permissions import NEEDS_STEP_UP, Permission, may
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest


@get("/permissions", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_permissions(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Roles by permissions in words, then roles by authority in amounts."""
    groups = [
        (
            group,
            [
                (words, permission in NEEDS_STEP_UP, [may(role, permission) for role in Role])
                for permission, words in those.items()
            ],
        )
        for group, those in PERMISSION_WORDS.items()
    ]
    context = {
        **authority_context(database),
        "groups": groups,
        "columns": [ROLE_NAMES[role] for role in Role],
        "mine": list(Role).index(officer_of(request).role),
    }
    return page(request, "backoffice/staff/permissions.html", context)
