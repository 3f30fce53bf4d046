"""Static files: what the build made, under names that change with the content, kept in memory and served for ever."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from gzip import compress
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from litestar import asgi
from litestar.enums import ScopeType
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

BUILT: Final = Path(__file__).parent / "static-built"
"""Where `make assets` puts the files and their manifest."""

FOR_EVER: Final = b"public, max-age=31536000, immutable"

Headers = list[tuple[bytes, bytes]]


class AssetsMissing(RuntimeError):
    """The built files are not there: the message says how to make them."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it goes out: its bytes and headers, plain and compressed."""

    plain: tuple[Headers, bytes]
    gzipped: tuple[Headers, bytes]

    @classmethod
    def read(cls, path: Path) -> "StaticFile":
        """Read `path` and prepare both answers."""
        body = path.read_bytes()
        packed = compress(body, mtime=0)
        kind = (guess_type(path.name)[0] or "application/octet-stream").encode()
        common: Headers = [(b"content-type", kind), (b"cache-control", FOR_EVER), (b"vary", b"Accept-Encoding")]
        return cls(
            plain=([*common, _length(body)], body),
            gzipped=([*common, (b"content-encoding", b"gzip"), _length(packed)], packed),
        )


class Assets:
    """The built files by their served name, and the way from a source name to its address."""

    def __init__(self, addresses: dict[str, str], files: dict[str, StaticFile]) -> None:
        self._addresses = addresses
        self._files = files

    @classmethod
    def load(cls, folder: Path = BUILT) -> "Assets":
        """Read the manifest in `folder` and every file that it names; `AssetsMissing` when they were not built."""
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise AssetsMissing(f"{manifest.name} is not in {folder.name}/: run `make assets` first")
        names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
        files = {f"/{built}": StaticFile.read(folder / built) for built in names.values()}
        return cls({source: f"/static/{built}" for source, built in names.items()}, files)

    def url(self, source: str) -> str:
        """The address of a source file such as `css/quittance.css`; KeyError when there is none of that name."""
        return self._addresses[source]

    def handler(self) -> ASGIRouteHandler:
        """The route that serves the files; a name that was not built is 404, so no path leads out of the folder."""

        @asgi("/static", is_mount=True, opt={"machine": True}, copy_scope=False)
        async def static_files(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP or scope["method"] != "GET":
                raise MethodNotAllowedException
            file = self._files.get(scope["path"].rstrip("/").removeprefix("/static"))
            if file is None:
                raise NotFoundException
            headers, body = file.gzipped if _takes_gzip(scope["headers"]) else file.plain
            await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            await send({"type": "http.response.body", "body": body, "more_body": False})

        return static_files


@cache
def built() -> Assets:
    """What `make assets` built: read once, served by every site of the process."""
    return Assets.load()


def _takes_gzip(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in headers)


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()
