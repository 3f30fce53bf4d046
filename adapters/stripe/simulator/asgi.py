"""The simulator over HTTP: the API, the pages for people, the stylesheet and the controls, for this machine only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Litestar, Router, asgi
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.static_files import create_static_files_router
from litestar.types import Receive, Scope, Send

from adapters.stripe.simulator import control, multipart, pages
from adapters.stripe.simulator.api import ApiRequest, Reply
from adapters.stripe.simulator.simulator import Simulator

HERE = Path(__file__).parent
THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_LARGEST_BODY = 6_000_000


def application(simulator: Simulator) -> Litestar:
    """The application; webhooks are delivered in the background while a server runs it."""

    @asynccontextmanager
    async def delivering(_: Litestar) -> AsyncIterator[None]:
        simulator.webhooks.start()
        yield
        simulator.faults.release()
        await asyncio.to_thread(simulator.webhooks.stop)

    @asgi("/v1", is_mount=True, copy_scope=True)
    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        request = await _read(scope, receive)
        reply = await asyncio.to_thread(simulator.handle, request)
        if reply.cut:
            await _cut(receive)
        else:
            await _send(reply, send)

    return Litestar(
        route_handlers=[
            api,
            Router("/", route_handlers=pages.HANDLERS),
            control.Controls,
            create_static_files_router(
                "/static", directories=[HERE / "static"], name="static", include_in_schema=False
            ),
        ],
        dependencies={
            "world": Provide(lambda: simulator.world, sync_to_thread=False),
            "simulator": Provide(lambda: simulator, sync_to_thread=False),
        },
        guards=[only_this_machine],
        lifespan=[delivering],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=_LARGEST_BODY,
    )


async def only_this_machine(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse whoever comes from elsewhere, or by a name that is not this machine's.

    Async, because Litestar runs a sync guard in the thread pool that all applications of a process share: with every
    thread of the portal waiting for an answer of ours, nobody would be let in to give it.
    """
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    if connection.client is None or connection.client.host not in THIS_MACHINE or host not in THIS_MACHINE:
        raise PermissionDeniedException("The simulator answers on this machine only.")


async def _read(scope: Scope, receive: Receive) -> ApiRequest:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.request":
            body += message["body"]
        if message["type"] != "http.request" or not message["more_body"] or len(body) > _LARGEST_BODY:
            break
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    is_upload = headers.get("content-type", "").startswith(multipart.TYPE)
    return ApiRequest(
        method=str(scope["method"]),  # type: ignore[typeddict-item]
        path=scope["raw_path"].decode("ascii"),
        query=scope["query_string"].decode("ascii"),
        body=body.decode("latin-1") if is_upload else body.decode("utf-8", errors="replace"),
        headers=headers,
    )


async def _send(reply: Reply, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


async def _cut(receive: Receive) -> None:
    """Break the connection without an answer: ASGI has no word for it, so uvicorn's own transport is used."""
    cycle = getattr(receive, "__self__", None)
    if cycle is None:
        raise RuntimeError("Only under uvicorn can the simulator break a connection.")
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
