"""What both public pages share: templates, files, and headers that allow one script of our own and nothing else."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from kiosk.i18n import Language, tr
from provisioning.hub.html import HTML_LANGUAGES, PAGE_HEADERS, templates_of

HEADERS = PAGE_HEADERS | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Referrer-Policy": "no-referrer",  # a ticket's address is known to its owner alone
}

_TYPES = {"css": "text/css", "js": "text/javascript"}


@cache
def _templates() -> Environment:
    return templates_of(__package__)


def render(template: str, language: Language, **values: object) -> str:
    """`template` with `values`; `t` is the wording in `language`, `tr` in any."""
    given = {
        "t": partial(tr, language=language),
        "tr": lambda key, code, **more: tr(key, Language(code), **more),
        "language": language.value,
        "html_languages": {code.value: name for code, name in HTML_LANGUAGES.items()},
    }
    return _templates().get_template(template).render(given | values)


@cache
def _file(name: str) -> bytes:
    return files(__package__).joinpath("static", name).read_bytes()


async def static_file(request: Request) -> Response:
    """A style sheet or script of `static/`, named by the last part of the path."""
    name = request.url.path.rpartition("/")[2]
    kind = _TYPES[name.rpartition(".")[2]]
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(_file(name), media_type=kind, headers=headers)
