"""From a dossier to the papers of the filing: complaint, evidence list, address confirmation, undertaking, volume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from kiosk.clock import CHINA
from kiosk.documents.complaint import (
    Agreement,
    ComplaintDocument,
    EvidenceReference,
    MediationWill,
    Preservation,
    Witness,
)
from kiosk.documents.model import Party, Signature
from kiosk.documents.papers import (
    AddressConfirmationDocument,
    CorrectionItem,
    CorrectionListDocument,
    CorrectionOrigin,
    ElectronicService,
    EvidenceLine,
    EvidenceListDocument,
    Exemplar,
    FilingReceiptDocument,
    ReceiptLine,
    Receiver,
    UndertakingDocument,
)
from kiosk.documents.volume import PageContent, ScannedPage, Volume, VolumeFront
from kiosk.flow.consents import Purpose
from kiosk.flow.draft import FormSlot, Represented
from kiosk.i18n import Language, Text, catalogue
from kiosk.law.courts import CourtRegistry
from kiosk.services.dossier import Dossier, EvidenceEntry
from kiosk.services.filled import COURT_LANGUAGE, Filled
from kiosk.services.parties import (
    DEFENDANT,
    THIRD,
    THIRD_PARTIES,
    agent,
    natural_plaintiff,
    organisation_plaintiff,
    other_party,
)
from kiosk.session.pages import kept_page, kept_text
from kiosk.session.scratch import Scratch, ScratchKey

_GENERAL_TITLE = "民事起诉状"
_SET_APART = frozenset({"facts", "has_witnesses", "witness_name", "witness_address"})
"""Questions of the facts that have their own place on the complaint."""


class PaperMaker:
    """Makes the papers of one filing. `received` is the time of receipt that all of them state; `signature` is the
    signature as drawn (PNG), None where nobody signed."""

    def __init__(
        self, dossier: Dossier, courts: CourtRegistry, scratch: Scratch, receipt_no: str, received: datetime
    ) -> None:
        self._dossier = dossier
        self._courts = courts
        self._scratch = scratch
        self._receipt_no = receipt_no
        self._received = received
        self.signature = scratch.get(dossier.draft.signature) if dossier.draft.signature is not None else None

    @property
    def filed(self) -> date:
        """The day on every paper."""
        return self._received.astimezone(CHINA).date()

    @property
    def court(self) -> str:
        """The competent court's Chinese name; its code where the terminal does not know the court."""
        return court_name(self._courts, self._dossier.draft.competent_court).in_(COURT_LANGUAGE)

    @property
    def signer(self) -> str:
        """Who signs: the party, or below it on a line of its own its representative or agent (民诉法 51, 61)."""
        draft, submitter = self._dossier.draft, self._dossier.submitter
        person = draft.identity.name if draft.identity is not None else ""
        match draft.represented:
            case Represented.SELF:
                return submitter or person
            case Represented.OWN_ORGANISATION:
                return "\n".join(filter(None, (submitter, person)))
            case Represented.OTHER_PERSON | Represented.OTHER_ORGANISATION:
                return "\n".join(filter(None, (submitter, f"委托诉讼代理人 {person}".rstrip())))

    def _signatures(self) -> tuple[Signature, ...]:
        return (Signature(self.signer, self.signature),)

    # -- complaint

    def complaint(self) -> ComplaintDocument:
        """民事起诉状."""
        dossier, claim = self._dossier, self._dossier.claim
        others = dossier.filled(FormSlot.OTHERS)
        defendants = tuple(other_party(one, DEFENDANT) for one in dossier.defendants)
        title = claim.form.title.in_(COURT_LANGUAGE)
        return ComplaintDocument(
            form_name=title.removeprefix(_GENERAL_TITLE).strip("（）()"),
            cause_of_action=dossier.cause_name,
            plaintiffs=(self._plaintiff(),),
            defendants=defendants,
            third_parties=tuple(other_party(one, THIRD) for one in others.instances(THIRD_PARTIES)),
            has_third_parties=others.yes("has_third_parties"),
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            agents=(agent(dossier.filled(FormSlot.AGENT), dossier.submitter),)
            if dossier.draft.represented.is_agent
            else (),
            claims=tuple(claim.rows("claims")),
            amount_in_dispute=dossier.amount_in_dispute,
            agreement=Agreement(_agreed(claim), _clause(claim)),
            preservation=Preservation(
                claim.yes("preserved"),
                claim.text("preservation_court"),
                claim.text("preservation_date"),
                claim.text("preservation_case"),
            ),
            elements=tuple(claim.rows("facts", without=_SET_APART)),
            facts=claim.text("facts"),
            mediation=MediationWill(considers=dossier.draft.mediation),
            evidence=EvidenceReference(len(dossier.evidence), sum(len(entry.pages) for entry in dossier.evidence)),
            has_witnesses=claim.yes("has_witnesses"),
            witnesses=tuple(
                Witness(w.text("witness_name"), w.text("witness_address")) for w in claim.instances("witnesses")
            ),
            copies=len(defendants),
            reference=self._receipt_no,
        )

    def _plaintiff(self) -> Party:
        filled = self._dossier.filled(self._dossier.plaintiff_slot)
        if self._dossier.draft.represented.is_organisation:
            return organisation_plaintiff(filled)
        return natural_plaintiff(filled)

    # -- the other papers

    def evidence_list(self) -> EvidenceListDocument:
        """证据清单 (证据规定 19), with a copy for each opponent."""
        return EvidenceListDocument(
            cause_of_action=self._dossier.cause_name,
            submitter=self._dossier.submitter,
            lines=tuple(_evidence_line(entry) for entry in self._dossier.evidence),
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            copies=len(self._dossier.defendants),
            reference=self._receipt_no,
        )

    def address_confirmation(self) -> AddressConfirmationDocument:
        """送达地址确认书; electronic service is a consent of its own."""
        filled = self._dossier.filled(FormSlot.ADDRESS)
        consent = self._dossier.draft.consent(Purpose.E_SERVICE)
        return AddressConfirmationDocument(
            cause_of_action=self._dossier.cause_name,
            addressee=filled.text("recipient"),
            id_kind=filled.text("id_kind"),
            id_number=filled.text("id_number"),
            region="",
            address=filled.text("address"),
            postcode=filled.text("postcode"),
            phone=filled.text("mobile"),
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            electronic=ElectronicService(
                agreed=consent.granted if consent is not None else None,
                phone=filled.text("mobile") if consent is not None and consent.granted else "",
            ),
            has_receiver=filled.yes("has_receiver"),
            receiver=_receiver(filled) if filled.yes("has_receiver") else None,
            other_contact=filled.text("other_contact"),
            confidential=filled.yes("confidential"),
            remarks=filled.text("remarks"),
            reference=self._receipt_no,
        )

    def undertaking(self) -> UndertakingDocument | None:
        """诚信诉讼承诺书; None where it was not given."""
        if not self._dossier.draft.granted(Purpose.UNDERTAKING):
            return None
        return UndertakingDocument(
            cause_of_action=self._dossier.cause_name,
            submitter=self._dossier.submitter,
            opponents=self._opponents(),
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            reference=self._receipt_no,
        )

    def _opponents(self) -> tuple[str, ...]:
        names = (one.text("defendant_name") for one in self._dossier.defendants)
        return tuple(name for name in names if name)

    def volume(self, limit: int) -> Volume | None:
        """The scanned pages as a volume with every line of the evidence list in its index, in parts of at most `limit`
        bytes; None where nothing was scanned."""
        evidence = self._dossier.evidence
        pages = [ScannedPage(entry.index, self._page(key)) for entry in evidence for key in entry.pages]
        if not pages:
            return None
        return Volume(pages, [entry.title for entry in evidence], self.volume_front(), limit=limit)

    def _page(self, key: ScratchKey) -> Callable[[], PageContent]:
        return lambda: PageContent(kept_page(self._scratch, key), kept_text(self._scratch, key))

    def volume_front(self) -> VolumeFront:
        """The title page of the volume."""
        return VolumeFront(
            court=self.court,
            cause_of_action=self._dossier.cause_name,
            plaintiffs=tuple(filter(None, (self._dossier.submitter,))),
            defendants=self._opponents(),
            filed=self.filed,
            reference=self._receipt_no,
        )

    # -- what the person takes home

    def received(self, pages: Mapping[str, int]) -> tuple[ReceiptLine, ...]:
        """Every document that was received, for all receipts: the papers made here, by their name in the catalogue,
        with their numbers of pages, and the scanned evidence. What was only named in the evidence list was not."""
        made = [ReceiptLine(catalogue()[f"papers.{name}"], Exemplar.ELECTRONIC, count) for name, count in pages.items()]
        scanned = [
            ReceiptLine(entry.title, _SCAN_OF[_exemplar(entry.filled)], len(entry.pages))
            for entry in self._dossier.evidence
            if entry.pages
        ]
        return (*made, *scanned)

    def receipt(
        self, terminal: str, lines: tuple[ReceiptLine, ...], languages: tuple[Language, ...]
    ) -> FilingReceiptDocument:
        """立案材料收据 (民诉法 69, 登记立案规定 2)."""
        draft = self._dossier.draft
        return FilingReceiptDocument(
            receipt_no=self._receipt_no,
            received=self._received,
            court=court_name(self._courts, draft.handling_court),
            competent_court=court_name(self._courts, draft.competent_court),
            submitter=self._dossier.submitter,
            cause_of_action=self._dossier.cause_text,
            terminal=terminal,
            lines=lines,
            languages=languages,
        )

    def correction_list(self, languages: tuple[Language, ...]) -> CorrectionListDocument | None:
        """What could still be completed, as a hint that refuses nothing; None where nothing was found."""
        items = tuple(CorrectionItem(found.placed, found.basis) for found in self._dossier.corrections)
        if not items:
            return None
        return CorrectionListDocument(
            origin=CorrectionOrigin.TERMINAL,
            receipt_no=self._receipt_no,
            court=court_name(self._courts, self._dossier.draft.handling_court),
            recipient=self._dossier.submitter,
            cause_of_action=self._dossier.cause_text,
            items=items,
            issued=self.filed,
            languages=languages,
        )


