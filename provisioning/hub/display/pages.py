"""The waiting area's page at /display, for a browser in kiosk mode; public, and without anything to press.

Chromium needs `--autoplay-policy=no-user-gesture-required` to speak by itself; without it the page says so and speaks
once touched. `?voices=zh,ko` (default), `zh`, `zh,ko,en` … or nothing after `=` chooses what is heard.
"""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kiosk.i18n import Language
from provisioning.hub.display.announcements import spoken_as
from provisioning.hub.display.board import display_state
from provisioning.hub.display.follow import FollowPage
from provisioning.hub.display.render import HEADERS, render, static_file
from provisioning.hub.display.spoken import SOUND
from provisioning.hub.display.voice import Voice, VoiceUnavailableError, chime
from provisioning.hub.hub import Hub

_SOUND_HEADERS = {"Cache-Control": "public, max-age=86400, immutable", "X-Content-Type-Options": "nosniff"}


class Display:
    """The page, its state, its voice, and the phone's page beside it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._voice = Voice()
        self._speaking = CapacityLimiter(1)

    def routes(self) -> list[Route]:
        """Everything below /display and /t."""
        return [
            Route("/display", self.page, methods=["GET"]),
            Route("/display/state.json", self.state, methods=["GET"]),
            Route("/display/display.css", static_file, methods=["GET"]),
            Route("/display/display.js", static_file, methods=["GET"]),
            Route("/display/voice/chime.wav", self.chime, methods=["GET"]),
            Route("/display/voice/{sound}.wav", self.sound, methods=["GET"]),
            *FollowPage(self._hub).routes(),
        ]

    async def page(self, request: Request) -> Response:
        """The page without any state; its script reads that."""
        del request
        court = self._hub.court
        return HTMLResponse(
            render("display.html", Language.ZH, court_zh=court.name_zh, court_ko=court.name_ko), headers=HEADERS
        )

    async def state(self, request: Request) -> Response:
        """What the page shows now, and from which cursor on to listen."""
        del request
        at = self._hub.clock.now()
        found = await to_thread.run_sync(self._hub.database.read, lambda c: display_state(c, self._hub.hall, at=at))
        return JSONResponse(dict(found), headers=HEADERS)

    async def chime(self, request: Request) -> Response:
        """Two soft tones."""
        del request
        return Response(chime(), media_type="audio/wav", headers=_SOUND_HEADERS)

    async def sound(self, request: Request) -> Response:
        """The sound of a sentence that some announcement of the last days says; there is no other text to speech."""
        name: str = request.path_params["sound"]
        spoken = None
        if SOUND.fullmatch(name):
            spoken = await to_thread.run_sync(self._hub.database.read, lambda c: spoken_as(c, name))
        if spoken is None:
            return Response(status_code=404)
        try:
            sound = await to_thread.run_sync(self._voice.sound, spoken, limiter=self._speaking)
        except VoiceUnavailableError:
            return Response(status_code=503)
        return Response(sound, media_type="audio/wav", headers=_SOUND_HEADERS)
