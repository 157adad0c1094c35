"""What every HTML page of the hub shares: its headers, and templates that escape and know no undefined name."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from kiosk.i18n import Language

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Of a page without a script."""

HTML_LANGUAGES: Mapping[Language, str] = {Language.ZH: "zh-CN", Language.KO: "ko", Language.EN: "en"}
"""As the attribute `lang` says them (BCP 47)."""

LANGUAGE_NAMES: Mapping[Language, str] = {Language.ZH: "中文", Language.KO: "조선말", Language.EN: "English"}
"""As each calls itself, where a person chooses."""


def templates_of(package: str) -> Environment:
    """The templates in the folder `templates` of `package`."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
