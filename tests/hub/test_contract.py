"""The published contract over real HTTP with the hub as its own process, on SQLite and PostgreSQL."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kiosk.clock import CHINA, SystemClock
from kiosk.court.canonical import canonical_json, manifest_sha256
from kiosk.court.client import HubClient
from kiosk.court.contract import (
    AssistanceCall,
    AssistanceReason,
    BlobRole,
    CaseList,
    Heartbeat,
    HeartbeatReply,
    MissingBlobs,
    Problem,
    Receipt,
    SubmissionState,
)
from kiosk.court.heartbeats import fresh_nonce, verify_reply
from kiosk.court.keys import SigningKey, VerifyKey, development_device_key
from kiosk.court.receipts import verify_receipt
from kiosk.court.sealing import CourtPublicKey
from provisioning.hub.api.endpoint import Door
from provisioning.hub.api.endpoints import ENDPOINTS, openapi_document
from provisioning.hub.push.events import EventKind
from tests.hub.conftest import StartHub
from tests.hub.filings import IDENTITY_NUMBER, WireTerminal, make_filing
from tests.hub.processes import HubProcess, hub_command, wait_for

DOCUMENT = Path(__file__).parents[2] / "docs" / "openapi.json"


def submissions(hub: HubProcess) -> list[dict[str, object]]:
    """What the command line says was received."""
    options = hub.options[:2] if "--database" in hub.options else ()
    done = hub_command("submissions", "--data", str(hub.data), *options, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_the_real_client_files_and_finds_its_case(hub: HubProcess) -> None:
    """A terminal's own client delivers byte for byte, and the person sees the state by receipt and by card (S0-23)."""
    clock = SystemClock()
    client = HubClient(hub.url, development_device_key(), clock)
    court = client.court_info()
    filing = make_filing(court, corrections=())
    hashes = tuple(filing.blobs)
    assert set(client.missing_blobs(hashes)) == set(hashes)
    for sha256, content in filing.blobs.items():
        middle = len(content) // 2
        assert client.upload_offset(sha256) == 0
        assert client.append_chunk(sha256, 0, content[:middle], last=False) == middle
        assert client.append_chunk(sha256, middle, content[middle:], last=True) == len(content)
        assert (hub.data / "blobs" / sha256[:2] / sha256).read_bytes() == content
    assert client.missing_blobs(hashes) == ()
    receipt = client.put_submission(filing.manifest)
    sha256 = manifest_sha256(filing.manifest)
    verify_receipt(
        receipt,
        VerifyKey.from_text(court.signing_key),
        submission_id=filing.manifest.submission_id,
        manifest_sha256=sha256,
    )
    (row,) = submissions(hub)
    assert (row["submission_id"], row["sha256"]) == (str(filing.manifest.submission_id), sha256)
    assert [blob["sha256"] for blob in row["blobs"]] == list(filing.blobs)  # type: ignore[attr-defined]

    by_receipt = client.cases_by_receipt(filing.manifest.receipt_no, 10).cases
    assert by_receipt[0].state is SubmissionState.RECEIVED
    key = CourtPublicKey.from_text(court.sealing_key)
    wait_for(lambda: client.cases_by_identity(IDENTITY_NUMBER.lower(), key, 10).cases)
    (case,) = client.cases_by_identity(IDENTITY_NUMBER, key, 10).cases
    assert case.cause_name == "民间借贷纠纷"
    assert case.decision_due.date() >= (case.received + timedelta(days=7)).date()
    assert client.cases_by_identity("110105194912310011", key, 10).cases == ()
    client.close()


def test_the_same_submission_again_gives_the_stored_receipt(hub: HubProcess, terminal: WireTerminal) -> None:
    """Exactly once: a repeated PUT changes nothing and says the same (N3)."""
    filing = make_filing(terminal.court())
    first = terminal.deliver(filing)
    assert first.status_code == 200
    again = [terminal.put(filing.manifest) for _ in range(3)]
    assert {reply.content for reply in again} == {first.content}
    assert len(submissions(hub)) == 1


