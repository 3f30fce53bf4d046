"""Messages that automatic payment leaves in the outbox; their handlers live in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class AnnounceCollections(Message, frozen=True):
    """Tell the payer what is going to be taken and when; nothing is taken before they were told."""

    kind: ClassVar[str] = "announce_collections"
    collection_ids: list[int]


class TellCollection(Message, frozen=True):
    """Tell the payer that the bank asks them something ("asks"), or that a try failed and comes again ("failed")."""

    kind: ClassVar[str] = "tell_collection"
    collection_id: int
    news: str
    attempt: int


class TellAutopay(Message, frozen=True):
    """Tell the payer that automatic payment is on ("on"), or is no longer ("off")."""

    kind: ClassVar[str] = "tell_autopay"
    autopay_id: int
    news: str