def court_name(courts: CourtRegistry, code: str) -> Text:
    """A court's name in three languages; its code where it is not listed."""
    return courts.get(code).name if code in courts else Text(code, code, code)


_SCAN_OF = {
    Exemplar.ORIGINAL: Exemplar.SCAN_OF_ORIGINAL,
    Exemplar.COPY: Exemplar.SCAN_OF_COPY,
    None: Exemplar.SCAN,
}


def _exemplar(evidence: Filled) -> Exemplar | None:
    return {"original": Exemplar.ORIGINAL, "copy": Exemplar.COPY}.get(str(evidence.value("original")))


def _evidence_line(entry: EvidenceEntry) -> EvidenceLine:
    return EvidenceLine(
        title=entry.title,
        category=entry.filled.text("category"),
        exemplar=_exemplar(entry.filled),
        pages=len(entry.pages),
        source=entry.filled.text("source"),
        purpose=entry.filled.text("purpose"),
        first_page=entry.first_page,
        last_page=entry.last_page,
    )


def _receiver(filled: Filled) -> Receiver:
    return Receiver(
        filled.text("receiver_name"),
        filled.text("receiver_relation"),
        id_number=filled.text("receiver_id_number"),
        phone=filled.text("receiver_phone"),
    )


def _agreed(claim: Filled) -> bool | None:
    match claim.value("agreed_forum"):
        case "arbitration" | "court":
            return True
        case "none":
            return False
        case _:
            return None


def _clause(claim: Filled) -> str:
    """What was agreed, as the form asks it, and the words of the clause."""
    known = claim.text("agreed_forum") if claim.value("agreed_forum") != "none" else ""
    return "：".join(filter(None, (known, claim.text("forum_clause"))))
