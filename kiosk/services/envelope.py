"""From a dossier to the envelope that a court's system reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from kiosk.clock import CHINA
from kiosk.court.envelope import Envelope, EvidenceItem, FeeNotice, IdentitySource, Party, PartyKind, VolumePart
from kiosk.documents.volume import PartRange
from kiosk.flow.draft import FormSlot, Represented
from kiosk.i18n import Language
from kiosk.law.fee_payment import PrepayTime
from kiosk.services.dossier import Dossier, EvidenceEntry
from kiosk.services.filled import Filled
from kiosk.services.parties import DEFENDANT, DEFENDANTS, THIRD, THIRD_PARTIES, party_kind

Role = Literal["plaintiff", "defendant", "third_party", "agent", "representative"]

OTHER_PARTIES: dict[str, tuple[Role, str]] = {
    DEFENDANTS: ("defendant", DEFENDANT),
    THIRD_PARTIES: ("third_party", THIRD),
}
"""The repeats of the form of other parties: the role of whom they list, and what their question names begin with."""

_PAID_BEFORE_TRIAL = frozenset({PrepayTime.AFTER_NOTICE, PrepayTime.WITH_APPLICATION})


def envelope(dossier: Dossier, receipt_no: str, received: datetime, volume: Sequence[PartRange] = ()) -> Envelope:
    """Everything said, by question name, with the versions of what was shown, and the parts of the volume."""
    draft, claim = dossier.draft, dossier.claim
    identity = draft.identity
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
        answers=claim.as_json(),
        fee=_fee(dossier),
        evidence=tuple(_evidence(entry) for entry in dossier.evidence),
        volume=tuple(VolumePart(first_page=part.first_page, last_page=part.last_page) for part in volume),
        mediation=draft.mediation,
        consents=draft.consents,
        service_address=dossier.filled(FormSlot.ADDRESS).as_json(),
        corrections=tuple(correction.placed.in_(Language.ZH) for correction in dossier.corrections),
        signed_on=draft.signed_on or received.astimezone(CHINA).date(),
        origin=draft.origin,
    )


def _parties(dossier: Dossier) -> Iterator[Party]:
    draft = dossier.draft
    kind = PartyKind.ORGANISATION if draft.represented.is_organisation else PartyKind.NATURAL
    plaintiff = dossier.filled(dossier.plaintiff_slot)
    yield Party(role="plaintiff", kind=kind, name=plaintiff.text("name"), fields=plaintiff.as_json())
    if draft.represented is Represented.OWN_ORGANISATION:
        name = draft.identity.name if draft.identity else plaintiff.text("legal_representative")
        yield Party(role="representative", kind=PartyKind.NATURAL, name=name, fields=_at_the_terminal(dossier))
    if draft.represented.is_agent:
        agent = dossier.filled(FormSlot.AGENT)
        fields = _at_the_terminal(dossier) | agent.as_json()
        yield Party(role="agent", kind=PartyKind.NATURAL, name=agent.text("name"), fields=fields)
    others = dossier.filled(FormSlot.OTHERS)
    for repeat, (role, prefix) in OTHER_PARTIES.items():
        for one in others.instances(repeat):
            yield _other(role, prefix, one)


def _other(role: Role, prefix: str, one: Filled) -> Party:
    return Party(role=role, kind=party_kind(one, prefix), name=one.text(f"{prefix}_name"), fields=one.as_json())


def _at_the_terminal(dossier: Dossier) -> dict[str, JsonValue]:
    """Who files for somebody else, by the question names of the identity form, whether read or typed."""
    identity = dossier.draft.identity
    if identity is None:
        return {}
    fields: dict[str, JsonValue] = {
        "name": identity.name,
        "sex": identity.sex,
        "birth": identity.birth,
        "id_kind": identity.document,
        "id_number": identity.number,
    }
    return {name: value for name, value in fields.items() if value}


def _fee(dossier: Dossier) -> FeeNotice:
    fee, prepayment, amount = dossier.fee, dossier.prepayment, dossier.amount_in_dispute
    return FeeNotice(
        kind=fee.request.kind.value if fee else "",
        amount_in_dispute=format(amount, "f") if amount is not None else None,
        fee=format(fee.fee, "f") if fee else "",
        prepaid=prepayment is not None and prepayment.time in _PAID_BEFORE_TRIAL,
        table_version=fee.edition.version if fee else "",
    )


def _evidence(entry: EvidenceEntry) -> EvidenceItem:
    category = entry.filled.value("category")
    return EvidenceItem(
        title=entry.title,
        category=category if isinstance(category, str) else "",
        original={"original": True, "copy": False}.get(str(entry.filled.value("original"))),
        source=entry.filled.text("source"),
        purpose=entry.filled.text("purpose"),
        pages=len(entry.pages),
        first_page=entry.first_page,
        last_page=entry.last_page,
    )
