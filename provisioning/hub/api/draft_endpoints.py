"""The operations on kept drafts, each once for terminals and once for the court's other channels."""

from __future__ import annotations

from kiosk.court.kept_drafts import CHANNEL_PATH, DRAFT_PATH, DraftForgotten, DraftKept, HeldDraft, KeepDraft
from provisioning.hub.api.endpoint import Door, Endpoint


def _drafts(path: str, door: Door, name: str) -> tuple[Endpoint, ...]:
    """The same three operations for terminals and for the court's other channels."""
    often = {429: "asked too often; Retry-After tells when again"}
    return (
        Endpoint(
            f"keep_{name}",
            "PUT",
            f"{path}/{{lookup}}",
            "Keep a sealed draft that is taken up again elsewhere by its code; the same again is without effect.",
            KeepDraft,
            DraftKept,
            door=door,
            errors={
                404: "the path holds no lookup id",
                409: "another draft is kept under this lookup id",
                507: "this terminal or channel has as many drafts here as the court allows",
            }
            | often,
        ),
        Endpoint(
            f"fetch_{name}",
            "GET",
            f"{path}/{{lookup}}",
            "The sealed draft under this lookup id, until the end of its last day.",
            reply=HeldDraft,
            door=door,
            errors={404: "there is no such draft (any more)"} | often,
        ),
        Endpoint(
            f"forget_{name}",
            "DELETE",
            f"{path}/{{lookup}}",
            "Forget the draft on the person's wish; again is without effect.",
            reply=DraftForgotten,
            door=door,
            errors={404: "the path holds no lookup id"} | often,
        ),
    )


DRAFT_ENDPOINTS = (
    *_drafts(DRAFT_PATH, Door.TERMINAL, "draft"),
    *_drafts(CHANNEL_PATH, Door.CHANNEL, "channel_draft"),
)
