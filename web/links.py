"""Links: addresses with what is asked for in their query."""

from urllib.parse import urlencode


def with_query(path: str, **wanted: object) -> str:
    """The path with those values that are given (neither None nor empty), safely written."""
    query = urlencode({name: value for name, value in wanted.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path
