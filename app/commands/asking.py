"""Asking: how a command speaks with the processor: with a key, no log among its words, its end told in a sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.settings import Settings
from domain.payments.processor import ProcessorUnreachable
from web.logging import configure_logging


@contextmanager
def asking(settings: Settings) -> Iterator[None]:
    """Whatever asks the processor goes inside; where it does not answer, the command ends with what to do."""
    settings.check_for_asking()
    configure_logging(level=logging.ERROR)
    try:
        yield
    except ProcessorUnreachable as problem:
        if settings.stripe_api_url:
            words = f"No simulator answers at {settings.stripe_api_url}: it runs while `quittance demo` does."
        else:
            words = f"{problem}. Try again later."
        raise click.ClickException(words) from problem