def test_twenty_at_once_are_stored_once(hub: HubProcess, terminal: WireTerminal) -> None:
    """The same submission from many connections at the same moment: one row, one receipt (F36)."""
    filing = make_filing(terminal.court())
    terminal.upload(filing)

    def put(_: int) -> bytes:
        with WireTerminal(hub.url) as speaking:
            return speaking.put(filing.manifest).content

    with ThreadPoolExecutor(20) as pool:
        replies = set(pool.map(put, range(20)))
    assert len(replies) == 1
    assert Receipt.model_validate_json(replies.pop()).receipt_no == filing.manifest.receipt_no
    assert len(submissions(hub)) == 1


def test_other_content_under_a_stored_id_is_refused(hub: HubProcess, terminal: WireTerminal) -> None:
    """Same id, other content: 422, and what is stored stays as it was (F22)."""
    filing = make_filing(terminal.court())
    assert terminal.deliver(filing).status_code == 200
    changed = filing.manifest.model_copy(update={"cause_code": "10302"})
    reply = terminal.put(changed)
    assert reply.status_code == 422
    assert Problem.model_validate_json(reply.content).title
    (row,) = submissions(hub)
    assert row["sha256"] == manifest_sha256(filing.manifest)


def test_missing_blobs_are_named(hub: HubProcess, terminal: WireTerminal) -> None:
    """A submission whose papers are not all here gets 424 with the list, and nothing is stored."""
    filing = make_filing(terminal.court())
    first, second = filing.blobs
    terminal.patch(first, 0, filing.blobs[first], last=True)
    reply = terminal.put(filing.manifest)
    assert reply.status_code == 424
    assert Problem.model_validate_json(reply.content).missing == (second,)
    assert submissions(hub) == []


def test_a_wrong_length_in_the_manifest_is_refused(sqlite_hub: HubProcess, terminal: WireTerminal) -> None:
    """The manifest must be true about what was sent."""
    filing = make_filing(terminal.court())
    terminal.upload(filing)
    blob = filing.manifest.blobs[0].model_copy(update={"size": filing.manifest.blobs[0].size + 1})
    manifest = filing.manifest.model_copy(update={"blobs": (blob, *filing.manifest.blobs[1:])})
    assert terminal.put(manifest).status_code == 422


@pytest.mark.parametrize("key", ["", "01a20603-bdcf-72df-a945-751c67d52384"])
def test_the_idempotency_key_must_be_the_id(sqlite_hub: HubProcess, terminal: WireTerminal, key: str) -> None:
    """A key that names another submission would undo the protection it is for."""
    filing = make_filing(terminal.court())
    terminal.upload(filing)
    body = canonical_json(filing.manifest)
    headers = {"content-type": "application/json"} | ({"idempotency-key": key} if key else {})
    reply = terminal.send("PUT", f"/v1/submissions/{filing.manifest.submission_id}", body, headers)
    assert reply.status_code == 400
    assert submissions(sqlite_hub) == []


def test_chunks_offsets_and_bad_hashes(hub: HubProcess, terminal: WireTerminal) -> None:
    """A wrong offset is told the right one; wrong bytes are discarded; late repeats of finished work are harmless."""
    content = bytes(range(256)) * 1000
    filing = make_filing(terminal.court(), papers={BlobRole.VOLUME: (content, "application/pdf")})
    sha256 = next(blob.sha256 for blob in filing.manifest.blobs if blob.role is BlobRole.VOLUME)
    sealed = filing.blobs[sha256]
    assert terminal.patch(sha256, 0, sealed[:1000], last=False).headers["upload-offset"] == "1000"
    wrong = terminal.patch(sha256, 500, sealed[500:1500], last=False)
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, "1000")
    ahead = terminal.patch(sha256, 5000, sealed[5000:], last=True)
    assert (ahead.status_code, ahead.headers["upload-offset"]) == (409, "1000")
    state = terminal.send("HEAD", f"/v1/blobs/{sha256}")
    assert (state.headers["upload-offset"], state.headers["upload-complete"]) == ("1000", "?0")

    bad = terminal.patch(sha256, 1000, sealed[1000:-1] + b"\x00\x01", last=True)
    assert (bad.status_code, bad.headers["upload-offset"]) == (422, "0")
    assert terminal.send("HEAD", f"/v1/blobs/{sha256}").headers["upload-offset"] == "0"

    assert terminal.patch(sha256, 0, sealed, last=False).status_code == 204
    finished = terminal.patch(sha256, len(sealed), b"", last=True)
    assert (finished.status_code, finished.headers["upload-complete"]) == (204, "?1")
    repeat = terminal.patch(sha256, 0, sealed[:1000], last=False)
    assert (repeat.status_code, repeat.headers["upload-complete"]) == (204, "?1")
    assert terminal.send("HEAD", f"/v1/blobs/{sha256}").headers["upload-offset"] == str(len(sealed))


