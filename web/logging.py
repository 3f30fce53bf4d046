"""Logging: one JSON object a line (readable words in a terminal), with the request's id and without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from functools import cache
from typing import Any, Final

import msgspec
import structlog

SECRET_WORDS: Final = ("password", "secret", "token", "authorization", "cookie", "api_key", "code")


def configure_logging(*, level: int = logging.INFO, json: bool | None = None) -> None:
    """Set up logging for this process; `json` None asks the standard error stream whether it is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    processors: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_secrets,
    ]
    if as_json:
        processors += [structlog.processors.format_exc_info, _to_json]
        factory: Any = structlog.BytesLoggerFactory(sys.stderr.buffer)
    else:
        processors.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
        factory = structlog.PrintLoggerFactory(sys.stderr)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name says that it is a secret."""
    for name in event:
        if _is_secret(name):
            event[name] = "[left out]"
    return event


@cache
def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def _to_json(_: Any, __: str, event: MutableMapping[str, Any]) -> bytes:
    return msgspec.json.encode(event, enc_hook=str)
