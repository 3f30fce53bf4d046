"""Downloads: files leave as attachments under a safe name, and can do nothing if a browser opens them all the same."""

import unicodedata
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from domain.shared.filenames import safe_name

SANDBOX: Final = "default-src 'none'; sandbox"


def download(content: bytes | Iterable[bytes], filename: str, media_type: str) -> Response[Any]:
    """A file to keep: whole (bytes), or piece by piece (an iterable, which may touch no closed session).

    The character set of a text is said by the response itself.
    """
    if media_type.startswith("text/"):
        media_type = media_type.partition(";")[0]
    headers = {"content-disposition": content_disposition(filename), "content-security-policy": SANDBOX}
    if isinstance(content, bytes):
        return Response(content, media_type=media_type, headers=headers)
    return Stream(_closing(content), media_type=media_type, headers=headers)


def picture(content: Iterable[bytes], media_type: str) -> Response[Any]:
    """A picture that we made ourselves, to be shown as it is: nothing in it can do anything."""
    headers = {"content-disposition": "inline", "content-security-policy": SANDBOX}
    return Stream(_closing(content), media_type=media_type, headers=headers)


def _closing(content: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Its pieces; a file is closed behind the last of them, or when nobody wants any more."""
    with content if isinstance(content, AbstractContextManager) else nullcontext():
        yield from content


def content_disposition(filename: str) -> str:
    """`attachment` with the name in plain ASCII and, where it has more, in UTF-8 as well (RFC 6266, RFC 8187)."""
    name = safe_name(filename)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or "file"
    extended = f"; filename*=UTF-8''{quote(name, safe='')}" if plain != name else ""
    return f'attachment; filename="{plain}"{extended}'
