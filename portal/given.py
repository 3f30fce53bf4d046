"""Given: what the portal's handlers ask for by name: parts of the address, and what the application provides."""

from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.payments.processor import Processor

AccountId = FromPath[int]
"""The account in the path: enter it before anything else is read."""
PublicId = FromPath[str]
GivenProcessor = NamedDependency[Processor]
