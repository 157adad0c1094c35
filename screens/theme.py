"""How the screen looks: physical sizes, four text sizes, four themes.

Everything is measured in millimetres and turned into pixels by the panel's pitch, because a rule such as "a target is
at least 12.7 mm" means a finger, not a pixel. Numbers: VVSG 2.0 7.1-C, 7.1-G and 7.2-I (contrast, text, touch areas),
EN 301 549 5.1.4 (capital height).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import Enum, StrEnum

from kiosk.i18n import Language

Rgba = tuple[float, float, float, float]

CAP_HEIGHT_OF_EM = 0.733
"""Capital height of Noto Sans CJK: 733 of 1000 units (OS/2 sCapHeight)."""

LINE_SPACING = 1.448
"""Line pitch of the font in ems (hhea); the national rules for elder-friendly screens (适老化) ask at least 1.3."""

MIN_TARGET_MM = 12.7
MIN_GAP_MM = 2.54
MIN_TEXT_CONTRAST = 10.0
MIN_SHAPE_CONTRAST = 3.0


class TextSize(Enum):
    """The four steps of rule 3; the value is the capital height in millimetres, in the middle of each allowed band."""

    SMALL = 3.9
    NORMAL = 5.0
    LARGE = 6.7
    LARGEST = 8.7

    def next(self) -> TextSize:
        """The next larger step, and from the largest back to the smallest."""
        steps = list(TextSize)
        return steps[(steps.index(self) + 1) % len(steps)]


class Theme(StrEnum):
    """Calm light default, calm dark, and two of the highest contrast (black on white, yellow on black)."""

    LIGHT = "light"
    DARK = "dark"
    BLACK_ON_WHITE = "black-on-white"
    YELLOW_ON_BLACK = "yellow-on-black"

    def next(self) -> Theme:
        """The theme that one touch of the contrast button brings."""
        themes = list(Theme)
        return themes[(themes.index(self) + 1) % len(themes)]


class TextRole(Enum):
    """What a piece of text is; the value is its size relative to the chosen text size. Nothing is smaller than body."""

    BODY = 1.0
    TITLE = 1.3
    DISPLAY = 1.7
    NUMBER = 2.3
    """One number that a person must be able to read from a step away, or photograph."""
    PLACE = 5.0
    """The few characters of a place in a queue, the only thing that matters on its page."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the person chose: applied live, losing no answer, and back to default after each session (rule 6)."""

    size: TextSize = TextSize.NORMAL
    theme: Theme = Theme.LIGHT
    language: Language = Language.ZH
    low_reach: bool = False
    sound: bool = False

    def with_(
        self,
        *,
        size: TextSize | None = None,
        theme: Theme | None = None,
        language: Language | None = None,
        low_reach: bool | None = None,
        sound: bool | None = None,
    ) -> Look:
        """A copy with the given parts changed."""
        given = {"size": size, "theme": theme, "language": language, "low_reach": low_reach, "sound": sound}
        return replace(self, **{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]  # keys are the field names above


def _rgb(code: str) -> Rgba:
    return (int(code[0:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:6], 16) / 255, 1.0)


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme. `on_x` is the text colour used on `x`."""

    background: Rgba
    surface: Rgba
    """Fields, cards, unpressed choices."""
    text: Rgba
    """On background, surface and notice."""
    hint: Rgba
    """Secondary text, on the same three; still 10:1."""
    border: Rgba
    """Edges of targets and fields, at least 3:1 against background and surface."""
    primary: Rgba
    on_primary: Rgba
    primary_pressed: Rgba
    danger: Rgba
    on_danger: Rgba
    danger_pressed: Rgba
    pressed: Rgba
    """Surface while a finger is on it; `text` stands on it."""
    selected: Rgba
    """Fill of a chosen item; `text` stands on it."""
    header: Rgba
    on_header: Rgba
    notice: Rgba
    """Fill of banners; `text` stands on it."""
    error_text: Rgba
    """Wording of errors, on background, surface and notice."""
    success: Rgba
    """Marks only, never text: 3:1."""
    warning: Rgba
    """Marks only, never text: 3:1."""
    focus: Rgba
    """The focus ring, 3:1 against every fill it can lie beside."""
    shade: Rgba
    """Laid over the page behind a dialog."""

    def text_pairs(self) -> Iterator[tuple[str, Rgba, Rgba]]:
        """Every (name, text colour, fill) that the components use; a test holds each at 10:1 or more."""
        for fill in ("background", "surface", "notice", "pressed", "selected"):
            for ink in ("text", "hint", "error_text"):
                yield f"{ink} on {fill}", getattr(self, ink), getattr(self, fill)
        yield "on_primary on primary", self.on_primary, self.primary
        yield "on_primary on primary_pressed", self.on_primary, self.primary_pressed
        yield "on_danger on danger", self.on_danger, self.danger
        yield "on_danger on danger_pressed", self.on_danger, self.danger_pressed
        yield "on_header on header", self.on_header, self.header

    def shape_pairs(self) -> Iterator[tuple[str, Rgba, Rgba]]:
        """Every (name, mark, fill) whose outline carries meaning; a test holds each at 3:1 or more."""
        for fill in ("background", "surface"):
            for mark in ("border", "focus", "success", "warning", "primary"):
                yield f"{mark} on {fill}", getattr(self, mark), getattr(self, fill)
        yield "border on selected", self.border, self.selected
        yield "primary on selected", self.primary, self.selected


_PALETTES = {
    Theme.LIGHT: {
        "background": "fbf9f3", "surface": "ffffff", "text": "14202e", "hint": "273241", "border": "5b6777",
        "primary": "123a6b", "on_primary": "ffffff", "primary_pressed": "0a2547",
        "danger": "7a1414", "on_danger": "ffffff", "danger_pressed": "560a0a",
        "pressed": "e3eaf3", "selected": "eaf1f9", "header": "123a6b", "on_header": "ffffff", "notice": "f3eedd",
        "error_text": "660c0c", "success": "1d6b3a", "warning": "8a5200", "focus": "b34700", "shade": "14202e",
    },
    Theme.DARK: {
        "background": "0f1824", "surface": "172435", "text": "ffffff", "hint": "e9eef5", "border": "8fa3bb",
        "primary": "a9cdf7", "on_primary": "0a1420", "primary_pressed": "d3e6fc",
        "danger": "ffc2bd", "on_danger": "1c0505", "danger_pressed": "ffe0dd",
        "pressed": "1f3249", "selected": "1c2f48", "header": "0a111a", "on_header": "f4f1e8", "notice": "1f2a3a",
        "error_text": "ffe1de", "success": "7fd8a0", "warning": "ffc966", "focus": "ffb454", "shade": "000000",
    },
    Theme.BLACK_ON_WHITE: {
        "background": "ffffff", "surface": "ffffff", "text": "000000", "hint": "000000", "border": "000000",
        "primary": "000000", "on_primary": "ffffff", "primary_pressed": "2b2b2b",
        "danger": "5c0000", "on_danger": "ffffff", "danger_pressed": "3a0000",
        "pressed": "e6e6e6", "selected": "f0f0f0", "header": "000000", "on_header": "ffffff", "notice": "f5f5f5",
        "error_text": "5c0000", "success": "00521f", "warning": "6e3b00", "focus": "0038c8", "shade": "000000",
    },
    Theme.YELLOW_ON_BLACK: {
        "background": "000000", "surface": "000000", "text": "ffff00", "hint": "ffff00", "border": "ffff00",
        "primary": "ffff00", "on_primary": "000000", "primary_pressed": "d6d600",
        "danger": "ffd0cc", "on_danger": "000000", "danger_pressed": "ffffff",
        "pressed": "2e2e00", "selected": "242400", "header": "000000", "on_header": "ffff00", "notice": "1a1a00",
        "error_text": "ffe4e1", "success": "00ff6a", "warning": "ffb000", "focus": "00ffff", "shade": "000000",
    },
}  # fmt: skip  # one colour table a theme, readable side by side


def palette(theme: Theme) -> Palette:
    """The colours of `theme`."""
    codes = _PALETTES[theme]
    colours = {field.name: _rgb(codes[field.name]) for field in fields(Palette)}
    r, g, b, _ = colours["shade"]
    return Palette(**{**colours, "shade": (r, g, b, 0.72)})


def contrast_ratio(one: Rgba, other: Rgba) -> float:
    """WCAG 2.2 contrast ratio of two opaque colours, from 1 to 21."""

    def luminance(colour: Rgba) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@dataclass(frozen=True, slots=True)
class Panel:
    """The screen as installed: pixels, and their pitch in millimetres.

    The default pitch is that of a 21.5 inch panel with 1920 × 1080 pixels (476 × 268 mm).
    """

    width: int = 1080
    height: int = 1920
    pitch_mm: float = 0.248

    def px(self, millimetres: float) -> float:
        """Millimetres in whole pixels, rounded up, so that a minimum stays a minimum."""
        pixels = millimetres / self.pitch_mm
        return float(-int(-pixels // 1))

    def mm(self, pixels: float) -> float:
        """Pixels in millimetres."""
        return pixels * self.pitch_mm

    @property
    def portrait(self) -> bool:
        """Whether the screen stands upright."""
        return self.height >= self.width

    def font_px(self, size: TextSize, role: TextRole = TextRole.BODY) -> int:
        """The font size (em, pixels) that gives the capital height of `size`; rounded to whole pixels, never down."""
        scale = role.value if size is not TextSize.LARGEST else 1 + (role.value - 1) * 0.5
        return int(-(-size.value / CAP_HEIGHT_OF_EM / self.pitch_mm * scale // 1))
