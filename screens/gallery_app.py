"""The gallery's application: the smallest complete wiring of stage, focus and speech."""

from __future__ import annotations

from collections.abc import Callable

from kivy.app import App
from kivy.base import EventLoop
from kivy.core.window import Window

from screens.components import Stage, Ui
from screens.focus import FocusManager
from screens.gallery import pages
from screens.speech import EspeakSpeaker, SpeechGuide
from screens.theme import Panel

Shoot = Callable[[Stage, Ui, Callable[[], None]], int]


class GalleryApp(App):
    """Shows the pages one after another: Continue and Back turn them."""

    def __init__(self, ui: Ui, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._makers = list(pages(ui).values())
        self._at = 0
        keys = FocusManager(ui)
        Window.bind(on_key_down=keys.key_down, on_textinput=keys.text_input)

    def build(self) -> Stage:
        """The root widget."""
        self.turn(0)
        return self._stage

    def turn(self, by: int) -> None:
        """Show the next or previous page."""
        self._at = (self._at + by) % len(self._makers)
        page = self._makers[self._at]()
        if page.continue_button is not None and page.back_button is not None:
            page.continue_button.action = lambda: self.turn(1)
            page.back_button.action = lambda: self.turn(-1)
        self._stage.show(page)


def step() -> None:
    """Run frames until nothing more is to be laid out."""
    for _ in range(4):
        EventLoop.idle()


def run(panel: Panel, shoot: Shoot | None) -> int:
    """Open the window; with `shoot` draw the pictures and end with 1 if a rule was broken."""
    ui = Ui(panel)
    stage = Stage(ui)
    SpeechGuide(ui, EspeakSpeaker())
    app = GalleryApp(ui, stage)
    if shoot is None:
        app.run()
        return 0
    app._run_prepare()
    broken = shoot(stage, ui, step)
    app.stop()
    return 1 if broken else 0
