"""`GET /v1/events` in the OpenAPI document: a stream, so not one of the endpoints that answer with a model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from provisioning.hub.push.events import KEPT, EventKind
from provisioning.hub.push.topics import MOST_TOPICS, TOPIC_PATTERN

EVENTS_PATH = "/v1/events"

_TOLD = {
    EventKind.TICKET_ISSUED: "queue: a number was given",
    EventKind.TICKET_CALLED: "queue, window, ticket: called for the first time; a ticket's fields",
    EventKind.TICKET_RECALLED: "the same, called again",
    EventKind.TICKET_STATUS: "queue, window, ticket: a ticket's fields; display: number, window and status",
    EventKind.WINDOW_CHANGED: "queue, window, display: window, open and paused; queue and window also hear staff",
    EventKind.QUEUE_CHANGED: "queue: paused or opened; queue",
    EventKind.ANNOUNCEMENT: "display: announcement_id, number, window, masked_name, recalled, at, and the names of its "
    "sounds under /display/voice",
    EventKind.RATING_INVITED: "window: ask the person who was served; matter, token, code, service, language",
    EventKind.RATING_CLOSED: "window: invitation_id is answered or over, take the question away",
}


def event_operation(refused: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The operation; `refused` makes an error reply of its meaning."""
    kinds = "\n".join(f"- `{kind.value}`: {told}" for kind, told in _TOLD.items())
    return {
        "operationId": "events",
        "summary": "What happens in the hall, as server-sent events, with replay of what was missed.",
        "description": "`id` is the event's cursor, `event` its kind, `data` a JSON object. Kinds, and who hears them "
        f"with what:\n\n{kinds}\n- `reset`: the cursor is not known (any more); read the state again\n\n"
        "A ticket's fields are ticket_id, number, queue, service, ticket_class, status, window, masked_name, language, "
        "times_called and filing_while_waiting. A line with a colon alone is sent after 15 s of silence. A client that "
        f"comes back within {KEPT.days} days says in Last-Event-ID what it saw last and gets the rest, once and in "
        "order. `display` and `ticket:<id>` are open to whoever knows them; other topics need a terminal's signature.",
        "parameters": [
            {
                "name": "topics",
                "in": "query",
                "required": True,
                "description": "with commas between",
                "style": "form",
                "explode": False,
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_TOPICS,
                    "items": {"type": "string", "pattern": f"^(?:{TOPIC_PATTERN})$"},
                },
            },
            {
                "name": "after",
                "in": "query",
                "description": "the cursor of a state that was just read; Last-Event-ID goes before it",
                "schema": {"type": "string", "pattern": "^[0-9]+$"},
            },
            {
                "name": "Last-Event-ID",
                "in": "header",
                "description": "the id of the last event that was seen",
                "schema": {"type": "string", "pattern": "^[0-9]+$"},
            },
        ],
        "responses": {
            "200": {
                "description": "a stream without an end",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "400": refused("no topics, too many, or none of these"),
            "401": refused("a topic that needs a signature"),
            "503": refused("too many are listening; Retry-After says when to come back"),
        },
        "security": [{}, {"terminalSignature": []}],
    }
