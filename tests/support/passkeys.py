"""Passkeys: a device without a screen that makes and proves them, for tests on both sides of the answer."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def a_passkey(staff_id: int) -> dict[str, Any]:
    """The row of a passkey that nobody can prove."""
    return {
        "staff_id": staff_id,
        "credential_id": secrets.token_bytes(16),
        "public_key": b"none",
        "sign_count": 0,
        "name": "Laptop",
        "created_at": datetime(2026, 3, 16, tzinfo=UTC),
    }


class Device:
    """One security key: a key pair for one site, a counter, and whether it looks at a finger (`verifies`)."""

    def __init__(self, origin: str, *, verifies: bool = True) -> None:
        self.origin = origin
        self.verifies = verifies
        self.counter = 0
        self.id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: str) -> str:
        """The answer to `navigator.credentials.create` with these options."""
        asked = json.loads(options)
        said = self._client_data("webauthn.create", asked["challenge"])
        data = self._authenticator_data(asked["rp"]["id"], attested=True)
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(clientDataJSON=said, attestationObject=attestation)

    def prove(self, options: str) -> str:
        """The answer to `navigator.credentials.get` with these options."""
        asked = json.loads(options)
        self.counter += 1
        said = self._client_data("webauthn.get", asked["challenge"])
        data = self._authenticator_data(asked["rpId"], attested=False)
        signed = self._key.sign(data + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=said, authenticatorData=data, signature=signed)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _authenticator_data(self, site: str, *, attested: bool) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | (ATTESTED if attested else 0)
        head = sha256(site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")
        if not attested:
            return head
        point = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        return head + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + bytes(encode_cbor(cose))

    def _answer(self, **parts: bytes) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
