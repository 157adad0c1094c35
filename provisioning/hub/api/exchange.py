"""Reading requests and writing replies of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from kiosk.court.contract import Problem
from provisioning.hub.api.endpoints import PROBLEM_TYPE

M = TypeVar("M", bound=BaseModel)

NO_STORE = {"Cache-Control": "no-store"}


class ProblemError(Exception):
    """An error reply (RFC 9457), raised anywhere in a handler."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        *,
        missing: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.problem = Problem(title=title, status=status, detail=detail, missing=tuple(missing))
        self.headers = dict(headers or {})


def problem_response(error: ProblemError) -> Response:
    """`error` as a reply."""
    return Response(
        error.problem.model_dump_json(),
        status_code=error.problem.status,
        media_type=PROBLEM_TYPE,
        headers=NO_STORE | error.headers,
    )


def model_response(model: BaseModel, status: int = 200) -> Response:
    """`model` as JSON."""
    return Response(model.model_dump_json(), status_code=status, media_type="application/json", headers=NO_STORE)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises ProblemError 413 as soon as it is longer than `limit` bytes."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise ProblemError(413, "the body is too large", f"at most {limit} bytes")
    received = bytearray()
    async for piece in request.stream():
        received += piece
        if len(received) > limit:
            raise ProblemError(413, "the body is too large", f"at most {limit} bytes")
    return bytes(received)


def parse(model: type[M], body: bytes) -> M:
    """`body` as `model`. Raises ProblemError 422 naming the fields, never repeating what they held."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        places = sorted({".".join(map(str, fault["loc"])) or "body" for fault in error.errors(include_input=False)})
        raise ProblemError(422, "the body is not what the contract asks for", ", ".join(places)[:500]) from None


def header_integer(request: Request, name: str) -> int:
    """A header that is a whole number of at most 15 digits. Raises ProblemError 400."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ProblemError(400, f"{name} must be a whole number")
    return int(text)


def header_flag(request: Request, name: str) -> bool:
    """A structured-field boolean (RFC 9651): ?1 or ?0, false where it is missing. Raises ProblemError 400."""
    match request.headers.get(name):
        case "?1":
            return True
        case None | "?0":
            return False
        case _:
            raise ProblemError(400, f"{name} must be ?1 or ?0")
