"""Logs: a JSON object a line, and no secrets in it."""

import json
import subprocess
import sys

SCRIPT = """
import structlog
from web.logging import configure_logging
configure_logging({how})
structlog.contextvars.bind_contextvars(request_id="abc")
log = structlog.get_logger("web")
secret = "in a local variable"
log.info("paid", amount="12.50", session_token="s3cret", password="s3cret", Authorization="s3cret")
try:
    1 / 0
except ZeroDivisionError as problem:
    log.error("crash", exc_info=problem)
"""


def logged(how: str) -> str:
    done = subprocess.run([sys.executable, "-c", SCRIPT.format(how=how)], capture_output=True, text=True, check=True)
    return done.stderr


def test_each_line_is_an_object_with_the_requests_id_and_without_secrets() -> None:
    paid, crash = (json.loads(line) for line in logged("").splitlines())

    assert (paid["event"], paid["request_id"], paid["level"], paid["amount"]) == ("paid", "abc", "info", "12.50")
    assert paid["session_token"] == paid["password"] == paid["Authorization"] == "[left out]"
    assert "ZeroDivisionError" in crash["exception"]


def test_in_a_terminal_lines_are_words_and_tracebacks_show_no_variables() -> None:
    said = logged("json=False")

    assert "s3cret" not in said
    assert "in a local variable" not in said
    assert "ZeroDivisionError" in said


def test_what_is_below_the_level_is_not_said() -> None:
    assert "paid" not in logged("level=40")
