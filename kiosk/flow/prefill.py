"""Nothing is asked twice: what is known from the card or an earlier page is already there, and can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from drivers.api.records import IdentityCard, IdentityKind
from kiosk.court.envelope import IdentitySource
from kiosk.flow.draft import Draft, FormSlot, Identity, Represented
from kiosk.flow.filling import with_answers
from kiosk.forms.answers import Answers, Value
from kiosk.identity.codes import ethnic_groups

_DOCUMENT_OF_CARD = {
    IdentityKind.RESIDENT: "resident",
    IdentityKind.HMT_PERMIT: "hmt_permit",
    IdentityKind.FOREIGNER_2017: "foreigner",
    IdentityKind.FOREIGNER_2023: "foreigner",
}


def identity_of_card(card: IdentityCard) -> Identity:
    """The person as the card describes them, at the address written last; who has no Chinese name keeps the other."""
    return Identity(
        source=IdentitySource.CARD,
        document=_DOCUMENT_OF_CARD[card.kind],
        name=card.name or card.english_name,
        number=card.number,
        sex={"1": "male", "2": "female"}.get(card.sex, ""),
        birth=card.birth,
        nation=_nation(card.nation) or card.nationality,
        address=card.appended_address or card.address,
    )


def _nation(code: str) -> str:
    """The name of an ethnic group as it stands on the card (GB/T 3304), empty for a code that is none."""
    group = ethnic_groups().get(code)
    return group.name.zh if group is not None else ""


def identity_of_answers(answers: Answers) -> Identity:
    """The person as typed on the identity form."""

    def text(name: str) -> str:
        value = answers.value(name)
        return "" if value is None else str(value)

    return Identity(
        source=IdentitySource.TYPED,
        document=text("id_kind"),
        name=text("name"),
        number=text("id_number"),
        sex=text("sex"),
        birth=text("birth"),
    )


def with_identity(draft: Draft, identity: Identity) -> Draft:
    """The draft of whoever is at the terminal now; what was begun from another identity is taken back."""
    former = draft.identity
    if former is not None and former != identity:
        draft = _withdrawn(draft, former, tuple(FormSlot))
        if draft.answers_of(FormSlot.ADDRESS).value("recipient") == former.name:
            draft = with_answers(draft, FormSlot.ADDRESS, Answers())
    return replace(draft, identity=identity)


def prefill(draft: Draft) -> Draft:
    """The draft with the party forms begun from the identity; answers already given are kept, even empty ones."""
    identity = draft.identity
    if identity is None:
        return draft
    wanted = _begun(identity, draft.represented)
    draft = _withdrawn(draft, identity, tuple(slot for slot in FormSlot if slot not in wanted))
    for slot, values in wanted.items():
        draft = _fill(draft, slot, **values)
    return draft


def _begun(identity: Identity, represented: Represented) -> Mapping[FormSlot, Mapping[str, Value]]:
    """What the identity tells of the parties, for one capacity."""
    match represented:
        case Represented.SELF:
            person: dict[str, Value] = {
                "name": identity.name,
                "sex": identity.sex or None,
                "birth": _date(identity.birth),
                "nation": identity.nation if identity.document != "foreigner" and identity.nation else None,
                "id_kind": identity.document or None,
                "id_number": identity.number or None,
                "address": identity.address or None,
            }
            return {FormSlot.PLAINTIFF: person}
        case Represented.OWN_ORGANISATION:
            return {FormSlot.ORGANISATION: {"legal_representative": identity.name}}
        case Represented.OTHER_PERSON | Represented.OTHER_ORGANISATION:
            return {FormSlot.AGENT: {"name": identity.name}}


def _withdrawn(draft: Draft, identity: Identity, slots: tuple[FormSlot, ...]) -> Draft:
    """The draft without what was begun from `identity` in `slots`. A form with another name is somebody else's."""
    for represented in Represented:
        for slot, values in _begun(identity, represented).items():
            known = draft.answers_of(slot)
            named = next(iter(values))
            if slot not in slots or known.value(named) != values[named]:
                continue
            kept = {name: value for name, value in known.items() if name not in values or value != values[name]}
            draft = with_answers(draft, slot, Answers(kept))
    return draft


def prefill_address(draft: Draft) -> Draft:
    """The address confirmation begun from the plaintiff; the address for service may differ and can be changed."""
    if draft.represented.is_organisation:
        source, number = draft.answers_of(FormSlot.ORGANISATION), "uscc"
    else:
        source, number = draft.answers_of(FormSlot.PLAINTIFF), "id_number"
    return _fill(
        draft,
        FormSlot.ADDRESS,
        recipient=_plain(source, "name"),
        id_kind="uscc" if draft.represented.is_organisation else _plain(source, "id_kind"),
        id_number=_plain(source, number),
        address=_plain(source, "habitual_residence") or _plain(source, "address"),
        mobile=_plain(source, "phone"),
    )


def _plain(answers: Answers, name: str) -> Value:
    value = answers.value(name)
    return None if isinstance(value, tuple) else value


def _date(iso: str) -> Value:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _fill(draft: Draft, slot: FormSlot, **values: Value) -> Draft:
    known = draft.answers_of(slot)
    for name, value in values.items():
        if name not in known and value is not None:
            known = known.replaced(name, value)
    return with_answers(draft, slot, known)
