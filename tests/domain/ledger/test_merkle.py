"""Merkle: the root commits to each leaf and to their order, and is the one of RFC 6962."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.merkle import leaf_hash, merkle_root


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word: split at the largest power of two smaller than the number of leaves."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + by_the_book(leaves[:split]) + by_the_book(leaves[split:])).digest()


hashes = st.binary(min_size=32, max_size=32)


@given(st.lists(hashes, min_size=1, max_size=40))
def test_the_root_is_the_one_of_the_standard(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == by_the_book(leaves)


@given(st.lists(hashes, min_size=1, max_size=20), hashes)
def test_a_leaf_more_makes_another_root(leaves: list[bytes], more: bytes) -> None:
    assert merkle_root([*leaves, more]) != merkle_root(leaves)


@given(st.lists(hashes, min_size=2, max_size=20, unique=True))
def test_another_order_makes_another_root(leaves: list[bytes]) -> None:
    assert merkle_root(leaves[::-1]) != merkle_root(leaves)


def test_there_is_no_root_over_nothing() -> None:
    with pytest.raises(ValueError, match="no root over nothing"):
        merkle_root([])


def test_a_leaf_says_stream_seq_and_hash() -> None:
    assert leaf_hash("account:1", 2, b"\xab") == sha256(b'\0["account:1",2,"ab"]').digest()
