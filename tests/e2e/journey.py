"""One citizen files a complaint by touch alone, from the idle picture to the receipt."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable

from tests.e2e.hand import Hand, NotOnScreenError, Target, View
from tests.e2e.stack import Stack

Picture = Callable[[str], None]

CAUSE_WORDS = "jieqian"
CAUSE = "cause.108.03"
"""民间借贷纠纷 in the edition of 2026-01-01."""

ANSWERS = {
    "phone": "13800000000",
    "principal_as_of": "20261101",
    "principal_owed": "50000",
    "claim_interest": ".no",
    "agreed_forum": ".none",
    "preserved": ".no",
    "claim_court_fees": ".yes",
    "defendants[0]/defendant_kind": ".natural",
    "defendants[0]/defendant_name": ("lisi", "李四"),
    "has_third_parties": ".no",
    "title": ("jietiao", "借条"),
    "original": ".original",
}
"""What is answered: keys to type, (pinyin, characters) to compose, or ".choice" to touch."""


def _nothing(_: str) -> None:
    """No pictures wanted."""


def _can(view: View, *names: str) -> bool:
    """Whether one of these can be touched."""
    return any(view.find(name) is not None for name in names)


class Citizen:
    """Files one private lending case in the language of the terminal's keyboard."""

    def __init__(
        self, stack: Stack, picture: Picture = _nothing, *, person: str = "zhang", scans: int = 1, language: str = "zh"
    ) -> None:
        self._stack = stack
        self._hand: Hand = stack.hand
        self._picture = picture
        self._person = person
        self._scans = scans
        self._language = language

    def file(self) -> str:
        """The whole journey; returns with the receipt on the screen. The receipt number is what the window shows."""
        self.prepare()
        self.hand_in()
        self._hand.at("receipt", deadline=60)
        return self._stack.submissions()[0]["receipt_no"] if self._stack.submissions() else ""

    def come(self) -> None:
        """From the idle picture to the question how to identify oneself."""
        self._begin()
        self._hand.at("identity")

    def identify(self) -> None:
        """From the idle picture to the first question about the plaintiff."""
        self._begin()
        self._identify()
        self._hand.at("plaintiff")

    def reach_materials(self) -> None:
        """From the idle picture to the list of papers that would help."""
        self.identify()
        self._fill("plaintiff")
        self._to_materials()

    def reach_evidence(self) -> None:
        """From the idle picture to the empty list of evidence."""
        self.identify()
        self._fill("plaintiff")
        self._to_evidence()

    def prepare(self) -> None:
        """Everything up to the drawn signature."""
        self._begin()
        self._identify()
        self._fill("plaintiff")
        self._claim()
        self._close()

    def hand_in(self) -> None:
        """The touch that hands it in; what comes of it is not waited for."""
        self._hand.touch("nav.continue")

    # -- the parts

    def _begin(self) -> None:
        self._hand.at("attract")
        self._picture("attract")
        self._hand.touch("attract")
        self._hand.at("home")
        self._picture("home")
        self._hand.touch("home.file_case")
        self._hand.at("language")
        if self._language != "zh":
            self._hand.touch(f"language.choose.{self._language}")
        self._picture("language")
        self._hand.touch("nav.continue")
        self._hand.at("privacy")
        self._picture("privacy")
        self._hand.touch("nav.continue")

    def _identify(self) -> None:
        self._hand.at("identity")
        self._picture("identity")
        self._hand.touch("identity.card")
        self._hand.at("card")
        self._picture("card")
        self._stack.dock("insert", self._person)
        self._hand.at("identity_confirm")
        self._picture("identity-confirm")
        self._stack.dock("remove")
        self._hand.touch("nav.continue")
        self._pass("capacity")

    def _claim(self) -> None:
        self._to_evidence()
        self._evidence()
        self._pass("options")

    def _to_evidence(self) -> None:
        self._to_materials()
        self._pass("materials")
        self._fill("claim")
        self._fill("others")
        self._pass("fee")
        self._hand.at("evidence")

    def _to_materials(self) -> None:
        self._pass("court")
        self._hand.at("cause")
        self._hand.touch("cause.words")
        if self._language == "ko":
            self._hand.touch("key.layer.latin")
        self._keys(CAUSE_WORDS)
        self._picture("cause")
        self._hand.touch("key.done")
        self._hand.touch(CAUSE)
        self._picture("cause-chosen")
        self._hand.touch("nav.continue")
        self._hand.at("materials")

    def _evidence(self) -> None:
        self._hand.at("evidence")
        if self._scans:
            self._hand.touch("evidence.add")
            self._hand.at("evidence_item")
            self._answer_page(self._hand.at("evidence_item"))
            self._hand.touch("evidence.scan")
            self._hand.at("scan")
            self._stack.dock("next-photo")
            for _ in range(self._scans):
                self._scan()
            self._hand.touch("nav.continue")
            self._fill("evidence_item", answered={"None"})
            self._hand.at("evidence")
        self._picture("evidence")
        self._hand.touch("nav.continue")

    def _scan(self) -> None:
        self._hand.wait("a live picture", lambda view: _can(view, "scan.take", "scan.accept"))
        self._picture("scan-live")
        with contextlib.suppress(NotOnScreenError):  # the camera was quicker
            self._hand.touch("scan.take", deadline=2.0)
        self._hand.wait("the page", lambda view: _can(view, "scan.accept"))
        self._picture("scan-taken")
        self._hand.touch("scan.accept")
        self._hand.wait("the next page", lambda view: _can(view, "scan.take"))

    def _close(self) -> None:
        self._hand.at("mediation")
        self._hand.touch("mediation.no")
        self._picture("mediation")
        self._hand.touch("nav.continue")
        self._fill("address")
        self._hand.at("e_service")
        self._picture("e-service")
        self._hand.touch("e_service.yes")
        self._pass("review")
        self._pass("undertaking")
        self._hand.at("signature")
        pad = self._hand.wait("the signature pad", lambda view: view.find("signature") is not None).find("signature")
        assert pad is not None
        self._sign(pad)
        self._picture("signature")

    # -- how

    def _pass(self, stage: str) -> None:
        self._hand.at(stage)
        self._picture(stage.replace("_", "-"))
        self._hand.touch("nav.continue")
        self._hand.wait(f"leaving {stage}", lambda view: view.stage != stage)

    def _fill(self, stage: str, answered: set[str] | None = None) -> None:
        """Go through every page of a form, answering what the script knows and leaving open what it does not."""
        seen = set(answered or ())
        for number in range(60):
            view = self._hand.wait(stage, lambda view: view.stage is not None and view.overlay == "none")
            if view.stage != stage:
                return
            page = f"{view.page}-{number}"
            if str(view.page) not in seen:
                self._answer_page(view)
                seen.add(str(view.page))
            self._picture(f"{stage}-{str(view.page).replace('/', '-')}")
            before = self._hand.look()
            self._hand.touch("nav.continue")
            self._hand.wait(f"something after {page}", before.__ne__)
        raise NotOnScreenError(f"{stage} did not end")

    def _answer_page(self, view: View) -> None:
        for name, answer in ANSWERS.items():
            if isinstance(answer, str) and answer.startswith("."):
                if view.find(name + answer) is not None:
                    self._hand.touch(name + answer)
            elif view.find(name) is not None:
                self._hand.touch(name)
                if isinstance(answer, tuple):
                    self._compose(*answer)
                else:
                    self._keys(answer)
                self._hand.touch("key.done")

    def _keys(self, text: str) -> None:
        for character in text:
            self._hand.touch(f"key.{character}")

    def _compose(self, pinyin: str, characters: str) -> None:
        view = self._hand.wait("a keyboard", lambda view: view.find("key.done") is not None)
        if view.find("key.layer.pinyin") is not None:
            self._hand.touch("key.layer.pinyin")
        self._keys(pinyin)

        def candidate(view: View) -> Target | None:
            return next((t for t in view.targets if t.name.startswith("candidate") and t.text == characters), None)

        view = self._hand.wait(f"candidate {characters}", lambda view: candidate(view) is not None)
        found = candidate(view)
        assert found is not None
        self._hand.touch_at(*found.centre)

    def _sign(self, pad: Target) -> None:
        for stroke in range(2):
            self._hand.draw(
                [
                    (
                        round(pad.x + pad.width * (0.15 + 0.7 * step / 30)),
                        round(pad.y + pad.height * (0.5 + 0.3 * math.sin(step / 3 + stroke * 2))),
                    )
                    for step in range(31)
                ]
            )
