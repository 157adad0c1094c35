"""From a dossier to the papers of the filing: complaint, evidence list, address confirmation, undertaking, volume."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from kiosk.court.envelope import PartyKind
from kiosk.documents.complaint import (
    Agreement,
    ComplaintDocument,
    EvidenceReference,
    MediationWill,
    Preservation,
    Witness,
)
from kiosk.documents.model import Agent, AgentAuthority, NaturalPerson, Organisation, Party, Signature
from kiosk.documents.papers import (
    AddressConfirmationDocument,
    ElectronicService,
    EvidenceLine,
    EvidenceListDocument,
    Exemplar,
    FilingReceiptDocument,
    ReceiptLine,
    Receiver,
    UndertakingDocument,
)
from kiosk.documents.volume import ScannedPage, VolumeFront
from kiosk.flow.consents import Purpose
from kiosk.flow.draft import FormSlot
from kiosk.i18n import Language, Text, catalogue
from kiosk.law.courts import CourtRegistry
from kiosk.services.dossier import Dossier
from kiosk.services.envelope import party_kind
from kiosk.services.filled import COURT_LANGUAGE, Filled, rows
from kiosk.session.scratch import Scratch

_GENERAL_TITLE = "民事起诉状"


class PaperMaker:
    """Makes the papers of one filing. `signature` is the signature as drawn (PNG) or None."""

    def __init__(
        self, dossier: Dossier, courts: CourtRegistry, scratch: Scratch, receipt_no: str, received: datetime
    ) -> None:
        self._dossier = dossier
        self._courts = courts
        self._scratch = scratch
        self._receipt_no = receipt_no
        self._received = received
        self._signature = scratch.get(dossier.draft.signature) if dossier.draft.signature is not None else None

    @property
    def filed(self) -> date:
        """The day on every paper."""
        return self._received.date()

    @property
    def court(self) -> str:
        """The competent court's Chinese name; its code where the terminal does not know the court."""
        return court_name(self._courts, self._dossier.draft.competent_court).in_(COURT_LANGUAGE)

    @property
    def submitter(self) -> str:
        """Who files, as named on the papers."""
        return self._dossier.filled(self._dossier.plaintiff_slot).text("name")

    @property
    def signer(self) -> str:
        """Who signs: the person at the terminal, for whomever they file."""
        identity = self._dossier.draft.identity
        return identity.name if identity is not None and identity.name else self.submitter

    def _signatures(self) -> tuple[Signature, ...]:
        return (Signature(self.signer, self._signature),)

    # -- complaint

    def complaint(self) -> ComplaintDocument:
        """民事起诉状."""
        dossier, claim = self._dossier, self._dossier.claim
        pages = claim.evaluation.pages
        others = dossier.filled(FormSlot.OTHERS)
        general = claim.form.form_id == "general"
        defendants = tuple(_other_party(one, "defendant") for one in others.instances("defendants"))
        third = tuple(_other_party(one, "third") for one in others.instances("third_parties"))
        return ComplaintDocument(
            form_name=""
            if general
            else claim.form.title.in_(COURT_LANGUAGE).removeprefix(_GENERAL_TITLE).strip("（）()"),
            cause_of_action=dossier.cause_name,
            plaintiffs=(self._plaintiff(),),
            defendants=defendants,
            third_parties=third,
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            agents=(self._agent(),) if dossier.draft.represented.is_agent else (),
            claims=tuple(rows(pages, "claims")),
            amount_in_dispute=dossier.amount_in_dispute,
            agreement=Agreement(_agreed(claim), claim.text("forum_clause")),
            preservation=Preservation(
                claim.yes("preserved"),
                claim.text("preservation_court"),
                claim.text("preservation_date"),
                claim.text("preservation_case"),
            ),
            elements=tuple(row for row in rows(pages, "facts") if row.question != _facts_label(claim)),
            facts=claim.text("facts"),
            mediation=MediationWill(considers=dossier.draft.mediation),
            evidence=EvidenceReference(len(dossier.evidence), sum(len(entry.pages) for entry in dossier.evidence)),
            witnesses=tuple(
                Witness(w.text("witness_name"), w.text("witness_address")) for w in claim.instances("witnesses")
            ),
            copies=len(defendants),
            reference=self._receipt_no,
        )

    def _plaintiff(self) -> Party:
        filled = self._dossier.filled(self._dossier.plaintiff_slot)
        if self._dossier.draft.represented.is_organisation:
            return Organisation(
                name=filled.text("name"),
                domicile=filled.text("address"),
                registered_at=filled.text("registered_address"),
                representative=filled.text("legal_representative"),
                position=filled.text("position"),
                phone=filled.text("phone"),
                credit_code=filled.text("uscc"),
                kind=filled.text("organisation_kind"),
                ownership="，".join(filter(None, (filled.text("ownership"), filled.text("state_share")))),
            )
        return NaturalPerson(
            name=filled.text("name"),
            sex=filled.text("sex"),
            birth=filled.day("birth"),
            ethnicity=filled.text("nation"),
            workplace=filled.text("employer"),
            occupation=filled.text("occupation"),
            phone=filled.text("phone"),
            domicile=filled.text("address"),
            residence=filled.text("habitual_residence"),
            id_kind=filled.text("id_kind"),
            id_number=filled.text("id_number"),
        )

    def _agent(self) -> Agent:
        filled = self._dossier.filled(FormSlot.AGENT)
        authority = filled.value("authority")
        powers = filled.text("special_items")
        return Agent(
            name=filled.text("name"),
            workplace=filled.text("employer"),
            position=filled.text("position"),
            phone=filled.text("phone"),
            authority=AgentAuthority(authority) if isinstance(authority, str) and authority else None,
            powers=tuple(part for part in powers.split("、") if part),
            represents=self.submitter,
        )

    # -- the other papers

    def evidence_list(self) -> EvidenceListDocument:
        """证据清单."""
        lines = tuple(
            EvidenceLine(
                title=entry.title,
                exemplar=_exemplar(entry.filled),
                pages=len(entry.pages),
                source=entry.filled.text("source"),
                purpose=entry.filled.text("purpose"),
                first_page=entry.first_page,
                last_page=entry.last_page,
            )
            for entry in self._dossier.evidence
        )
        return EvidenceListDocument(
            cause_of_action=self._dossier.cause_name,
            submitter=self.submitter,
            lines=lines,
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            reference=self._receipt_no,
        )

    def address_confirmation(self) -> AddressConfirmationDocument:
        """送达地址确认书; electronic service is a consent of its own."""
        filled = self._dossier.filled(FormSlot.ADDRESS)
        consent = self._dossier.draft.consent(Purpose.E_SERVICE)
        receiver = None
        if filled.yes("has_receiver"):
            receiver = Receiver(
                filled.text("receiver_name"),
                filled.text("receiver_relation"),
                id_number=filled.text("receiver_id_number"),
                phone=filled.text("receiver_phone"),
            )
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
            receiver=receiver,
            other_contact=filled.text("other_contact"),
            confidential=filled.yes("confidential"),
            remarks=filled.text("remarks"),
            reference=self._receipt_no,
        )

    def undertaking(self) -> UndertakingDocument | None:
        """诚信诉讼承诺书; None where it was not given."""
        if not self._dossier.draft.granted(Purpose.UNDERTAKING):
            return None
        others = self._dossier.filled(FormSlot.OTHERS)
        return UndertakingDocument(
            cause_of_action=self._dossier.cause_name,
            submitter=self.submitter,
            opponents=tuple(one.text("defendant_name") for one in others.instances("defendants")),
            court=self.court,
            signatures=self._signatures(),
            filed=self.filed,
            reference=self._receipt_no,
        )

    def scans(self) -> tuple[tuple[ScannedPage, ...], tuple[str, ...]]:
        """The scanned pages in order, and the title of every line of the evidence list."""
        pages = tuple(
            ScannedPage(entry.index, self._scratch.get(key)) for entry in self._dossier.evidence for key in entry.pages
        )
        return pages, tuple(entry.title for entry in self._dossier.evidence)

    def volume_front(self) -> VolumeFront:
        """The title page of the volume."""
        others = self._dossier.filled(FormSlot.OTHERS)
        return VolumeFront(
            court=self.court,
            cause_of_action=self._dossier.cause_name,
            plaintiffs=(self.submitter,),
            defendants=tuple(one.text("defendant_name") for one in others.instances("defendants")),
            filed=self.filed,
            reference=self._receipt_no,
        )

    def receipt(
        self, terminal: str, pages: Mapping[str, int], languages: tuple[Language, ...]
    ) -> FilingReceiptDocument:
        """立案材料收据 for the person (民诉法 69); `pages` of each paper made here, by its name in the catalogue."""
        lines = [
            ReceiptLine(catalogue()[f"papers.{name}"], Exemplar.ELECTRONIC, count) for name, count in pages.items()
        ]
        lines += [ReceiptLine(e.title, _exemplar(e.filled), len(e.pages)) for e in self._dossier.evidence]
        draft = self._dossier.draft
        return FilingReceiptDocument(
            receipt_no=self._receipt_no,
            received=self._received,
            court=court_name(self._courts, draft.handling_court),
            competent_court=court_name(self._courts, draft.competent_court),
            submitter=self.submitter,
            cause_of_action=self._dossier.cause_name,
            terminal=terminal,
            lines=tuple(lines),
            languages=languages,
        )


