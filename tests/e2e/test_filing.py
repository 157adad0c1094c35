"""A citizen files a complaint by touch alone, and the court holds exactly what the terminal committed."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import cv2
import pytest
import sqlalchemy as sa

from kiosk.clock import SystemClock
from kiosk.court.contract import Manifest
from kiosk.court.envelope import Envelope
from kiosk.outbox.schema import submission
from kiosk.outbox.store import Outbox
from tests.e2e.hand import View
from tests.e2e.journey import Citizen
from tests.e2e.stack import BIN, Stack, temporary_stack

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(420)]


def manifest_of(stack: Stack) -> tuple[Manifest, str]:
    """What the terminal's own outbox holds of its only submission; the terminal must have ended."""
    outbox = Outbox.open(stack.folder / "terminal" / "outbox", SystemClock())
    try:
        row = outbox.run(lambda c: c.execute(sa.select(submission.c.manifest, submission.c.manifest_sha256)).one())
    finally:
        outbox.close()
    return Manifest.model_validate_json(row.manifest), row.manifest_sha256


NUMBER, PHONE = "110101199001010015", "13800000000"
"""What the journey's person typed or read from the card."""


def personal_data_on_disk(folder: Path) -> list[str]:
    """Files of terminal and hub, logs among them, that hold the person's number or phone in the clear (N4)."""
    needles = [text.encode(coding) for text in (NUMBER, PHONE) for coding in ("utf-8", "utf-16-le", "utf-32-le")]
    files = [file for file in folder.rglob("*") if file.is_file() and "dock" not in file.relative_to(folder).parts[:1]]
    return [file.name for file in files if any(needle in file.read_bytes() for needle in needles)]


def test_from_card_to_receipt_to_the_court_byte_for_byte(tmp_path: Path) -> None:
    with temporary_stack() as stack:
        Citizen(stack, scans=2).file()
        acknowledged = stack.hand.wait("the slip", lambda view: view.find("receipt.reprint") is not None, 60)
        assert acknowledged.stage == "receipt"
        assert len(stack.slips) == 1
        slip = cv2.imread(str(stack.slips[0]), cv2.IMREAD_GRAYSCALE)
        framed = cv2.copyMakeBorder(slip, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
        code = cv2.QRCodeDetector().detectAndDecode(framed)[0]
        stack.hand.touch("nav.continue")
        stack.hand.at("attract", deadline=60)
        stack.end("terminal")
        assert personal_data_on_disk(stack.folder) == []

        manifest, sha256 = manifest_of(stack)
        (held,) = stack.submissions()
        assert held["submission_id"] == str(manifest.submission_id)
        assert held["receipt_no"] == manifest.receipt_no == code
        assert held["sha256"] == sha256
        assert {blob["sha256"] for blob in held["blobs"]} == {blob.sha256 for blob in manifest.blobs}

        hub = ("--data", str(stack.folder / "hub"))
        export = [str(BIN / "court-hub"), "export", *hub, "--submission", held["submission_id"], "--out", str(tmp_path)]
        subprocess.run(export, check=True, capture_output=True)
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        exported = {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in files}
        assert {blob.plain_sha256 for blob in manifest.blobs} <= set(exported)

    plain = {blob.role.value: exported[blob.plain_sha256].read_bytes() for blob in manifest.blobs}
    envelope = Envelope.model_validate(json.loads(plain["envelope"]))
    assert envelope.cause_name == "民间借贷纠纷"
    assert envelope.fee.fee == "1050.00"
    assert [party.name for party in envelope.parties] == ["张三", "李四"]
    assert [(item.title, item.pages, item.first_page, item.last_page) for item in envelope.evidence] == [
        ("借条", 2, 1, 2)
    ]
    assert plain["complaint"].startswith(b"%PDF-")
    assert plain["signature"].startswith(b"\x89PNG")


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.exhaustive)], ids=["begins", "files"])
def test_an_english_speaker_at_a_wide_screen(whole: bool) -> None:
    """Landscape 1920 × 1080, from the idle picture to the plaintiff's form, or to the printed receipt (ninety seconds):
    once English is chosen, no service, button or notice says anything in another language."""
    seen: list[View] = []
    with temporary_stack((1920, 1080)) as stack:

        def look(_: str) -> None:
            view = stack.hand.look()
            assert view is not None
            seen.append(view)

        citizen = Citizen(stack, look, language="en")
        if whole:
            citizen.file()
            seen.append(stack.hand.wait("the slip", lambda view: view.find("receipt.reprint") is not None, 60))
            stack.hand.touch("nav.continue")
            stack.hand.at("attract", deadline=60)
            assert len(stack.submissions()) == len(stack.slips) == 1
        else:
            citizen.identify()
    english = [view for view in seen if view.stage not in {"attract", "home"}]
    assert {view.size for view in english} == {(1920, 1080)}
    assert english[-1].stage == ("receipt" if whole else "capacity")
    assert sorted({text for view in english for text in not_english(view)}) == []


HIS_OWN = re.compile("张三|李四|借条|民间借贷纠纷|[\u4e00-\u9fff、]+(?: › [\u4e00-\u9fff、]+)+")
"""What the journey's person and the catalogue of causes say themselves, which is Chinese in any language."""

OTHER_SCRIPTS = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")


def not_english(view: View) -> list[str]:
    """What can be touched or is told in another script, but for keys, names and the choice of language."""
    said = [t.text for t in view.targets if t.kind == "Button" or t.name.startswith(("nav.", "service."))]
    said = [text for text in said if "中 / 한 / EN" not in text]
    return [text for text in (*said, *view.notices) if OTHER_SCRIPTS.search(HIS_OWN.sub("", text))]
