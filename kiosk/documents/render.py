"""Documents as PDF/A-2b: data and template into one typst compiler that stays warm."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import assert_never

import typst

from kiosk.clock import CHINA
from kiosk.documents.complaint import ComplaintDocument
from kiosk.documents.encode import Encoder
from kiosk.documents.fonts import FontSet, font_folder, load_fonts
from kiosk.documents.papers import (
    AddressConfirmationDocument,
    CorrectionListDocument,
    EvidenceListDocument,
    FilingReceiptDocument,
    UndertakingDocument,
)
from kiosk.documents.qr import qr_png
from kiosk.i18n import Language, catalogue

CourtDocument = ComplaintDocument | EvidenceListDocument | AddressConfirmationDocument | UndertakingDocument
"""Papers for the court, in Chinese (民诉法 11)."""

HomeDocument = FilingReceiptDocument | CorrectionListDocument
"""Papers for the person, in one or more languages."""

Document = CourtDocument | HomeDocument

_LIBRARY = "court.typ"
_LABELS = "documents."


class RenderError(Exception):
    """The typesetter refused. `diagnostic` may quote the document, so it is kept out of the message and of logs."""

    def __init__(self, template: str, diagnostic: str) -> None:
        super().__init__(f"{template} could not be set")
        self.diagnostic = diagnostic


@cache
def _template(name: str) -> bytes:
    return files(__package__).joinpath("templates", name).read_bytes()


def _labels(group: str, languages: Sequence[Language]) -> Mapping[str, list[str]]:
    prefix = f"{_LABELS}{group}."
    return {
        key.removeprefix(prefix): [text.in_(language) for language in languages]
        for key, text in catalogue().items()
        if key.startswith(prefix)
    }


class Renderer:
    """Sets documents in type. Safe to share between threads; one document is set at a time.

    The compiler remembers what it set recently, which is what makes it quick. It therefore belongs into the process
    that lives for one person, or is dropped with that person's Session.
    """

    def __init__(self, fonts: FontSet | None = None) -> None:
        self.fonts = fonts or load_fonts(font_folder())
        self._compiler = typst.Compiler(font_paths=self.fonts.fonts, ignore_system_fonts=True)
        self._lock = threading.Lock()

    def render(self, document: Document) -> bytes:
        """The document as PDF/A-2b with embedded fonts; the same document gives the same bytes.

        Raises MissingGlyphError, BadPictureError or RenderError.
        """
        match document:
            case ComplaintDocument():
                return self._court_paper("complaint", document, document.filed)
            case EvidenceListDocument():
                return self._court_paper("evidence_list", document, document.filed)
            case AddressConfirmationDocument():
                return self._court_paper("address_confirmation", document, document.filed)
            case UndertakingDocument():
                return self._court_paper("undertaking", document, document.filed)
            case FilingReceiptDocument():
                return self._home_paper("filing_receipt", document, document.received)
            case CorrectionListDocument():
                return self._home_paper("correction_list", document, document.issued)
            case _:
                assert_never(document)

    def _court_paper(self, template: str, document: CourtDocument, created: date) -> bytes:
        return self.set_type(template, document, created, (Language.ZH,))

    def _home_paper(self, template: str, document: HomeDocument, created: date) -> bytes:
        return self.set_type(
            template,
            document,
            created,
            document.languages,
            labels=_labels(template, document.languages),
            qr=qr_png(document.receipt_no),
        )

    def set_type(
        self,
        template: str,
        document: object,
        created: date,
        languages: Sequence[Language],
        *,
        labels: Mapping[str, Sequence[str]] | None = None,
        qr: bytes = b"",
        tagged: bool = True,
    ) -> bytes:
        """One template over one record. `created` becomes the creation date, a day as its midnight in China."""
        encoder = Encoder(self.fonts.code_points, languages)
        moment = created if isinstance(created, datetime) else datetime.combine(created, time(), CHINA)
        data = {
            "document": encoder.encode(document),
            "labels": dict(labels or {}),
            "languages": [language.value for language in languages],
            "qr": list(qr),
            "families": self.fonts.families,
        }
        sources = {
            "main.typ": _template(f"{template}.typ"),
            _LIBRARY: _template(_LIBRARY),
            "data.json": json.dumps(data, ensure_ascii=False).encode(),
        }
        try:
            with self._lock:
                pdf = self._compiler.compile(
                    input=sources,  # type: ignore[type-var]  # the compiler takes a set of files, its stub says otherwise
                    format="pdf",
                    pdf_standards=["a-2b"],
                    timestamp=int(moment.timestamp()),
                    pdf_tags=tagged,
                )
        except typst.TypstError as error:
            raise RenderError(template, error.diagnostic) from None
        if not isinstance(pdf, bytes):
            raise RenderError(template, "the compiler gave no document")
        return pdf


@cache
def shared_renderer() -> Renderer:
    """The process's own renderer, made at first use."""
    return Renderer()


def render_complaint(document: ComplaintDocument) -> bytes:
    """民事起诉状 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)


def render_evidence_list(document: EvidenceListDocument) -> bytes:
    """证据清单 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)


def render_address_confirmation(document: AddressConfirmationDocument) -> bytes:
    """送达地址确认书 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)


def render_undertaking(document: UndertakingDocument) -> bytes:
    """诚信诉讼承诺书 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)


def render_filing_receipt(document: FilingReceiptDocument) -> bytes:
    """立案材料收据 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)


def render_correction_list(document: CorrectionListDocument) -> bytes:
    """补正告知 as PDF/A-2b. Raises as Renderer.render does."""
    return shared_renderer().render(document)