def test_uploads_of_two_terminals_do_not_mix(start_hub: StartHub, tmp_path: Path) -> None:
    """A terminal cannot spoil the upload of another by sending rubbish under the same name (F45)."""
    data = tmp_path / "hub"
    stranger = SigningKey.generate()
    key = stranger.verify_key.text
    added = hub_command("terminal", "add", "--data", str(data), "--code", "LB01", "--key", key, "--place", "大厅")
    assert added.returncode == 0, added.stderr
    hub = start_hub(data=data)
    with WireTerminal(hub.url) as mine, WireTerminal(hub.url, stranger) as other:
        filing = make_filing(mine.court())
        sha256, sealed = next(iter(filing.blobs.items()))
        mine.patch(sha256, 0, sealed[:10], last=False)
        other.patch(sha256, 0, b"rubbish" * 100, last=False)
        assert mine.patch(sha256, 10, sealed[10:], last=True).status_code == 204


def test_only_signed_requests_of_known_terminals(hub: HubProcess, terminal: WireTerminal) -> None:
    """No signature, a stranger's, a changed body, a changed path, a replay, a stale one: 401 each (S24)."""
    beat = Heartbeat(
        nonce=fresh_nonce(),
        terminal="DEV01",
        epoch=None,
        max_sequence=0,
        awaiting_safety=(),
        software="test",
        queue_depth=0,
    ).model_dump_json()
    body, path = beat.encode(), "/v1/heartbeat"
    assert terminal.raw("POST", path, body, {}).status_code == 401
    with WireTerminal(hub.url, SigningKey.generate()) as stranger:
        assert stranger.send("POST", path, body).status_code == 401
    signed = terminal.signed("POST", path, body)
    assert terminal.raw("POST", path, body.replace(b"DEV01", b"DEV02"), signed).status_code == 401
    assert terminal.raw("POST", "/v1/assistance", body, signed).status_code == 401
    assert terminal.raw("POST", path, body, signed).status_code == 200
    replay = terminal.raw("POST", path, body, signed)
    assert replay.status_code == 401
    assert replay.headers["content-type"] == "application/problem+json"
    assert "x-hub-time" not in replay.headers


def test_a_terminal_with_a_wrong_clock_learns_the_time(sqlite_hub: HubProcess, terminal: WireTerminal) -> None:
    """A dead clock battery must not keep a complaint from arriving (F11): the refusal tells the hub's time."""
    for wrong in (timedelta(days=-3650), timedelta(minutes=6), timedelta(days=3650)):
        headers = terminal.signed("HEAD", f"/v1/blobs/{'0' * 64}", created=datetime.now(CHINA) + wrong)
        reply = terminal.raw("HEAD", f"/v1/blobs/{'0' * 64}", b"", headers)
        assert reply.status_code == 401
        told = datetime.fromisoformat(reply.headers["x-hub-time"])
        assert abs(datetime.now(CHINA) - told) < timedelta(minutes=1)


def test_a_terminal_speaks_for_itself_only(start_hub: StartHub, tmp_path: Path) -> None:
    """An enrolled terminal cannot file, beat or call in another's name; a revoked one cannot at all (F19, F45)."""
    data, key = tmp_path / "hub", SigningKey.generate()
    text = key.verify_key.text
    assert hub_command("terminal", "add", "--data", str(data), "--code", "LB01", "--key", text).returncode == 0
    twice = hub_command("terminal", "add", "--data", str(data), "--code", "LB01", "--key", text)
    assert (twice.returncode, twice.stderr.count("\n")) == (1, 1)
    hub = start_hub(data=data)
    with WireTerminal(hub.url, key) as speaking:
        filing = make_filing(speaking.court(), terminal="LB02")
        assert speaking.deliver(filing).status_code == 403
        own = make_filing(speaking.court(), terminal="LB01")
        assert speaking.deliver(own).status_code == 200
        call = AssistanceCall(call_id=uuid4(), terminal="LB02", reason=AssistanceReason.HELP, step="review")
        assert speaking.send("POST", "/v1/assistance", call.model_dump_json().encode()).status_code == 403
        assert hub_command("terminal", "revoke", "--data", str(data), "--code", "LB01").returncode == 0
        wait_for(lambda: speaking.put(own.manifest).status_code == 401)
    assert len(submissions(hub)) == 1


