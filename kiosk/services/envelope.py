"""From a dossier to the envelope that a court's system reads."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from kiosk.court.envelope import Envelope, EvidenceItem, FeeNotice, IdentitySource, Party, PartyKind
from kiosk.flow.draft import FormSlot
from kiosk.forms.answers import to_json
from kiosk.i18n import Language
from kiosk.law.fee_payment import PrepayTime
from kiosk.services.dossier import Dossier
from kiosk.services.filled import Filled

Role = Literal["plaintiff", "defendant", "third_party", "agent", "representative"]

OTHER_PARTIES: dict[str, tuple[Role, str]] = {
    "defendants": ("defendant", "defendant"),
    "third_parties": ("third_party", "third"),
}
"""The repeats of the form of other parties: the role of whom they list, and what their question names begin with."""


def envelope(dossier: Dossier, receipt_no: str, received: datetime) -> Envelope:
    """Everything said, by question name, with the versions of what was shown."""
    draft, claim = dossier.draft, dossier.claim
    identity = draft.identity
    fee = dossier.fee
    prepaid = dossier.prepayment is not None and dossier.prepayment.time is PrepayTime.AFTER_NOTICE
    return Envelope(
        submission_id=draft.submission_id,
        receipt_no=receipt_no,
        created=received,
        language=dossier.journey.language.value,
        channel=dossier.channel,
        handling_court=draft.handling_court,
        competent_court=draft.competent_court,
        identity_source=identity.source if identity else IdentitySource.TYPED,
        identity_document=identity.document if identity else "",
        identity_number=identity.number if identity else "",
        capacity=draft.represented.capacity,
        parties=tuple(_parties(dossier)),
        cause_code=draft.cause.code if draft.cause else "",
        cause_name=dossier.cause_name,
        cause_version=draft.cause.version if draft.cause else "",
        form_id=claim.form.form_id,
        form_version=claim.form.version,
        answers=to_json(claim.answers),
        fee=FeeNotice(
            kind=fee.request.kind.value if fee else "",
            amount_in_dispute=str(dossier.amount_in_dispute) if dossier.amount_in_dispute is not None else None,
            fee=str(fee.fee) if fee else "",
            prepaid=prepaid,
            table_version=fee.edition.version if fee else "",
        ),
        evidence=tuple(
            EvidenceItem(
                title=entry.title,
                original=entry.filled.value("original") == "original",
                source=entry.filled.text("source"),
                purpose=entry.filled.text("purpose"),
                pages=len(entry.pages),
                first_page=entry.first_page,
                last_page=entry.last_page,
            )
            for entry in dossier.evidence
        ),
        mediation=draft.mediation,
        consents=draft.consents,
        service_address=_fields(dossier.filled(FormSlot.ADDRESS)),
        corrections=tuple(correction.text.in_(Language.ZH) for correction in dossier.corrections),
        signed_on=draft.signed_on or received.date(),
    )


def _parties(dossier: Dossier) -> list[Party]:
    organisation = dossier.draft.represented.is_organisation
    kind = PartyKind.ORGANISATION if organisation else PartyKind.NATURAL
    parties = [_party("plaintiff", kind, dossier.filled(dossier.plaintiff_slot))]
    if dossier.draft.represented.is_agent:
        parties.append(_party("agent", PartyKind.NATURAL, dossier.filled(FormSlot.AGENT)))
    others = dossier.filled(FormSlot.OTHERS)
    for repeat, (role, prefix) in OTHER_PARTIES.items():
        for one in others.instances(repeat):
            parties.append(_party(role, party_kind(one, prefix), one, f"{prefix}_name"))
    return parties


def party_kind(party: Filled, prefix: str) -> PartyKind:
    """Whether another party is a person or an organisation."""
    return PartyKind.ORGANISATION if party.value(f"{prefix}_kind") == "organisation" else PartyKind.NATURAL


def _party(role: Role, kind: PartyKind, filled: Filled, name: str = "name") -> Party:
    return Party(role=role, kind=kind, name=filled.text(name), fields=_fields(filled))


def _fields(filled: Filled) -> dict[str, JsonValue]:
    return to_json(filled.answers)
