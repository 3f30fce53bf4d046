"""Both stores, the folder and the bucket on a real server, keep the one promise of the port."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from adapters.storage.disk import DiskStore
from adapters.storage.s3 import S3Store
from domain.documents.storage import Missing, Store, Unavailable

KEY, SECRET, REGION = "access-key", "secret-key", "eu-west-1"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of an S3 server with a bucket for us."""
    serving = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    serving.start()
    host, port = serving.get_host_and_port()
    address = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name=REGION
    )
    client.create_bucket(Bucket="documents", CreateBucketConfiguration={"LocationConstraint": REGION})
    client.close()
    yield address
    serving.stop()


@pytest.fixture(params=["disk", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind."""
    if request.param == "disk":
        return DiskStore(tmp_path / "documents")
    address = request.getfixturevalue("server")
    return S3Store(f"{address}/documents?region={REGION}", key=KEY, secret=SECRET)


@pytest.mark.parametrize("content", [b"", b"a statement", bytes(3_000_000)])
def test_a_content_is_found_by_its_digest(store: Store, content: bytes) -> None:
    stored = store.put(content)

    assert (stored.sha256, stored.size) == (sha256(content).hexdigest(), len(content))
    with store.open(stored.sha256) as kept:
        assert kept.read() == content


def test_pieces_and_the_whole_are_the_same_content(store: Store) -> None:
    assert store.put(iter([b"a ", b"statement"])) == store.put(b"a statement")


def test_a_content_that_breaks_off_is_not_kept(store: Store) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield b"half of it"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.put(breaking_off())

    with pytest.raises(Missing):
        store.open(sha256(b"half of it").hexdigest())


def test_what_was_removed_is_missing_and_may_be_removed_again(store: Store) -> None:
    digest = store.put(b"to be erased").sha256

    store.remove(digest)
    store.remove(digest)

    with pytest.raises(Missing):
        store.open(digest)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "A" * 64, "0" * 64 + "\n"])
def test_only_a_digest_is_a_name(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.open(name)
    with pytest.raises(ValueError, match="SHA-256"):
        store.remove(name)


def test_a_bucket_that_is_not_there_or_a_server_that_is_gone_is_unavailable(server: str) -> None:
    no_bucket = S3Store(f"{server}/elsewhere?region={REGION}", key=KEY, secret=SECRET)
    nobody = S3Store(f"http://127.0.0.1:9/documents?region={REGION}", key=KEY, secret=SECRET)

    for store in (no_bucket, nobody):
        with pytest.raises(Unavailable):
            store.put(b"anything")
