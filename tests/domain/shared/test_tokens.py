"""Tokens: long, never the same, and kept as a hash that does not change."""

from domain.shared.tokens import new_token, token_hash


def test_a_token_has_256_bits_and_fits_a_cookie() -> None:
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert all(token.isascii() and not set(token) & set(' ",;\\=') for token in tokens)


def test_the_hash_is_sha_256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
