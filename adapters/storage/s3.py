"""S3: documents in a bucket of an S3-compatible server, each under the SHA-256 of its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast
from urllib.parse import parse_qs, urlsplit

import urllib3
from minio import Minio
from minio.error import S3Error

from adapters.storage.disk import DIGEST
from domain.documents.storage import Missing, Stored, Unavailable

IN_MEMORY: Final = 1024 * 1024
"""Bytes of a content that are held in memory while its digest is made; the rest lies in a file that passes."""
BLOCK: Final = 64 * 1024
SECONDS: Final = urllib3.Timeout(connect=5, read=60)
NOT_THERE: Final = frozenset({"NoSuchKey", "NoSuchObject", "NotFound"})


class S3Store:
    """A store in the bucket that an address names: `https://host[:port]/bucket[?region=…]`."""

    def __init__(self, address: str, *, key: str, secret: str) -> None:
        parts = urlsplit(address)
        self._bucket = parts.path.strip("/")
        self._client = Minio(
            parts.netloc,
            access_key=key,
            secret_key=secret,
            secure=parts.scheme == "https",
            region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
            http_client=urllib3.PoolManager(timeout=SECONDS, retries=urllib3.Retry(total=3, backoff_factor=0.2)),
        )

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """Keep the content; the server has it, and has checked its digest, when this returns."""
        digest, size = sha256(), 0
        with SpooledTemporaryFile(max_size=IN_MEMORY) as arriving:
            for piece in (content,) if isinstance(content, bytes) else content:
                digest.update(piece)
                size += len(piece)
                arriving.write(piece)
            arriving.seek(0)
            name = digest.hexdigest()
            with _reached():
                if not self._has(name):
                    self._client.put_object(self._bucket, _place(name), cast("BinaryIO", arriving), size)
        return Stored(name, size)

    def open(self, sha256: str) -> BinaryIO:
        """Read a content from its beginning; the caller closes it. Missing when it is not there."""
        place = _place(sha256)
        with _reached(sha256), self._response(place) as response:
            reading = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
            for piece in response.stream(BLOCK):
                reading.write(piece)
            reading.seek(0)
        return cast("BinaryIO", reading)

    def remove(self, sha256: str) -> None:
        """Let go of a content for good; nothing happens where it is not there."""
        with _reached():
            self._client.remove_object(self._bucket, _place(sha256))

    def _has(self, digest: str) -> bool:
        try:
            self._client.stat_object(self._bucket, _place(digest))
        except S3Error as problem:
            if problem.code in NOT_THERE:
                return False
            raise
        return True

    @contextmanager
    def _response(self, place: str) -> Iterator[urllib3.BaseHTTPResponse]:
        response = self._client.get_object(self._bucket, place)
        try:
            yield response
        finally:
            response.close()
            response.release_conn()


def _place(digest: str) -> str:
    """Where a content lies in the bucket: under two levels, as on disk, so that either can be copied to the other."""
    if not DIGEST.fullmatch(digest):
        raise ValueError("a content is named by the 64 lower-case digits of its SHA-256")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


@contextmanager
def _reached(digest: str = "") -> Iterator[None]:
    """Say in our own words what the server, or the way to it, says."""
    try:
        yield
    except S3Error as problem:
        if digest and problem.code in NOT_THERE:
            raise Missing(f"the store has no content {digest}") from problem
        raise Unavailable(f"the store of documents refused: {problem.code}") from problem
    except urllib3.exceptions.HTTPError as problem:
        raise Unavailable(f"the store of documents cannot be reached: {problem}") from problem
