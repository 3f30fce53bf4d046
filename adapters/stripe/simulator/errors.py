"""What the simulator refuses, in the words, codes and statuses that Stripe uses."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is an error; `executed` says whether the request had begun to act (then a key keeps it)."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        executed: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        self.error: Json = {"message": message, "type": kind, **more}
        if code is not None:
            self.error["code"] = code
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param is not None:
            self.error["param"] = param

    def body(self) -> Json:
        """The error as it stands in the answer."""
        return {"error": self.error}


def bad_parameter(message: str, param: str, code: str | None = None) -> ApiError:
    """A parameter that was refused before anything was done, so that its key stays free."""
    return ApiError(400, message, code=code, param=param, executed=False)


def refused(message: str, *, code: str | None = None, param: str | None = None) -> ApiError:
    """A well-formed request that the state of things does not allow."""
    return ApiError(400, message, code=code, param=param)


def no_such(kind: str, key: str, *, param: str = "id") -> ApiError:
    """An object that does not exist: 404 where it is the address, 400 where it is a parameter."""
    status = 404 if param == "id" else 400
    return ApiError(status, f"No such {kind}: '{key}'", code="resource_missing", param=param)


def unrecognised_address(method: str, path: str) -> ApiError:
    """An address that the API does not have."""
    message = (
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/."
    )
    return ApiError(404, message, executed=False)


def key_in_use(key: str) -> ApiError:
    """A request whose idempotency key belongs to another one that has not finished."""
    message = (
        "There is currently another in-progress request using this Stripe Idempotent Key (that probably means you "
        f"submitted twice, and the other request is still going through): {key}. Please try again later."
    )
    return ApiError(409, message, kind="idempotency_error", code="idempotency_key_in_use", executed=False)


def key_with_other_parameters(key: str) -> ApiError:
    """A key that came back with other parameters than it was first used with."""
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return ApiError(400, message, kind="idempotency_error", executed=False)


def key_with_other_address(key: str, now: str, first: str) -> ApiError:
    """A key that came back at another address than it was first used at."""
    message = (
        "Keys for idempotent requests can only be used for the same endpoint they were first used for "
        f"('{now}' vs '{first}'). Try using a key other than '{key}' if you meant to execute a different request."
    )
    return ApiError(400, message, kind="idempotency_error", executed=False)
