"""The front of the API: key, version, address, parameters, idempotency, ordered faults, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import stripe

from adapters.stripe.simulator import due, expanding, forms, multipart, params, routes
from adapters.stripe.simulator.errors import ApiError, bad_parameter
from adapters.stripe.simulator.faults import Fault, Faults
from adapters.stripe.simulator.idempotency import Answer, Keys
from adapters.stripe.simulator.route import Route
from adapters.stripe.simulator.store import written
from adapters.stripe.simulator.world import RequestMark, World

Json = dict[str, Any]
_LONGEST_KEY = 255
_FORM = "application/x-www-form-urlencoded"
_UPLOADS = "/v1/files"


@dataclass(frozen=True)
class ApiRequest:
    """A call as it came over the wire; header names in lower case, an upload's body in bytes as characters."""

    method: str
    path: str
    query: str
    body: str
    headers: Mapping[str, str]

    @property
    def key(self) -> str | None:
        """The idempotency key, which counts for POST only."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None

    @property
    def content_type(self) -> str:
        """How the body is written."""
        return self.headers.get("content-type", "")

    @property
    def is_upload(self) -> bool:
        """Whether it brings a file."""
        return self.content_type.partition(";")[0] == multipart.TYPE

    @property
    def sent(self) -> str:
        """What has to be the same for it to be the same request."""
        return multipart.fingerprint(self.body, self.content_type) if self.is_upload else self.body


@dataclass(frozen=True)
class Reply:
    """What goes back over the wire; `cut` means: not a byte of it, break the connection."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False


class Api:
    """Answers calls as Stripe would; safe to call from many threads."""

    def __init__(self, world: World, faults: Faults, *, api_key: str | None) -> None:
        self._world = world
        self._faults = faults
        self._keys = Keys(world)
        self._api_key = api_key

    def handle(self, request: ApiRequest) -> Reply:
        """Execute one call and give its reply."""
        fault = self._faults.take(request.method, request.path)
        request_id = f"req_{self._world.new_secret(14)}"
        with self._world.lock:
            due.run(self._world)
        try:
            answer = self._answer(request, request_id, fault)
        except ApiError as refusal:
            answer = Answer(refusal.status, refusal.body())
        with self._world.lock:
            self._world.store.save()
        if fault is not None:
            fault.over.set()
        return self._reply(
            request, replace(answer, request_id=request_id), cut=fault is not None and fault.kind == "cut"
        )

    def _answer(self, request: ApiRequest, request_id: str, fault: Fault | None) -> Answer:
        self._check_headers(request)
        if fault is not None and fault.kind == "answer" and not fault.error().executed:
            raise fault.error()
        key = request.key
        if key is None:
            return self._execute(request, request_id, fault)
        if len(key) > _LONGEST_KEY:
            raise bad_parameter(f"Idempotency keys can be at most {_LONGEST_KEY} characters.", "Idempotency-Key")
        with self._world.lock:
            earlier = self._keys.begin(key, request.path, request.sent)
        if earlier is not None:
            return earlier
        try:
            return self._execute(request, request_id, fault)
        finally:
            with self._world.lock:
                self._keys.end(key)

    def _execute(self, request: ApiRequest, request_id: str, fault: Fault | None) -> Answer:
        """Act, and keep what was answered under the call's key as soon as it had begun to act."""
        if fault is not None and fault.kind == "stall":
            fault.wait()
        with self._world.lock, self._world.caused_by(RequestMark(request_id, request.key)):
            try:
                answer = Answer(200, self._act(request, fault), request_id=request_id)
            except ApiError as refusal:
                answer = Answer(refusal.status, refusal.body(), request_id=request_id)
                if not refusal.executed:
                    return answer
            if request.key is not None and (fault is None or fault.executes or fault.kind == "answer"):
                self._keys.keep(request.key, request.path, request.sent, answer)
            return answer

    def _act(self, request: ApiRequest, fault: Fault | None) -> Json:
        route, keys = routes.find(request.method, request.path)
        given = _given(request, route)
        if fault is not None and not fault.executes:
            raise fault.error()
        done = route.act(self._world, given, **keys)
        if fault is not None and fault.kind == "answer":
            raise fault.error()
        return expanding.expanded(self._world, done, given.get("expand", []))

    def _check_headers(self, request: ApiRequest) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            message = (
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
            raise ApiError(401, message, executed=False)
        if not key.startswith(("sk_test_", "rk_test_")) or self._api_key not in (None, key):
            raise ApiError(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}", executed=False)
        version = request.headers.get("stripe-version", stripe.api_version)
        if version != stripe.api_version:
            message = f"Invalid Stripe API version: {version}. The simulator speaks {stripe.api_version}."
            raise ApiError(400, message, executed=False)
        wanted = multipart.TYPE if request.path == _UPLOADS else _FORM
        if request.body and request.content_type.partition(";")[0] != wanted:
            message = f"Invalid request (check that your POST content type is {wanted})."
            raise ApiError(400, message, executed=False)

    def _reply(self, request: ApiRequest, answer: Answer, *, cut: bool) -> Reply:
        headers = {
            "Content-Type": "application/json",
            "Request-Id": answer.request_id,
            "Stripe-Version": str(stripe.api_version),
        }
        if request.key is not None:
            headers["Idempotency-Key"] = request.key
            headers["Original-Request"] = answer.original_request or answer.request_id
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        if answer.status >= 400:
            headers["Stripe-Should-Retry"] = "true" if answer.status == 409 else "false"
        return Reply(answer.status, headers, written(answer.body), cut=cut)


def _given(request: ApiRequest, route: Route) -> Json:
    """The typed parameters of a call; a file that it brings is among them as it is."""
    if not request.is_upload:
        tree = forms.parse(request.body if request.method == "POST" else request.query)
        return params.read(tree, route.shape, supported=route.supported)
    parts = multipart.parse(request.body, request.content_type)
    files = {name: part for name, part in parts.items() if isinstance(part, multipart.Upload)}
    texts = {name: part if isinstance(part, str) else part.filename for name, part in parts.items()}
    return {**params.read(texts, route.shape, supported=route.supported), **files}
