"""Composing: turns a mail template into subject, plain text and HTML, in the language that its environment speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

SUBJECT = "subject"
"""The block of a text template that says the subject."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What an email says."""

    subject: str
    text: str
    html: str


def compose(environment: Environment, name: str, context: Mapping[str, object]) -> Composed:
    """Render `mail/{name}.txt` and `mail/{name}.html`; the environment brings the language and its formats.

    The context brings `business` and what the template's first line names; a name that it lacks is an error. The plain
    text is not escaped and the HTML is.
    """
    plain = _unescaped(environment).get_template(f"mail/{name}.txt")
    subject = "".join(plain.blocks[SUBJECT](plain.new_context(dict(context))))
    html = environment.get_template(f"mail/{name}.html").render(context)
    return Composed(subject=" ".join(subject.split()), text=plain.render(context).strip() + "\n", html=html)


@cache
def _unescaped(environment: Environment) -> Environment:
    return environment.overlay(autoescape=False)
