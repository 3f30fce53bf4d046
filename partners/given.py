"""Given: what the partners' handlers ask for by name out of the address."""

from litestar.params import FromPath

PlacementId = FromPath[int]
"""The placement in the path: enter it before anything else is read."""