def test_the_development_key_is_worth_nothing_in_production(start_hub: StartHub, tmp_path: Path) -> None:
    """The published key files nowhere but on a loopback development hub, and only under DEV codes."""
    data = tmp_path / "hub"
    hub = start_hub(data=data)
    with WireTerminal(hub.url) as speaking:
        assert speaking.deliver(make_filing(speaking.court(), terminal="LB01")).status_code == 403
    text = development_device_key().verify_key.text
    refused = hub_command("terminal", "add", "--data", str(data), "--code", "LB01", "--key", text)
    assert refused.returncode == 1
    hub.stop()
    (data / "court.toml").write_text(
        'code = "吉2401"\nname_zh = "示例法院"\nname_ko = "례시법원"\nname_en = "Example Court"\n'
    )
    production = start_hub("--production", data=data)
    with WireTerminal(production.url) as speaking:
        assert speaking.court().development is False
        assert speaking.put(make_filing(speaking.court()).manifest).status_code == 401
    production.stop()
    exposed = start_hub("--host", "0.0.0.0", data=data)  # noqa: S104 - that is what is tested
    with WireTerminal(exposed.url.replace("0.0.0.0", "127.0.0.1")) as speaking:  # noqa: S104
        assert speaking.put(make_filing(speaking.court()).manifest).status_code == 401


def test_rubbish_gets_a_problem_and_stores_nothing(sqlite_hub: HubProcess, terminal: WireTerminal) -> None:
    """Whatever is sent, the reply is one problem document that does not repeat what it held."""
    canary = "示例姓名"
    for path in ("/v1/heartbeat", "/v1/assistance", "/v1/blobs/missing", "/v1/cases/query"):
        for body in (b"", b"[]", b"\xff\xfe", json.dumps({"surprise": canary}).encode(), b"{" * 5000):
            reply = terminal.send("POST", path, body)
            assert reply.status_code == 422, (path, body[:10])
            assert canary not in Problem.model_validate_json(reply.content).detail
    assert terminal.send("POST", "/v1/heartbeat", b"x" * 2_000_000).status_code == 413
    assert terminal.send("HEAD", "/v1/blobs/../../etc").status_code == 404
    assert terminal.send("HEAD", f"/v1/blobs/{'Z' * 64}").status_code == 404
    for offset in ("-1", "1e3", "9" * 16, ""):
        headers = {"upload-offset": offset, "upload-complete": "?0"}
        assert terminal.send("PATCH", f"/v1/blobs/{'0' * 64}", b"", headers).status_code == 400
    both = json.dumps({"receipt_no": "DEV01-20260101-00001-0", "identity_sealed": "AAAA"}).encode()
    assert terminal.send("POST", "/v1/cases/query", both).status_code == 422
    unsealed = json.dumps({"identity_sealed": base64.b64encode(b"plain").decode()}).encode()
    assert terminal.send("POST", "/v1/cases/query", unsealed).status_code == 422
    assert submissions(sqlite_hub) == []


def test_a_bad_envelope_is_kept_and_shown_to_a_person(hub: HubProcess, terminal: WireTerminal) -> None:
    """An envelope nobody can read is still a received complaint (登记立案规定 2): receipt, state, and an alarm."""
    filing = make_filing(terminal.court(), envelope=b"not an envelope")
    assert terminal.deliver(filing).status_code == 200
    wait_for(lambda: submissions(hub)[0]["index_state"] == "needs_person")
    found = terminal.send("POST", "/v1/cases/query", json.dumps({"receipt_no": filing.manifest.receipt_no}).encode())
    assert len(CaseList.model_validate_json(found.content).cases) == 1


