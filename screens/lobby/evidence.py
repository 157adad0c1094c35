"""The evidence list and its lines."""

from __future__ import annotations

from functools import partial

from kivy.uix.widget import Widget

from kiosk.flow.draft import Draft
from kiosk.flow.events import AddEvidence, EditEvidence, FieldAnswered, MoveEvidence, RemoveEvidence, StartScan
from kiosk.flow.journey import Journey
from kiosk.flow.page_events import MovePage
from kiosk.forms.answers import Path
from kiosk.forms.entry import format_value
from kiosk.i18n import Language, Text
from kiosk.services.dossier import Dossier, EvidenceEntry
from screens.components import Button, Icon, IconButton, ImageView, Notice, Row, Stack, TextBlock, Words, words
from screens.lobby.contradictions import Contradictions
from screens.lobby.drag_tile import DragTile, in_one_row
from screens.lobby.form_page import EvidenceItemScreen
from screens.lobby.frame import FramedScreen
from screens.lobby.lines import ListLine
from screens.lobby.page_dialog import ask_about_page
from screens.lobby.page_pictures import thumbnail
from screens.lobby.page_tile import page_tile, state_of
from screens.lobby.repeat_summary import edit_button, remove_button

_THUMBNAIL_MM = (30.0, 40.0)
_PAGE_MM = 56.0
_PAGES_IN_A_ROW = {True: 4, False: 6}
"""By whether the screen stands upright."""


class EvidenceScreen(FramedScreen):
    """The list: each line with its first page; edit, move, remove, add."""

    title_key = "lobby.evidence.title"
    intro_key = "lobby.evidence.intro"

    def body(self) -> list[Widget]:
        dossier = Dossier(self.journey, self.context.world())
        self._pictures: list[ImageView] = []
        self._tiles: list[DragTile] = []
        self._differs = Contradictions(self.context, self.journey)
        found: list[Widget] = [self._differs]
        found += [self._line(entry, len(dossier.evidence)) for entry in dossier.evidence]
        in_one_row(self._tiles)
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
        index, ui, name = entry.index, self.ui, f"evidence.{entry.index}"
        title = _title(entry)
        parts: list[Widget] = [
            TextBlock(ui, words("lobby.form.instance", number=index + 1, summary=title), bold=True),
            TextBlock(ui, _about(entry), ink="hint"),
        ]
        moves = [
            IconButton(
                ui,
                name=f"{name}.{'up' if by < 0 else 'down'}",
                icon=Icon.UP if by < 0 else Icon.DOWN,
                spoken=words(f"lobby.evidence.{'up' if by < 0 else 'down'}"),
                on_press=self.context.send(MoveEvidence(index, by)),
            )
            for by in (-1, 1)
            if 0 <= index + by < count
        ]
        text = words("lobby.evidence.remove_text", what=title, count=len(entry.pages))
        buttons = (
            edit_button(self.context, name, self.context.send(EditEvidence(index))),
            remove_button(self.context, name, text, partial(self.context.dispatch, RemoveEvidence(index))),
            *moves,
        )
        about = Stack(ui, parts, gap_mm=1.5)
        if entry.pages:
            width, height = _THUMBNAIL_MM
            picture = ImageView(
                ui,
                thumbnail(self.context.session.scratch, entry.pages[0]),
                spoken=words("lobby.evidence.page", number=1),
                width_mm=width,
                height_mm=height,
            )
            self._pictures.append(picture)
            tile = DragTile(
                ui,
                picture,
                name=f"{name}.picture",
                place=index,
                spoken=title,
                on_press=self.context.send(EditEvidence(index)),
                on_drop=lambda by: self.context.dispatch(MoveEvidence(index, by)),
            )
            self._tiles.append(tile)
            return ListLine(ui, Stack(ui, (Row(ui, (tile, about), gap_mm=4.0), Row(ui, buttons)), gap_mm=3.0))
        return ListLine(ui, Stack(ui, (about, Row(ui, buttons)), gap_mm=3.0))

    def refresh(self, journey: Journey) -> None:
        before, draft = self.journey.require_draft(), journey.require_draft()
        super().refresh(journey)
        if _listed(draft) != _listed(before):
            self.rebuild_body()

    def leave(self) -> None:
        super().leave()
        self._differs.leave()
        for picture in self._pictures:
            picture.show(b"")


