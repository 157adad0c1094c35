"""The envelope: everything said, by question name, readable again without loss."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from kiosk.court.contract import Channel
from kiosk.court.envelope import Envelope
from kiosk.flow.consents import WORDING_VERSIONS, Purpose
from kiosk.flow.draft import FormSlot, Represented
from kiosk.forms.answers_json import from_json
from kiosk.forms.evaluate import evaluate
from kiosk.i18n import Language
from kiosk.services.envelope import envelope
from tests.unit.services.filings import CAUSES, NOW, OTHER_COURT, RECEIPT_NO, Filing, filing, reference, world


def sent(made: Filing) -> Envelope:
    return envelope(made.dossier(), RECEIPT_NO, NOW)


def floats_in(data: JsonValue) -> bool:
    match data:
        case float():
            return True
        case dict():
            return any(floats_in(value) for value in data.values())
        case list():
            return any(floats_in(value) for value in data)
        case _:
            return False


@given(
    form=st.sampled_from(list(CAUSES)),
    represented=st.sampled_from(Represented),
    language=st.sampled_from(Language),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=25, deadline=None)
def test_round_trip(form: str, represented: Represented, language: Language, seed: int) -> None:
    """N11: no amount is ever a float; what a clerk's system reads is what was answered."""
    made = filing(form, represented, seed, language=language, scans=seed % 3)
    whole = sent(made)
    data = whole.model_dump_json()
    assert Envelope.model_validate_json(data) == whole
    assert not floats_in(json.loads(data, parse_float=float))
    claim = made.dossier().claim
    again = from_json(claim.form, whole.answers)
    assert evaluate(claim.form, again, NOW.date()).answers == claim.evaluation.answers
    assert (
        whole.fee.amount_in_dispute is None or Decimal(whole.fee.amount_in_dispute) == made.dossier().amount_in_dispute
    )


def test_versions_of_everything_shown() -> None:
    """A case keeps the tables and wordings it was filed under."""
    made = filing("divorce")
    whole = sent(made)
    form = made.dossier().claim.form
    assert (whole.form_id, whole.form_version) == ("divorce", form.version)
    assert whole.cause_version == reference().causes.version
    assert whole.fee.table_version
    assert {c.purpose: c.wording_version for c in whole.consents} == {p.value: WORDING_VERSIONS[p] for p in Purpose}


def test_parties_in_their_roles() -> None:
    for represented in Represented:
        made = filing("private_lending", represented, 7)
        roles = [party.role for party in sent(made).parties]
        assert roles[0] == "plaintiff"
        assert ("agent" in roles) == represented.is_agent
        assert ("representative" in roles) == (represented is Represented.OWN_ORGANISATION)
        assert "defendant" in roles


def test_who_filed_for_somebody_else_is_known() -> None:
    """民诉法 61: the agent's own identity travels with the agent, not with the party."""
    made = filing(represented=Represented.OTHER_PERSON)
    identity = made.draft.identity
    assert identity is not None
    agent = next(party for party in sent(made).parties if party.role == "agent")
    assert agent.fields["id_number"] == identity.number
    assert agent.fields["authority"] in {"general", "special"}
    assert sent(made).parties[0].fields.get("id_number") != identity.number


def test_channel_and_courts() -> None:
    assert sent(filing()).channel is Channel.TERMINAL
    elsewhere = sent(filing().changed(competent_court=OTHER_COURT))
    assert (elsewhere.channel, elsewhere.competent_court) == (Channel.TERMINAL_CROSS_REGION, OTHER_COURT)


def test_without_a_cause_and_without_money() -> None:
    made = filing("general", named=False).answering(FormSlot.CLAIM, requests=())
    whole = sent(made)
    assert (whole.cause_code, whole.cause_version, whole.fee.amount_in_dispute) == ("", "", None)
    assert whole.corrections  # listed, not refused


def test_wages_need_no_prepayment() -> None:
    """诉讼费用交纳办法 20."""
    worker = filing("labour_dispute").answering(FormSlot.CLAIM, filed_by="employee")
    assert sent(worker).fee.prepaid is False
    assert sent(worker.answering(FormSlot.CLAIM, filed_by="employer")).fee.prepaid is True
    assert sent(filing("private_lending")).fee.prepaid is True


def test_the_form_of_the_world_is_the_form_of_the_envelope() -> None:
    made = filing("sale_contract")
    assert sent(made).form_id == world().form(made.journey, FormSlot.CLAIM).form_id == "sale_contract"
