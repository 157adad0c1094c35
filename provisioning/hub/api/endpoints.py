"""The contract's endpoints as one table: routes are made from it, and so is the OpenAPI 3.1 document."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from kiosk.court.contract import (
    CONTRACT_VERSION,
    AssistanceCall,
    AssistanceTaken,
    CaseList,
    CaseQuery,
    CourtInfo,
    Heartbeat,
    HeartbeatReply,
    Manifest,
    MissingBlobs,
    MissingBlobsRequest,
    Problem,
    Receipt,
)
from kiosk.court.queueing import (
    CheckIn,
    Lease,
    LeaseRequest,
    OfflineAccepted,
    OfflineTickets,
    QueueBoard,
    Ticket,
    TicketFiling,
    TicketQuery,
    TicketRequest,
    TicketState,
)
from kiosk.court.rating import RatingAnswer, RatingQuery, RatingReceipt, RatingScales, RatingsFound
from kiosk.court.unresolved import DutyRoster, UnresolvedReport, UnresolvedTaken
from provisioning.hub.api.draft_endpoints import DRAFT_ENDPOINTS
from provisioning.hub.api.endpoint import Door, Endpoint
from provisioning.hub.api.event_operation import EVENTS_PATH, event_operation

PROBLEM_TYPE = "application/problem+json"
BLOB_TYPE = "application/octet-stream"


UPLOAD_HEADERS = ("Upload-Offset", "Upload-Complete")

ENDPOINTS = (
    Endpoint(
        "missing_blobs",
        "POST",
        "/v1/blobs/missing",
        "Which of these blobs does the hub lack?",
        MissingBlobsRequest,
        MissingBlobs,
    ),
    Endpoint(
        "upload_state",
        "HEAD",
        "/v1/blobs/{sha256}",
        "How far is this upload? A complete one that was not yet in place is put there.",
        success=204,
        reply_headers=UPLOAD_HEADERS,
        errors={423: "another request is changing this upload", 503: "the store is out of service"},
    ),
    Endpoint(
        "append_chunk",
        "PATCH",
        "/v1/blobs/{sha256}",
        "Append one chunk at Upload-Offset; the last one carries Upload-Complete: ?1 and may be empty.",
        success=204,
        request_headers=UPLOAD_HEADERS,
        reply_headers=UPLOAD_HEADERS,
        binary=True,
        errors={
            409: "the chunk does not begin where the upload ends; Upload-Offset of the reply says where that is",
            422: "the bytes are not those the hash names and were discarded; start again at 0",
            423: "another request is changing this upload",
            503: "the store is out of service or full",
        },
    ),
    Endpoint(
        "put_submission",
        "PUT",
        "/v1/submissions/{submission_id}",
        "Receive a submission exactly once and acknowledge it.",
        Manifest,
        Receipt,
        request_headers=("Idempotency-Key",),
        errors={
            400: "Idempotency-Key is not the submission's id",
            403: "the manifest is of another terminal",
            422: "not a manifest, or this id is stored with another content",
            424: "blobs are missing; they are listed",
        },
    ),
    Endpoint(
        "heartbeat",
        "POST",
        "/v1/heartbeat",
        "A terminal's regular word; the reply tells which submissions are safe.",
        Heartbeat,
        HeartbeatReply,
        errors={403: "the heartbeat is of another terminal"},
    ),
    Endpoint(
        "query_cases",
        "POST",
        "/v1/cases/query",
        "The state of a person's own matters, by receipt number or sealed identity number.",
        CaseQuery,
        CaseList,
    ),
    Endpoint(
        "call_assistance",
        "POST",
        "/v1/assistance",
        "Somebody at this terminal needs a person.",
        AssistanceCall,
        AssistanceTaken,
        errors={403: "the call is of another terminal"},
    ),
    Endpoint(
        "queue_board", "GET", "/v1/queues", "What numbers can be taken for, and how long one waits.", reply=QueueBoard
    ),
    Endpoint(
        "issue_ticket",
        "POST",
        "/v1/tickets",
        "Take a number: exactly one per request, and one active ticket per person.",
        TicketRequest,
        Ticket,
        errors={
            403: "the request is of another terminal",
            409: "closed now, or no numbers are left for today; the detail says which",
            422: "not offered, or the sealed identity number does not open; the detail says which",
        },
    ),
    Endpoint(
        "check_in",
        "POST",
        "/v1/appointments/check-in",
        "The person of an appointment has come: the ticket, with the place of the appointed time.",
        CheckIn,
        Ticket,
        errors={
            403: "the request is of another terminal",
            404: "nothing is booked for today under this, or its number is used up; the detail says which",
        },
    ),
    Endpoint(
        "ticket_state",
        "POST",
        "/v1/tickets/{ticket_id}/state",
        "Where a ticket stands.",
        TicketQuery,
        TicketState,
        errors={403: "the query is of another terminal", 404: "there is no such ticket"},
    ),
    Endpoint(
        "cancel_ticket",
        "POST",
        "/v1/tickets/{ticket_id}/cancel",
        "The person does not want to wait any longer; again is without effect.",
        TicketQuery,
        TicketState,
        errors={
            403: "the query is of another terminal",
            404: "there is no such ticket",
            409: "it is being served or over",
        },
    ),
    Endpoint(
        "filing_while_waiting",
        "POST",
        "/v1/tickets/{ticket_id}/filing",
        "The person of this ticket files at the terminal while waiting; again is without effect.",
        TicketFiling,
        TicketState,
        errors={
            403: "the word is of another terminal",
            404: "there is no such ticket",
            409: "the ticket is not where this could be done: the person has to go now",
        },
    ),
    Endpoint(
        "lease_numbers",
        "POST",
        "/v1/queues/lease",
        "A block of numbers for the time in which the hub does not answer; the same request gives the same block.",
        LeaseRequest,
        Lease,
        errors={403: "the request is of another terminal", 409: "no numbers are left for today"},
    ),
    Endpoint(
        "accept_offline_tickets",
        "POST",
        "/v1/tickets/offline",
        "Tickets that were issued from leases, by rising order, each once.",
        OfflineTickets,
        OfflineAccepted,
        errors={403: "the tickets are of another terminal"},
    ),
    Endpoint(
        "rate",
        "POST",
        "/v1/ratings",
        "One answer to a rating invitation; the first graded one of a matter is kept, every later one gets it back.",
        RatingAnswer,
        RatingReceipt,
        errors={
            403: "the invitation is not this court's, or the answer is of another terminal",
            409: "the clock is wrong: invitation or answer lie in the future (X-Hub-Time tells the hub's)",
            410: "the time for rating was over when the answer was given",
            422: "not an answer, a grade the invitation's scale does not have, or a channel that is no terminal's",
        },
    ),
    Endpoint(
        "find_ratings",
        "POST",
        "/v1/ratings/invitation",
        "What can be rated: by the code of an invitation, or by the card with which numbers were taken.",
        RatingQuery,
        RatingsFound,
        errors={403: "the query is of another terminal", 422: "the sealed identity number does not open"},
    ),
    Endpoint(
        "rating_scales",
        "GET",
        "/v1/ratings/scales",
        "The rating scales and reasons in force, in three languages.",
        reply=RatingScales,
    ),
    Endpoint(
        "report_unresolved",
        "POST",
        "/v1/unresolved",
        "Something could not be got done: one number per request, however often it is sent.",
        UnresolvedReport,
        UnresolvedTaken,
        errors={
            403: "the report is of another terminal",
            409: "this request_id stands for a report of another terminal",
            422: "not a report, or a channel that is no terminal's",
        },
    ),
    Endpoint(
        "duty_roster",
        "GET",
        "/v1/duty",
        "Which leader of the court receives people today, when and where.",
        reply=DutyRoster,
    ),
    *DRAFT_ENDPOINTS,
    Endpoint("court_info", "GET", "/v1/court", "Public facts of the court.", reply=CourtInfo, door=Door.PUBLIC),
)


def openapi_document() -> dict[str, Any]:
    """The contract as OpenAPI 3.1, generated from the models."""
    models = {model for endpoint in ENDPOINTS for model in (endpoint.request, endpoint.reply) if model} | {Problem}
    ordered = sorted(models, key=lambda model: model.__name__)
    references, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    del references
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    paths[EVENTS_PATH] = {"get": event_operation(_refused)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "court-hub",
            "version": CONTRACT_VERSION,
            "summary": "What a filing terminal says to the court's hub, and what it hears.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {
                "terminalSignature": {
                    "type": "http",
                    "scheme": "signature",
                    "description": "HTTP message signature (RFC 9421), Ed25519, label `terminal`, tag `court-kiosk`, "
                    "over @method, @path, @query, content-digest and the upload and idempotency fields; "
                    "with created, nonce and keyid.",
                },
                "channelKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The key of one of the court's other channels (`court-hub channel add`).",
                },
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}
        for part in endpoint.path.split("/")
        if part.startswith("{")
    ]
    parameters += [
        {"name": name, "in": "header", "required": name != "Upload-Complete", "schema": {"type": "string"}}
        for name in endpoint.request_headers
    ]
    reply: dict[str, Any] = {"description": "done"}
    if endpoint.reply:
        reply["content"] = {"application/json": {"schema": _reference(endpoint.reply)}}
    if endpoint.reply_headers:
        reply["headers"] = {name: {"schema": {"type": "string"}} for name in endpoint.reply_headers}
    responses: dict[str, Any] = {str(endpoint.success): reply}
    errors = dict(endpoint.errors)
    if endpoint.door is Door.TERMINAL:
        errors |= {401: "not signed by a known terminal, or seen before", 413: "the body is too large"}
    elif endpoint.door is Door.CHANNEL:
        errors |= {401: "not the key of a channel", 413: "the body is too large"}
    if endpoint.request:
        errors.setdefault(422, "the body is not what the schema asks for")
    for status, meaning in sorted(errors.items()):
        responses[str(status)] = _refused(meaning)
    operation: dict[str, Any] = {
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        "responses": responses,
    }
    if parameters:
        operation["parameters"] = parameters
    if endpoint.request:
        schema = {"application/json": {"schema": _reference(endpoint.request)}}
        operation["requestBody"] = {"required": True, "content": schema}
    if endpoint.binary:
        operation["requestBody"] = {"required": True, "content": {BLOB_TYPE: {}}}
    if endpoint.door is not Door.PUBLIC:
        operation["security"] = [{endpoint.door.value: []}]
    return operation


def _refused(meaning: str) -> dict[str, Any]:
    return {"description": meaning, "content": {PROBLEM_TYPE: {"schema": _reference(Problem)}}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
