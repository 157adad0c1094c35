"""The parties of a complaint as they stand on papers: plaintiff, agent, defendants and third parties."""

from __future__ import annotations

from kiosk.court.envelope import PartyKind
from kiosk.documents.model import Agent, AgentAuthority, NaturalPerson, Organisation, Party, UnspecifiedParty
from kiosk.services.filled import Filled

DEFENDANTS, DEFENDANT = "defendants", "defendant"
THIRD_PARTIES, THIRD = "third_parties", "third"
"""The repeats of the form of other parties, and what the names of their questions begin with."""


def party_kind(party: Filled, prefix: str) -> PartyKind:
    """Whether another party is a person or an organisation; never guessed from the name."""
    match party.value(f"{prefix}_kind"):
        case "natural":
            return PartyKind.NATURAL
        case "organisation":
            return PartyKind.ORGANISATION
        case _:
            return PartyKind.UNKNOWN


def natural_plaintiff(filled: Filled) -> NaturalPerson:
    """原告（自然人）."""
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


def organisation_plaintiff(filled: Filled) -> Organisation:
    """原告（法人、非法人组织）."""
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


def agent(filled: Filled, represents: str) -> Agent:
    """委托诉讼代理人; special powers one by one, as 民诉法 62 asks."""
    authority = filled.value("authority")
    return Agent(
        name=filled.text("name"),
        kind=filled.text("agent_kind"),
        workplace=filled.text("employer"),
        position=filled.text("position"),
        phone=filled.text("phone"),
        authority=AgentAuthority(authority) if isinstance(authority, str) and authority else None,
        powers=filled.texts("special_items"),
        until=filled.day("authority_until"),
        represents=represents,
    )


def other_party(one: Filled, prefix: str) -> Party:
    """被告 or 第三人; required is only the name (民诉法 124 item 2)."""

    def text(name: str) -> str:
        return one.text(f"{prefix}_{name}")

    match party_kind(one, prefix):
        case PartyKind.ORGANISATION:
            return Organisation(
                name=text("name"),
                domicile=text("address"),
                representative=text("representative"),
                phone=text("phone"),
                credit_code=text("uscc"),
                kind=text("organisation_kind"),
                relation=text("relation"),
            )
        case PartyKind.NATURAL:
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
                relation=text("relation"),
            )
        case PartyKind.UNKNOWN:
            return UnspecifiedParty(
                name=text("name"), domicile=text("address"), phone=text("phone"), relation=text("relation")
            )