class EvidenceLineScreen(EvidenceItemScreen):
    """One line: its scanned pages with the way to the camera, and its questions."""

    def leading(self) -> list[Widget]:
        self._pictures: list[ImageView] = []
        self._shown: tuple[object, ...] = ()
        self._held = Stack(self.ui, ())
        # What there is to scan comes first; where it is from and what it shall prove has a page of its own.
        if not self.is_first_page:
            return []
        self._show_pages()
        return [self._held]

    def _show_pages(self) -> None:
        """The pages as they are now. The questions below are left alone: somebody may be typing."""
        self._shown = _pages_shown(self.journey)
        self._held.clear_widgets()
        self._held.add_widget(self._pages())
        title = self._proposed_title()
        if title:
            self._held.add_widget(self._proposal(title))

    def _proposed_title(self) -> str:
        """What the first page with a name on it is called, while the person has said nothing."""
        _, line = self.journey.require_evidence()
        if line.answers.get("title"):
            return ""
        titles = (state_of(self.journey, key).title for key in line.pages)
        return next((title for title in titles if title), "")

    def _proposal(self, title: str) -> Widget:
        def take() -> None:
            self.context.dispatch(FieldAnswered(Path("title"), title))
            self.rebuild_body()

        return Button(
            self.ui,
            name="evidence.title.use",
            text=words("lobby.evidence.use_title", title=title),
            hint=words("lobby.evidence.use_title_hint"),
            icon=Icon.SEARCH,
            on_press=take,
        )

    def _pages(self) -> Widget:
        ui = self.ui
        _, line = self.journey.require_evidence()
        found: list[Widget] = []
        if line.pages:
            found.append(TextBlock(ui, words("lobby.evidence.pages", count=len(line.pages)), bold=True))
            in_a_row = _PAGES_IN_A_ROW[ui.panel.portrait]
            self._tiles: list[DragTile] = []
            cells = [self._page_cell(number) for number in range(len(line.pages))]
            in_one_row(self._tiles)
            empty = [Widget(size_hint=(1, None), height=0) for _ in range(-len(cells) % in_a_row)]
            filled = [*cells, *empty]
            found += [Row(ui, filled[i : i + in_a_row]) for i in range(0, len(filled), in_a_row)]
            if len(cells) > 1:
                found.append(TextBlock(ui, words("lobby.page.drag"), ink="hint"))
        found.append(
            Button(
                ui,
                name="evidence.scan",
                text=words("lobby.evidence.scan_more" if line.pages else "lobby.evidence.scan"),
                icon=Icon.CAMERA,
                min_height_mm=18,
                on_press=self.context.send(StartScan()),
            )
        )
        return Stack(ui, found, gap_mm=3.0)

    def _page_cell(self, number: int) -> Widget:
        ui, key = self.ui, self.journey.require_evidence()[1].pages[number]
        picture = page_tile(self.context, self.journey, key, number + 1, height_mm=_PAGE_MM)
        self._pictures += [picture] if isinstance(picture, ImageView) else []
        tile = DragTile(
            ui,
            picture,
            name=f"page.{number}",
            place=number,
            spoken=words("lobby.evidence.page", number=number + 1),
            on_press=lambda: ask_about_page(self.context, self.journey, number),
            on_drop=lambda by: self.context.dispatch(MovePage(number, by)),
        )
        self._tiles.append(tile)
        change = Button(
            ui,
            name=f"page.{number}.change",
            text=words("lobby.page.change"),
            spoken=words("lobby.page.change_spoken", number=number + 1),
            on_press=lambda: ask_about_page(self.context, self.journey, number),
        )
        return Stack(ui, (tile, change), gap_mm=2.6)

    def refresh(self, journey: Journey) -> None:
        super().refresh(journey)
        if self.is_first_page and _pages_shown(journey) != self._shown:
            self._show_pages()

    def leave(self) -> None:
        super().leave()
        for picture in self._pictures:
            picture.show(b"")


def _listed(draft: Draft) -> tuple[object, ...]:
    """What the list is made from."""
    return (draft.evidence, draft.pages, draft.answers, draft.decided)


def _pages_shown(journey: Journey) -> tuple[object, ...]:
    """What the tiles are made from."""
    return tuple((key, state_of(journey, key)) for key in journey.require_evidence()[1].pages)


def _title(entry: EvidenceEntry) -> Words:
    return entry.filled.text("title") or words("lobby.evidence.number", number=entry.index + 1)


def _about(entry: EvidenceEntry) -> Text:
    """Original or copy, and how many pages were scanned."""
    question = entry.filled.form.entries["original"].question
    value = entry.filled.value("original")
    pages = words("lobby.evidence.pages" if entry.pages else "lobby.evidence.no_pages", count=len(entry.pages))

    def line(language: Language) -> str:
        kind = format_value(question, value, language)
        return f"{kind} · {pages.in_(language)}" if kind else pages.in_(language)

    return Text(*(line(language) for language in Language))
