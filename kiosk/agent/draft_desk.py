"""Keeps drafts at the hub and takes them up again. Seals and opens them here, so that the hub never sees one, and gives
one out only to its owner. Nothing of a draft is written to this terminal's disk."""

from __future__ import annotations

import base64
import hmac
import logging
import threading
import unicodedata
from typing import assert_never

from pydantic import ValidationError

from kiosk.agent.draft_messages import (
    DraftEvents,
    DraftFound,
    DraftGone,
    DraftKept,
    DraftRefusal,
    DraftRefused,
    DraftRequests,
    ForgetDraft,
    KeepDraft,
    TakeUpDraft,
)
from kiosk.court import kept_drafts
from kiosk.court.client import HubClient
from kiosk.court.draft_codes import (
    DraftRefusedError,
    fresh_code,
    lookup_id,
    normalise_draft_code,
    open_draft,
    seal_draft,
)
from kiosk.court.hub_errors import HubError, HubRefusedError
from kiosk.court.kept_drafts import KEEP_DAYS, LONGEST_SEALED, KeptDraft

log = logging.getLogger(__name__)

ANSWER_SECONDS = 8.0
"""How long a person waits for the hub; keeping may ask it twice."""


class DraftDesk:
    """The drafts of whoever is at one of this terminal's windows. Methods may be called from any thread."""

    def __init__(self, client: HubClient) -> None:
        self._client = client
        self._asking = threading.Lock()

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def answer(self, request: DraftRequests) -> DraftEvents:
        """Do what a window asks. Blocks for at most about two times ANSWER_SECONDS."""
        try:
            with self._asking:
                match request:
                    case KeepDraft():
                        return self._keep(request)
                    case TakeUpDraft():
                        return self._take_up(request)
                    case ForgetDraft():
                        self._client.forget_draft(request.lookup, ANSWER_SECONDS)
                        return DraftGone(request.request)
                    case _:
                        assert_never(request)
        except HubRefusedError as error:
            log.warning("the hub refused a draft: %s", error)
            return DraftRefused(request.request, DraftRefusal.NOT_TAKEN)
        except HubError as error:
            log.info("no draft was kept or fetched: %s", type(error).__name__)
            return DraftRefused(request.request, DraftRefusal.OFFLINE)

    def _keep(self, request: KeepDraft) -> DraftKept | DraftRefused:
        code = fresh_code()
        sealed = seal_draft(request.document, code)
        if len(sealed) > LONGEST_SEALED:
            return DraftRefused(request.request, DraftRefusal.NOT_TAKEN)
        asked = kept_drafts.KeepDraft(sealed=base64.b64encode(sealed).decode("ascii"), days=KEEP_DAYS)
        kept = self._client.keep_draft(lookup_id(code), asked, ANSWER_SECONDS)
        if request.replaces:
            try:
                self._client.forget_draft(request.replaces, ANSWER_SECONDS)
            except HubError as error:
                # The new one is kept; the former ends on its last day.
                log.info("a former draft stays until its last day: %s", type(error).__name__)
        return DraftKept(request.request, code, kept.until.isoformat())

    def _take_up(self, request: TakeUpDraft) -> DraftFound | DraftRefused:
        code = normalise_draft_code(request.code)
        if code is None:
            return DraftRefused(request.request, DraftRefusal.UNKNOWN)
        lookup = lookup_id(code)
        held = self._client.fetch_draft(lookup, ANSWER_SECONDS)
        if held is None:
            return DraftRefused(request.request, DraftRefusal.UNKNOWN)
        try:
            document = open_draft(base64.b64decode(held.sealed), code)
            draft = KeptDraft.model_validate_json(document)
        except (DraftRefusedError, ValidationError, ValueError) as error:
            log.warning("a kept draft cannot be read: %s", type(error).__name__)  # the error would repeat its content
            return DraftRefused(request.request, DraftRefusal.UNREADABLE)
        if not same_number(draft.owner.number, request.identity_number):
            return DraftRefused(request.request, DraftRefusal.ANOTHER_PERSON)
        return DraftFound(request.request, document, lookup, held.until.isoformat())


def same_number(kept: str, shown: str) -> bool:
    """Whether two identity numbers are one, however they were typed."""
    plain, given = _plain(kept), _plain(shown)
    return bool(plain) and hmac.compare_digest(plain, given)


def _plain(number: str) -> bytes:
    text = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in text if character.isalnum()).encode()
