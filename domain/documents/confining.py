"""Confining: work on a file that anybody made, in a process of its own that may use only so much time and memory.

A PDF is a program of sorts: one that was made to be slow or large costs a child process its life, and nobody else.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from typing import BinaryIO, Final

SECONDS: Final = 20
MEMORY: Final = 1024 * 1024 * 1024
"""Bytes of address space that the child may have; what Python and its libraries take is a part of it."""


class Stopped(Exception):
    """The child did not get to its end: the file is damaged, locked, too slow or too large."""


def run(module: str, *arguments: str, given: BinaryIO) -> bytes:
    """What the `main` of a module writes, given a file as its standard input. Raises Stopped; takes `SECONDS` at most.

    The module confines itself before it reads anything.
    """
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(command, stdin=given, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as problem:
        raise Stopped("it takes too long") from problem
    if done.returncode:
        raise Stopped(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200])
    return done.stdout


def confine() -> None:
    """From here on this process may use only so much."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
