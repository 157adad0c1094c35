"""The evidence list and the pages under the camera."""

from __future__ import annotations

from kivy.uix.widget import Widget

from drivers.api.messages import PreviewFrame
from drivers.api.records import CaptureFailure
from drivers.api.status import CameraReady, DeviceClass
from kiosk.flow.events import (
    AcceptPage,
    AddEvidence,
    EditEvidence,
    MoveEvidence,
    RemoveEvidence,
    RemovePage,
    RetakePage,
    StartScan,
    TakePicture,
)
from kiosk.flow.journey import Journey
from kiosk.services.dossier import Dossier, EvidenceEntry
from screens.components import (
    Button,
    ButtonStyle,
    Icon,
    IconButton,
    ImageView,
    Notice,
    NoticeKind,
    Row,
    Spinner,
    Stack,
    TextBlock,
    Words,
    words,
)
from screens.lobby.form_page import EvidenceItemScreen
from screens.lobby.frame import FramedScreen

PREVIEW_MM = 150.0


class EvidenceScreen(FramedScreen):
    """The list: each line with its pages; edit, move, remove, add."""

    title_key = "lobby.evidence.title"
    intro_key = "lobby.evidence.intro"

    def body(self) -> list[Widget]:
        dossier = Dossier(self.journey, self.context.world())
        found: list[Widget] = [self._line(entry, len(dossier.evidence)) for entry in dossier.evidence]
        found.append(
            Button(
                self.ui,
                name="evidence.add",
                text=words("lobby.evidence.add" if dossier.evidence else "lobby.evidence.add_first"),
                icon=Icon.PLUS,
                min_height_mm=18,
                on_press=self.context.send(AddEvidence()),
            )
        )
        found.append(Notice(self.ui, words("lobby.evidence.later")))
        return found

    def _line(self, entry: EvidenceEntry, count: int) -> Widget:
        index, ui = entry.index, self.ui
        title = TextBlock(ui, f"{index + 1}. {entry.title}", bold=True)
        pages = TextBlock(ui, words("lobby.evidence.pages", count=len(entry.pages)), ink="hint")
        edit = Button(
            ui,
            name=f"evidence.{index}.edit",
            text=words("lobby.form.edit"),
            icon=Icon.PEN,
            on_press=self.context.send(EditEvidence(index)),
        )
        remove = Button(
            ui,
            name=f"evidence.{index}.remove",
            text=words("lobby.form.remove"),
            icon=Icon.CROSS,
            on_press=self.context.send(RemoveEvidence(index)),
        )
        moves = [
            IconButton(
                ui,
                name=f"evidence.{index}.{'up' if by < 0 else 'down'}",
                icon=Icon.UP if by < 0 else Icon.DOWN,
                spoken=words(f"lobby.evidence.{'up' if by < 0 else 'down'}"),
                on_press=self.context.send(MoveEvidence(index, by)),
            )
            for by in (-1, 1)
            if 0 <= index + by < count
        ]
        return Stack(ui, (title, pages, Row(ui, (edit, remove, *moves), gap_mm=4.0)), gap_mm=2.0)

    def refresh(self, journey: Journey) -> None:
        before = self.journey.require_draft().evidence
        super().refresh(journey)
        if journey.require_draft().evidence != before:
            self.rebuild_body()


class EvidenceLineScreen(EvidenceItemScreen):
    """One line: its questions, its scanned pages, and the way to the camera."""

    def body(self) -> list[Widget]:
        return [*super().body(), self._pages()]

    def _pages(self) -> Widget:
        _, line = self.journey.require_evidence()
        found: list[Widget] = [TextBlock(self.ui, words("lobby.evidence.pages", count=len(line.pages)), bold=True)]
        for number, key in enumerate(line.pages):
            picture = ImageView(
                self.ui,
                self.context.session.scratch.get(key),
                spoken=words("lobby.evidence.page", number=number + 1),
                height_mm=45.0,
            )
            remove = Button(
                self.ui,
                name=f"page.{number}.remove",
                text=words("lobby.evidence.remove_page", number=number + 1),
                icon=Icon.CROSS,
                on_press=self.context.send(RemovePage(number)),
            )
            found.append(Row(self.ui, (picture, remove), gap_mm=4.0))
        found.append(
            Button(
                self.ui,
                name="evidence.scan",
                text=words("lobby.evidence.scan"),
                icon=Icon.CAMERA,
                on_press=self.context.send(StartScan()),
            )
        )
        return Stack(self.ui, found, gap_mm=3.0)

    def refresh(self, journey: Journey) -> None:
        pages_before = self.journey.require_evidence()[1].pages
        super().refresh(journey)
        if journey.require_evidence()[1].pages != pages_before:
            self.rebuild_body()


class ScanScreen(FramedScreen):
    """Live picture, take, then accept or take again; the person decides, never the camera."""

    title_key = "lobby.scan.title"

    def body(self) -> list[Widget]:
        journey = self.journey
        self._live: ImageView | None = None
        if journey.taken is not None:
            picture = ImageView(
                self.ui,
                self.context.session.scratch.get(journey.taken.key),
                spoken=words("lobby.scan.taken"),
                height_mm=PREVIEW_MM,
            )
            unsure = [] if journey.taken.found else [Notice(self.ui, words("lobby.scan.no_edges"))]
            return [
                picture,
                *unsure,
                Row(
                    self.ui,
                    (
                        self._button("retake", Icon.CAMERA, ButtonStyle.SECONDARY, RetakePage()),
                        self._button("accept", Icon.CHECK, ButtonStyle.PRIMARY, AcceptPage()),
                    ),
                ),
            ]
        if journey.capturing:
            return [Spinner(self.ui, words("lobby.scan.capturing"))]
        camera = self.context.surroundings.status(DeviceClass.DOCUMENT_CAMERA)
        if not isinstance(camera, CameraReady):
            return [Notice(self.ui, words("lobby.scan.no_camera"), kind=NoticeKind.WARNING)]
        self._live = ImageView(self.ui, b"", spoken=words("lobby.scan.live"), height_mm=PREVIEW_MM)
        return [self._live, self._button("take", Icon.CAMERA, ButtonStyle.PRIMARY, TakePicture())]

    def _button(
        self, name: str, icon: Icon, style: ButtonStyle, event: TakePicture | AcceptPage | RetakePage
    ) -> Button:
        return Button(
            self.ui,
            name=f"scan.{name}",
            text=words(f"lobby.scan.{name}"),
            icon=icon,
            style=style,
            min_height_mm=18,
            on_press=self.context.send(event),
        )

    def preview(self, frame: PreviewFrame) -> None:
        if self._live is not None:
            self._live.data = frame.jpeg

    def above(self, journey: Journey) -> list[Widget]:
        found = super().above(journey)
        _, line = journey.require_evidence()
        if line.pages:
            found.append(TextBlock(self.ui, words("lobby.evidence.pages", count=len(line.pages)), bold=True))
        if isinstance(journey.notice, CaptureFailure):
            found.append(Notice(self.ui, words(f"lobby.scan.failure.{journey.notice.value}"), kind=NoticeKind.ERROR))
        return found

    def refresh(self, journey: Journey) -> None:
        changed = (journey.taken, journey.capturing) != (self.journey.taken, self.journey.capturing)
        super().refresh(journey)
        if changed:
            self.rebuild_body()

    def surroundings_changed(self) -> None:
        if self.journey.taken is None and not self.journey.capturing:
            self.rebuild_body()

    def continue_text(self) -> Words:
        return words("lobby.scan.done")

    def continue_style(self) -> ButtonStyle:
        return ButtonStyle.SECONDARY
