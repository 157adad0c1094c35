"""Signing by finger, and handing in."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.flow.events import Back, Continue, SignatureCleared, Signed
from kiosk.flow.journey import Journey
from screens.components import Action, Button, Icon, ImageView, Notice, NoticeKind, SignaturePad, Words, words
from screens.lobby.frame import FramedScreen

UPRIGHT_MM, WIDE_MM = 120.0, 90.0


class SignatureScreen(FramedScreen):
    """Signing by finger; the button says plainly that this hands the complaint in, and does so once."""

    title_key = "lobby.signature.title"
    intro_key = "lobby.signature.intro"

    def body(self) -> list[Widget]:
        self._pad: SignaturePad | None = None
        self._picture: ImageView | None = None
        self._handed_in = False
        key = self.journey.require_draft().signature
        if key is not None:
            self._picture = ImageView(
                self.ui,
                self.context.session.scratch.get(key),
                spoken=words("lobby.signature.picture"),
                height_mm=UPRIGHT_MM / 2 if self.ui.panel.portrait else WIDE_MM / 2,
                paper=True,
            )
            again = Button(
                self.ui,
                name="signature.again",
                text=words("lobby.signature.again"),
                icon=Icon.PEN,
                min_height_mm=18,
                on_press=self.context.send(SignatureCleared()),
            )
            return [
                Notice(self.ui, words("lobby.signature.signed"), kind=NoticeKind.SUCCESS),
                self._picture,
                again,
            ]
        height = UPRIGHT_MM if self.ui.panel.portrait else WIDE_MM
        self._pad = SignaturePad(self.ui, height_mm=height, on_change=lambda _: self.context.presence())
        return [self._pad, Notice(self.ui, words("lobby.signature.cannot"))]

    def refresh(self, journey: Journey) -> None:
        signed_before = self.journey.require_draft().signature
        super().refresh(journey)
        # Signing leads on at once; only taking an earlier signature back brings the pad to this very page.
        if signed_before is not None and journey.require_draft().signature is None:
            self.rebuild_body()

    def on_continue(self) -> Action:
        return self._hand_in

    def on_back(self) -> Action:
        return self._go_back

    def _hand_in(self) -> None:
        if self._handed_in:
            return
        self._handed_in = True
        self._keep()
        self.context.dispatch(Continue())

    def _go_back(self) -> None:
        self._keep()
        self.context.dispatch(Back())

    def _keep(self) -> None:
        """What is on the pad goes with the journey, whichever way the person leaves."""
        if self._pad is not None and self._pad.signed:
            self.context.dispatch(Signed(self.context.session.scratch.put(self._pad.png())))

    def continue_text(self) -> Words:
        return words("lobby.signature.hand_in")

    def leave(self) -> None:
        super().leave()
        if self._picture is not None:
            self._picture.show(b"")
        if self._pad is not None:
            self._pad.area.clear()
