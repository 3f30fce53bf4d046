"""Load: browsers that ask for a page again as soon as they have it, each over one connection that it keeps."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from time import perf_counter
from typing import Final

from bench.filling import SignedIn
from bench.measuring import Turn

BROWSERS: Final = 4
A_TURN: Final = 60
"""Pages that each browser asks for in one turn."""


class Browser:
    """One connection to a server, and the page that it asks for; a plain socket, since it shares the machine."""

    def __init__(self, port: int, who: SignedIn) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = (
            f"GET /accounts/{who.account_id}/statement HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {who.cookie}\r\n"
            "accept: text/html\r\naccept-language: en-GB,en;q=0.9\r\nuser-agent: bench\r\n\r\n"
        ).encode()

    def page(self) -> bytes:
        """The page, as the server sends it now; RuntimeError for anything but a page."""
        self._socket.sendall(self._request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"the page was not served: {head.decode('latin-1')}")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return b"".join(parts)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _more(self) -> bytes:
        if not (more := self._socket.recv(65_536)):
            raise RuntimeError("the server hung up")
        return more


def ask(port: int, people: Sequence[SignedIn]) -> Turn:
    """One turn: all browsers at once, each asking again and again for its own customer's page."""
    browsers = [Browser(port, people[number % len(people)]) for number in range(BROWSERS)]
    each: list[list[float]] = [[] for _ in browsers]

    def browse(browser: Browser, taken: list[float]) -> None:
        for _ in range(A_TURN):
            began = perf_counter()
            browser.page()
            taken.append(perf_counter() - began)

    threads = [threading.Thread(target=browse, args=pair) for pair in zip(browsers, each, strict=True)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - began
    for browser in browsers:
        browser.close()
    answered = [taken for one in each for taken in one]
    if len(answered) != BROWSERS * A_TURN:
        raise RuntimeError("not every page was served")
    return Turn(seconds, answered)
