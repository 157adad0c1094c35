"""Where the papers say something else than what was filled in, on the evidence list and the review."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.flow.journey import Journey
from kiosk.flow.offers.find import Contradiction, contradictions
from kiosk.flow.offers.touches import LeaveReading, TakeReading
from kiosk.forms.model import Pii
from kiosk.i18n import Language, Text
from kiosk.identity.masking import mask_number
from screens.components import Button, Notice, Row, Stack, TextBlock, words
from screens.lobby.lines import ListLine
from screens.lobby.offers import let_go_of_pictures, picture_of, shown
from screens.lobby.screen import ScreenContext


class Contradictions(Stack):
    """Where the papers say something else than what was filled in: amounts, dates and numbers, for the person to
    decide. Empty where they agree."""

    def __init__(self, context: ScreenContext, journey: Journey) -> None:
        self._context = context
        found = contradictions(journey, context.world())
        parts: list[Widget] = [Notice(context.ui, words("lobby.offer.differs"))] if found else []
        parts += [self._line(number, one) for number, one in enumerate(found)]
        super().__init__(context.ui, parts, gap_mm=3.0)

    def _line(self, number: int, one: Contradiction) -> Widget:
        ui, name, offer, question = self._context.ui, f"differs.{number}", one.offer, one.view.question
        mine, value = shown(question, one.view.value), shown(question, offer.value)
        private = question.pii is Pii.ID_NUMBER
        if private:
            mine, value = apart(mine, value), apart(value, mine)
        label = _label(one)
        buttons = (
            Button(
                ui,
                name=f"{name}.change",
                text=words("lobby.offer.change", value=value),
                spoken=words("lobby.offer.use_spoken", label=label, value=value),
                on_press=self._context.send(TakeReading(offer.slot, offer.path, offer.value)),
            ),
            Button(
                ui,
                name=f"{name}.keep",
                text=words("lobby.offer.keep"),
                spoken=words("lobby.offer.keep_spoken", label=label, mine=mine),
                on_press=self._context.send(LeaveReading(offer.slot, offer.path, offer.value)),
            ),
        )
        parts: list[Widget] = [
            TextBlock(ui, words("lobby.offer.differs_text", label=label, mine=mine, value=value), bold=True),
            *([] if private else picture_of(self._context, offer, value)),
            Row(ui, buttons),
        ]
        return ListLine(ui, Stack(ui, parts, gap_mm=2.0))

    def leave(self) -> None:
        """Let go of the pictures."""
        let_go_of_pictures(self)


def apart(number: Text, other: Text) -> Text:
    """A number as others who look on may read it (N4), with the signs in which it differs from another."""

    def line(language: Language) -> str:
        one, two = number.in_(language).strip(), other.in_(language).strip()
        hidden = mask_number(one)
        if len(one) != len(two):
            return hidden
        return "".join(a if a != b else sign for a, b, sign in zip(one, two, hidden, strict=True))

    return Text(*(line(language) for language in Language))


def _label(one: Contradiction) -> Text:
    """What was asked; of which of several parties, too."""
    label, title = one.view.question.label, one.page.title
    said = [(title.in_(lang) if one.view.path.repeat else "", label.in_(lang).rstrip("？?")) for lang in Language]
    return Text(*(" · ".join(filter(None, parts)) for parts in said))
