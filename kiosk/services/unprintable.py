"""Why a paper could not be made, said so that the person can put it right: which character stands in which field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kiosk.documents.encode import printable
from kiosk.flow.stage import Stage
from kiosk.forms.entry import format_value
from kiosk.i18n import Language, Text, catalogue
from kiosk.services.dossier import Dossier
from kiosk.services.filled import COURT_LANGUAGE, Filled


def unprintable_characters(dossier: Dossier, characters: Sequence[str]) -> Text:
    """Every character no font can show, each with the first field that it stands in."""
    wordings = [_named(dossier, character) for character in dict.fromkeys(characters)]
    return Text(*("\n".join(wording.in_(language) for wording in wordings) for language in Language))


def _named(dossier: Dossier, character: str) -> Text:
    place = next((where for where, said in _everything_said(dossier) if character in printable(said)), None)
    if place is None:
        return _filled("papers.unprintable", character=character)
    return _filled("papers.unprintable_in", character=character, field=place)


def _everything_said(dossier: Dossier) -> Iterator[tuple[Text, str]]:
    identity = dossier.draft.identity
    for stage, slot in dossier.slots:
        yield from _in_form(stage, dossier.filled(slot))
    for entry in dossier.evidence:
        yield from _in_form(Stage.EVIDENCE_ITEM, entry.filled)
    if identity is not None:
        yield catalogue()["lobby.part.identity"], identity.name


def _in_form(stage: Stage, filled: Filled) -> Iterator[tuple[Text, str]]:
    part = catalogue()[f"lobby.part.{stage.value}"]
    for page in filled.evaluation.pages:
        for view in page.questions:
            label = view.question.label
            where = Text(*(f"{part.in_(lang)} · {label.in_(lang).rstrip('？?')}" for lang in Language))
            yield where, format_value(view.question, view.value, COURT_LANGUAGE)


def unusable_page(dossier: Dossier, page: int) -> Text | None:
    """Which scanned page is no whole picture; `page` counts from 1 within the volume."""
    for entry in dossier.evidence:
        if entry.first_page <= page <= entry.last_page:
            return _filled("papers.unusable_page", title=entry.title, page=str(page - entry.first_page + 1))
    return None


def _filled(key: str, **values: str | Text) -> Text:
    wording = catalogue()[key]

    def in_(language: Language) -> str:
        words = {name: value.in_(language) if isinstance(value, Text) else value for name, value in values.items()}
        return wording.in_(language).format(**words)

    return Text(*(in_(language) for language in Language))
