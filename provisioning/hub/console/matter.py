"""One matter: its papers side by side, the answers, and the decision."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kiosk.court.contract import BlobRole, SubmissionState
from kiosk.court.envelope import Envelope
from provisioning.hub import decisions, journal
from provisioning.hub.console.labels import Labels, labels_for, party_labels
from provisioning.hub.console.render import clock_face
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.console.words import ConsoleLanguage
from provisioning.hub.decisions import Act, ConflictError, DecisionRefusedError, Track
from provisioning.hub.indexing import try_again
from provisioning.hub.listing import Matter, find_matter
from provisioning.hub.papers import Paper, PaperError, open_envelope, open_paper, papers_of
from provisioning.hub.permissions import Permission
from provisioning.hub.schema import case_events

INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg"})
PAPER_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
RIGHT_SIDE = (BlobRole.VOLUME, BlobRole.EVIDENCE_LIST, BlobRole.ADDRESS_CONFIRMATION, BlobRole.UNDERTAKING)
BASE = "/submissions/{submission_id}"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a matter's history."""

    kind: str
    at: object
    staff: str
    detail: Mapping[str, object]


class MatterPages:
    """The page of a matter, its papers, and what may be done with it."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._changed = changed

    def routes(self) -> list[Route]:
        """Everything below `/submissions/{id}`."""
        gate = self._desk.gate
        deciding = (
            ("accept", Permission.DECIDE, self._accept),
            ("corrections", Permission.DECIDE, self._corrections),
            ("transfer", Permission.DECIDE, self._transfer),
            ("returned", Permission.RECORD_CORRECTIONS, self._returned),
            ("track", Permission.TRIAGE, self._track),
        )
        return [
            Route(BASE, gate(Permission.LIST_MATTERS, self.show), methods=["GET"]),
            Route(f"{BASE}/papers/{{number:int}}", gate(Permission.READ_PAPERS, self.paper), methods=["GET"]),
            Route(f"{BASE}/read-again", gate(Permission.HANDLE_ALARMS, self.read_again), methods=["POST"]),
            *(
                Route(f"{BASE}/{name}", gate(permission, partial(self._decide, step)), methods=["POST"])
                for name, permission, step in deciding
            ),
        ]

    async def show(self, visit: Visit) -> Response:
        """The page."""
        done = visit.request.query_params.get("done", "")
        return await self._page(visit, done=done)

    async def paper(self, visit: Visit) -> Response:
        """One opened paper, for the frames of the page."""
        submission_id = visit.request.path_params["submission_id"]
        number = visit.request.path_params["number"]
        papers = await self._desk.read(lambda c: papers_of(c, submission_id))
        if not 1 <= number <= len(papers):
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        paper, hub = papers[number - 1], self._desk.hub
        try:
            content = await to_thread.run_sync(open_paper, hub.store, hub.keys.sealing, paper)
        except PaperError as error:
            return await self._desk.refuse(visit.request, f"problem.{error.problem.value}", 410, visit.person)
        await self._write_down(visit, submission_id, "read_paper", {"role": paper.role.value})
        inline = paper.media_type in INLINE_TYPES
        headers = PAPER_HEADERS | {
            "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{number:02d}-{paper.role.value}"'
        }
        return Response(content, media_type=paper.media_type if inline else "application/octet-stream", headers=headers)

    async def read_again(self, visit: Visit) -> Response:
        """Put an unreadable envelope back in the line."""
        submission_id = visit.request.path_params["submission_id"]
        await self._desk.hub.writer.run(lambda connection: try_again(connection, submission_id))
        self._changed()
        return RedirectResponse(f"/console/submissions/{submission_id}", status_code=303)

    async def _decide(self, step: Callable[[sa.Connection, Act, Mapping[str, str]], str], visit: Visit) -> Response:
        submission_id = visit.request.path_params["submission_id"]
        revision = visit.form.get("revision", "")
        act = Act(
            submission_id=submission_id,
            revision=int(revision) if revision.isdecimal() else 0,
            staff=visit.person.name,
            at=self._desk.hub.clock.now(),
        )
        try:
            done = await self._desk.hub.writer.run(lambda connection: step(connection, act, visit.form))
        except ConflictError:
            return await self._page(visit, error="refusal.conflict", status=409)
        except DecisionRefusedError as refused:
            return await self._page(visit, error=f"refusal.{refused.refusal.value}", status=422)
        return RedirectResponse(f"/console/submissions/{submission_id}?done={done}", status_code=303)

    @staticmethod
    def _accept(connection: sa.Connection, act: Act, form: Mapping[str, str]) -> str:
        decisions.accept(connection, act, form.get("case_number", ""), form.get("note", ""))
        return "accepted"

    @staticmethod
    def _corrections(connection: sa.Connection, act: Act, form: Mapping[str, str]) -> str:
        decisions.request_corrections(connection, act, form.get("corrections", "").splitlines(), form.get("note", ""))
        return "correction_requested"

    @staticmethod
    def _transfer(connection: sa.Connection, act: Act, form: Mapping[str, str]) -> str:
        decisions.transfer(connection, act, form.get("court", ""), form.get("reason", ""))
        return "transferred"

    @staticmethod
    def _returned(connection: sa.Connection, act: Act, form: Mapping[str, str]) -> str:
        try:
            day = date.fromisoformat(form.get("day", ""))
        except ValueError as error:
            raise DecisionRefusedError(decisions.Refusal.DATE) from error
        decisions.corrections_received(connection, act, day)
        return "corrections_received"

    @staticmethod
    def _track(connection: sa.Connection, act: Act, form: Mapping[str, str]) -> str:
        try:
            track = Track(form.get("track", ""))
        except ValueError as error:
            raise ConflictError from error
        decisions.set_track(connection, act, track)
        return "track"

    async def _page(self, visit: Visit, *, done: str = "", error: str = "", status: int = 200) -> Response:
        submission_id = visit.request.path_params["submission_id"]
        matter = await self._desk.read(lambda c: find_matter(c, submission_id))
        if matter is None:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        papers = await self._desk.read(lambda c: papers_of(c, submission_id))
        envelope, problem = await self._envelope(visit, matter, papers)
        history = await self._desk.read(lambda c: _history(c, submission_id))
        labels = await to_thread.run_sync(_labels, matter, envelope, visit.language)
        now = self._desk.hub.clock.now()
        values = {
            "m": matter,
            "clock": clock_face(matter.state, matter.decision_due, now, visit.language),
            "papers": list(enumerate(papers, 1)),
            "part_marks": _part_marks(papers),
            "parts_of": _parts_of(envelope) if envelope else [],
            "viewers": _viewers(papers, visit.request.query_params) if visit.may(Permission.READ_PAPERS) else [],
            "envelope": envelope,
            "problem": problem,
            "labels": labels,
            "one_court": matter.handling_court == (matter.transferred_to or matter.competent_court),
            "history": history,
            "second_list": any(line.kind == "correction_requested" for line in history),
            "undecided": matter.state in (SubmissionState.RECEIVED, SubmissionState.CORRECTION_REQUESTED),
            "tracks": [track.value for track in Track],
            "today": now.date().isoformat(),
            "entered": visit.form,
            "done": f"done.{done}" if done in {kind.value for kind in decisions.CaseEventKind} else "",
            "error": error,
        }
        return await self._desk.show(visit.request, "matter.html", values, person=visit.person, status=status)

    async def _envelope(self, visit: Visit, matter: Matter, papers: Sequence[Paper]) -> tuple[Envelope | None, str]:
        if not visit.may(Permission.READ_PAPERS):
            return None, ""
        hub = self._desk.hub
        try:
            envelope = await to_thread.run_sync(
                open_envelope, hub.store, hub.keys.sealing, papers, matter.submission_id
            )
        except PaperError as error:
            return None, f"problem.{error.problem.value}"
        await self._write_down(visit, matter.submission_id, "read_answers", {})
        return envelope, ""

    async def _write_down(self, visit: Visit, subject: str, action: str, detail: Mapping[str, object]) -> None:
        """Who looked at whose papers is part of the journal (全留痕)."""
        now = self._desk.hub.clock.now()
        await self._desk.hub.writer.run(
            lambda connection: journal.append(
                connection,
                chain=journal.STAFF_CHAIN,
                at=now,
                actor=visit.person.name,
                action=action,
                subject=subject,
                detail=detail,
            )
        )


def _viewers(papers: Sequence[Paper], asked: Mapping[str, str]) -> list[tuple[str, int]]:
    """Which paper each of the two frames shows: the complaint beside the scans, or beside the next paper there is,
    unless the clerk chose others."""

    def first(*roles: BlobRole) -> int:
        return next((n for role in roles for n, paper in enumerate(papers, 1) if paper.role is role), 0)

    def chosen(side: str, default: int) -> int:
        text = asked.get(side, "")
        return int(text) if text.isdecimal() and 1 <= int(text) <= len(papers) else default

    return [
        ("left", chosen("left", first(BlobRole.COMPLAINT))),
        ("right", chosen("right", first(*RIGHT_SIDE))),
    ]


def _part_marks(papers: Sequence[Paper]) -> list[str]:
    """For every paper which of how many of its role it is, as " 2/3"; nothing where it is the only one."""
    roles = [paper.role for paper in papers]
    return [
        f" {roles[: place + 1].count(role)}/{roles.count(role)}" if roles.count(role) > 1 else ""
        for place, role in enumerate(roles)
    ]


def _parts_of(envelope: Envelope) -> list[str]:
    """For every line of the evidence list the parts (分册) of the volume with its pages; nothing where there is one."""
    return [
        ", ".join(
            str(number)
            for number, part in enumerate(envelope.volume, 1)
            if item.pages and part.first_page <= item.last_page and item.first_page <= part.last_page
        )
        if len(envelope.volume) > 1
        else ""
        for item in envelope.evidence
    ]


@dataclass(frozen=True, slots=True)
class _MatterLabels:
    """The words for each part of a complaint: its own form, the parties in their order, the address for service."""

    claim: Labels
    parties: tuple[Labels, ...]
    address: Labels


def _labels(matter: Matter, envelope: Envelope | None, language: ConsoleLanguage) -> _MatterLabels:
    return _MatterLabels(
        labels_for(language, matter.form_id, version=matter.form_version),
        tuple(party_labels(party, language) for party in envelope.parties) if envelope else (),
        labels_for(language, "service_address"),
    )


def _history(connection: sa.Connection, submission_id: str) -> list[HistoryLine]:
    rows = connection.execute(
        sa.select(case_events).where(case_events.c.submission_id == submission_id).order_by(case_events.c.number.desc())
    )
    return [HistoryLine(row.kind, row.at, row.staff, json.loads(row.detail)) for row in rows]
