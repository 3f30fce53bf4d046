"""Twilio: hands text messages to its API, once each, and tells what will never work from what may work later."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from adapters.sms.errors import FAULTS, OUR_OWN_FAULTS
from domain.shared.texting import Text, TextFault, TextRefused, TextUnavailable
from domain.shared.tokens import token_hash

TIME_OUT = 30.0
"""Seconds that Twilio may take for a connection, and between two pieces of an answer."""
LOOKED_AT = 20
"""The last messages to a number among which an earlier try is looked for: nobody gets as many between two tries."""
SKEW = timedelta(minutes=5)
"""By how much Twilio's clock may differ from ours."""
LINK = re.compile(r"https?://\S+")
SERVICE = "MG"
"""How the id of a messaging service begins, which chooses the number to send from by itself."""

_log = logging.getLogger("quittance.twilio")
_log.setLevel(logging.WARNING)
"""The SDK tells its logger each request with its parameters: telephone numbers are none of a log's business."""


class TwilioTexter:
    """Sends from `sender`: a number of ours (E.164), a name, or a messaging service (`MG…`).

    `told_at` is the address at which Twilio is to tell us what becomes of a text. `api_url` is for a stand-in of
    Twilio's on this machine.

    Twilio knows no idempotent sending. So before each text its latest messages to the same number are looked at: one
    since the text was due with a link of ours for the same thing, or with the same words where it has no such link, is
    an earlier try whose answer was lost, and nothing is sent again. The same words with another link are another text:
    somebody may look after two customers who owe the same.
    """

    def __init__(
        self, account: str, token: str, *, sender: str, told_at: str, api_url: str = "", time_out: float = TIME_OUT
    ) -> None:
        self._client = Client(account, token, http_client=TwilioHttpClient(timeout=time_out, logger=_log))
        if api_url:
            self._client.api.base_url = api_url
        self._sender = {"messaging_service_sid": sender} if sender.startswith(SERVICE) else {"from_": sender}
        self._told_at = told_at

    def send(self, text: Text) -> str:
        """Have it sent, unless an earlier try got through; Twilio's id. Raises TextRefused, TextUnavailable."""
        try:
            found = self._earlier(text)
        except requests.RequestException as problem:
            raise TextUnavailable(f"Twilio cannot be reached: {type(problem).__name__}") from problem
        except (TwilioException, ValueError) as problem:
            raise _told(problem, perhaps_sent=False) from problem
        return found or self._sent(text)

    def close(self) -> None:
        """Let go of the connections."""
        session = self._client.http_client.session
        if session is not None:
            session.close()

    def _earlier(self, text: Text) -> str | None:
        """The id of an earlier try of the same text that Twilio took."""
        for message in self._client.messages.list(to=text.to, limit=LOOKED_AT):
            made = message.date_created
            if made is None or made < text.since - SKEW or message.sid is None:
                continue
            if _is_same(text, message.body or ""):
                return str(message.sid)
        return None

    def _sent(self, text: Text) -> str:
        told_at = f"{self._told_at}?{urlencode({'mark': text.mark})}"
        try:
            message = self._client.messages.create(to=text.to, body=text.body, status_callback=told_at, **self._sender)
        except requests.ConnectTimeout as problem:
            raise TextUnavailable("Twilio cannot be reached") from problem
        except requests.RequestException as problem:
            raise TextUnavailable(f"Twilio did not answer: {type(problem).__name__}", perhaps_sent=True) from problem
        except (TwilioException, ValueError) as problem:
            raise _told(problem, perhaps_sent=True) from problem
        if message.sid is None:
            raise TextUnavailable("Twilio's answer names no message", perhaps_sent=True)
        return str(message.sid)


def _secrets(body: str) -> set[str]:
    """The hashes of the secrets at the ends of its links."""
    return {token_hash(link.rpartition("/")[2]) for link in LINK.findall(body)}


def _is_same(text: Text, body: str) -> bool:
    """Whether this was an earlier try of a text, by the links of its own that it has; else by its words."""
    if text.secrets:
        return not text.secrets.isdisjoint(_secrets(body))
    return body.split() == text.body.split()


def _told(problem: Exception, *, perhaps_sent: bool) -> TextRefused | TextUnavailable:
    """What a refusal of Twilio's means; an answer that is none leaves open what happened."""
    if isinstance(problem, TwilioRestException):
        status, code, words = problem.status, problem.code or 0, problem.msg
    elif isinstance(problem, TwilioServiceException):
        status, code, words = problem.status, problem.code, problem.detail or problem.title
    else:
        statuses = [each.status_code for each in problem.args if isinstance(each, Response)]
        said = f"Twilio answered {statuses[0]}" if statuses else "Twilio's answer cannot be read"
        return TextUnavailable(said, perhaps_sent=perhaps_sent)
    reason = f"Twilio answered {status} ({code}): {words}"
    if code in FAULTS:
        return TextRefused(reason, fault=FAULTS[code])
    if status == requests.codes.bad_request and code not in OUR_OWN_FAULTS:
        return TextRefused(reason, fault=TextFault.OTHER)
    return TextUnavailable(reason, perhaps_sent=perhaps_sent and status >= requests.codes.server_error)