def court_name(courts: CourtRegistry, code: str) -> Text:
    """A court's name in three languages; its code where it is not listed."""
    return courts.get(code).name if code in courts else Text(code, code, code)


def _other_party(one: Filled, prefix: str) -> Party:
    def text(name: str) -> str:
        return one.text(f"{prefix}_{name}")

    if party_kind(one, prefix) is PartyKind.ORGANISATION:
        return Organisation(
            name=text("name"),
            domicile=text("address"),
            representative=text("representative"),
            phone=text("phone"),
            credit_code=text("uscc"),
            kind=text("organisation_kind"),
        )
    return NaturalPerson(
        name=text("name"),
        sex=text("sex"),
        birth=one.day(f"{prefix}_birth"),
        ethnicity=text("nation"),
        workplace=text("employer"),
        phone=text("phone"),
        domicile=text("address"),
        residence=text("residence"),
        id_number=text("id_number"),
    )


def _exemplar(evidence: Filled) -> Exemplar:
    return Exemplar.ORIGINAL if evidence.value("original") == "original" else Exemplar.COPY


def _agreed(claim: Filled) -> bool | None:
    match claim.value("agreed_forum"):
        case "arbitration" | "court":
            return True
        case "none":
            return False
        case _:
            return None


def _facts_label(claim: Filled) -> str:
    entry = claim.form.entries.get("facts")
    return entry.question.label.in_(COURT_LANGUAGE) if entry else ""
