"""Given: what the back office's handlers ask for by name: parts of the address, and what the application provides."""

from collections.abc import Callable, Mapping

from litestar.di import NamedDependency
from litestar.params import FromPath

AccountId = FromPath[int]
InvoiceId = FromPath[int]
PublicId = FromPath[str]
GivenNudge = NamedDependency[Callable[[], None]]
"""Wakes the worker."""
GivenWebhookCounts = NamedDependency[Callable[[], Mapping[str, int]]]
"""How many webhooks came to this process, and how many were turned away, by reason."""