def test_safe_means_inside_a_backup(start_hub: StartHub, database_options: tuple[str, ...]) -> None:
    """Only a finished backup makes safe where the rule is strict, and only for the terminal that asks (finding 4)."""
    hub = start_hub(*database_options, "--safe-after", "1000000")
    with WireTerminal(hub.url) as speaking:
        filing = make_filing(speaking.court())
        later = make_filing(speaking.court(), sequence=2)
        assert speaking.deliver(filing).status_code == 200

        def safe(terminal: str = "DEV01") -> HeartbeatReply:
            beat = Heartbeat(
                nonce=fresh_nonce(),
                terminal=terminal,
                epoch=None,
                max_sequence=2,
                awaiting_safety=(filing.manifest.submission_id, later.manifest.submission_id),
                software="test",
                queue_depth=0,
            )
            reply = HeartbeatReply.model_validate_json(
                speaking.send("POST", "/v1/heartbeat", beat.model_dump_json().encode()).content
            )
            verify_reply(reply, VerifyKey.from_text(speaking.court().signing_key), beat)
            return reply

        assert safe().safe == ()
        made = hub_command("backup", "--data", str(hub.data), *database_options, "--to", str(hub.data.parent / "b"))
        assert made.returncode == 0, made.stderr
        assert speaking.deliver(later).status_code == 200
        assert safe().safe == (filing.manifest.submission_id,)
        assert safe("DEV02").safe == ()


def test_a_call_for_a_person_is_taken_once(hub: HubProcess, terminal: WireTerminal) -> None:
    """Calling again with the same id is one call, with the first time (S0-24)."""
    call = AssistanceCall(call_id=uuid4(), terminal="DEV01", reason=AssistanceReason.HELP, step="identity")
    replies = {terminal.send("POST", "/v1/assistance", call.model_dump_json().encode()).content for _ in range(3)}
    assert len(replies) == 1


def test_which_blobs_are_missing(sqlite_hub: HubProcess, terminal: WireTerminal) -> None:
    """The list keeps its order and names each blob once; half an upload counts as missing."""
    filing = make_filing(terminal.court())
    one, two = filing.blobs
    terminal.patch(one, 0, filing.blobs[one], last=True)
    terminal.patch(two, 0, filing.blobs[two][:5], last=False)
    asked = json.dumps({"hashes": [two, one, two]}).encode()
    reply = terminal.send("POST", "/v1/blobs/missing", asked)
    assert MissingBlobs.model_validate_json(reply.content).missing == (two,)


def test_the_published_document_is_the_one_that_is_served(sqlite_hub: HubProcess) -> None:
    """docs/openapi.json, `court-hub openapi` and /openapi.json are one, and the hub knows every operation in it."""
    served = httpx.get(f"{sqlite_hub.url}/openapi.json", trust_env=False).json()
    assert served == openapi_document() == json.loads(DOCUMENT.read_text(encoding="utf-8"))
    for endpoint in ENDPOINTS:
        path = endpoint.path.replace("{sha256}", "0" * 64).replace("{submission_id}", str(uuid4()))
        status = httpx.request(endpoint.method, sqlite_hub.url + path, trust_env=False).status_code
        assert status == (401 if endpoint.door is not Door.PUBLIC else 200), endpoint.operation


def test_the_stream_of_events_is_described_as_it_is_served(sqlite_hub: HubProcess) -> None:
    """Whoever connects a display finds each kind of event, its topics, and what a refusal looks like."""
    described = openapi_document()["paths"]["/v1/events"]["get"]
    assert all(f"`{kind.value}`" in described["description"] for kind in EventKind)
    with httpx.stream("GET", f"{sqlite_hub.url}/v1/events?topics=display", trust_env=False) as stream:
        (media_type,) = described["responses"]["200"]["content"]
        assert stream.headers["content-type"].startswith(media_type)
    for topics, status in (("nonsense", 400), ("", 400), ("queue", 401)):
        reply = httpx.get(f"{sqlite_hub.url}/v1/events", params={"topics": topics}, trust_env=False)
        assert reply.status_code == status
        assert str(status) in described["responses"]


def test_health(sqlite_hub: HubProcess) -> None:
    """A watchdog's question."""
    assert httpx.get(f"{sqlite_hub.url}/healthz", trust_env=False).json()["status"] == "ok"


def test_receipts_survive_sigterm_without_noise(sqlite_hub: HubProcess, terminal: WireTerminal) -> None:
    """An ordered end is clean: exit 0, nothing on stderr but the first account."""
    filing = make_filing(terminal.court())
    before = terminal.deliver(filing).content
    code, errors = sqlite_hub.stop()
    assert code == 0
    assert [line for line in errors.splitlines() if "first account" not in line] == []
    sqlite_hub.start()
    with WireTerminal(sqlite_hub.url) as again:
        assert again.put(filing.manifest).content == before
