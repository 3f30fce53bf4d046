"""Proving: an evidence pack of the customer with the longest story, as somebody's adviser might ask for it."""

from __future__ import annotations

from app.demo.story import Story
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience

PROVEN = "A-1047"


def plan_proving(story: Story) -> None:
    """Write into the story's diary that Ade has a pack made on the last day, once all the rest has happened."""
    story.put(story.last_day, 17.4, lambda: _prove(story))


def _prove(story: Story) -> None:
    account_id = story.known(PROVEN).account_id
    with story.acts.database.transaction() as session:
        ask_for(
            session,
            account_id,
            About.ACCOUNT,
            account_id,
            audience=Audience.STAFF,
            language="en",
            actor=story.acts.staff["Ade"],
        )
    story.acts.stage.make_packs()
