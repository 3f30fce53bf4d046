"""Letterhead: who sends a paper, as every paper of the house says it."""

from __future__ import annotations

from dataclasses import asdict

from domain.documents.rendering import Paper
from domain.shared.business import Business


def letterhead(ours: Business) -> Paper:
    """The business as it stands on a paper; whoever renders it finds the logo's picture by what is said of it."""
    return {
        "name": ours.name,
        "address": ours.address,
        "email": ours.email,
        "phone": ours.phone,
        "registration": ours.registration,
        "logo": None if ours.logo is None else asdict(ours.logo),
    }
