"""Merkle: one hash for many leaves, so that a seal commits to all of them in their order (RFC 6962 §2.1)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from domain.shared.hashing import canonical


def leaf_hash(stream: str, seq: int, head: bytes) -> bytes:
    """What a leaf commits to: SHA-256(0x00 ‖ the JSON array of stream, seq and the head's hash in hexadecimal)."""
    return sha256(b"\0" + canonical([stream, seq, head.hex()]).encode()).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order; each node is SHA-256(0x01 ‖ left ‖ right), an odd one rises as it is.

    Keeps only one node a level, so that any number of leaves can be streamed through it.
    """
    waiting: list[tuple[int, bytes]] = []
    for leaf in leaves:
        level, node = 0, leaf
        while waiting and waiting[-1][0] == level:
            node = _join(waiting.pop()[1], node)
            level += 1
        waiting.append((level, node))
    if not waiting:
        raise ValueError("there is no root over nothing")
    node = waiting.pop()[1]
    while waiting:
        node = _join(waiting.pop()[1], node)
    return node


def _join(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()
