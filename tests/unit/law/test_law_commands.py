"""`court-kiosk law …`: shapes, exit codes and one clear line for everything refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.commands import law
from kiosk.commands.shell import OneLineParser, run_handler

Run = Callable[..., tuple[int, str, str]]
PROGRAM = (sys.executable, "-c", "import sys; from kiosk.cli import main; sys.exit(main())")


def command(*words: str) -> int:
    parser = OneLineParser(prog="court-kiosk")
    law.register(parser.add_subparsers(dest="group", required=True, parser_class=OneLineParser))
    try:
        arguments = parser.parse_args(list(words))
        return run_handler("court-kiosk law", arguments.handler, arguments)
    except SystemExit as left:
        return int(left.code or 0)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        code = command("law", *words)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--kind property --amount 1234567.89", "15911.11"),
        ("--kind property --amount 1234567.89 --base 300", "15911.11"),
        ("--kind property --amount 1,234,567.89", "15911.11"),
        ("--kind property --amount 十万", "2300.00"),
        ("--kind property --amount 100000 --summary", "1150.00"),
        ("--kind divorce --amount 1000000 --base 300", "4300.00"),
        ("--kind personality --amount 150000 --base 500", "1250.00"),
        ("--kind ip --base 600", "600.00"),
        ("--kind labour --summary", "5.00"),
        ("--kind administrative", "50.00"),
        ("--kind payment-order --amount 10000", "16.67"),
        ("--kind preservation", "30.00"),
        ("--kind enforcement --amount 20000000", "87400.00"),
        ("--kind bankruptcy --amount 100000000", "270900.00"),
        ("--kind public-summons", "100.00"),
        ("--kind arbitration", "400.00"),
        ("--kind confirmation", "0.00"),
        ("--kind special", "0.00"),
    ],
)
def test_fees(run: Run, words: str, expected: str):
    code, out, err = run("fee", *words.split(), "--json")
    assert (code, json.loads(out)["fee"], err) == (0, expected, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--kind", "property", "--amount", "abc"], 2),
        (["--kind", "property", "--amount", ""], 2),
        (["--kind", "property", "--amount", "1,23"], 2),
        (["--kind", "property"], 2),
        (["--kind", "bankruptcy", "--summary"], 2),
        (["--kind", "nonsense", "--amount", "1"], 2),
        (["--kind", "jurisdiction-objection"], 2),
        (["--amount", "1"], 2),
        (["--kind", "property", "--amount", "1", "--frobnicate"], 2),
        ([], 2),
        (["--kind", "property", "--amount", "-5"], 1),
        (["--kind", "property", "--amount=-5.50"], 1),
        (["--kind", "property", "--amount", "NaN"], 1),
        (["--kind", "property", "--amount", "Infinity"], 1),
        (["--kind", "property", "--amount", "1e400"], 1),
        (["--kind", "property", "--amount", "9" * 400], 1),
        (["--kind", "property", "--amount", "1.005"], 1),
        (["--kind", "divorce", "--base", "301"], 1),
        (["--kind", "divorce", "--base", "-1"], 1),
    ],
)
def test_what_is_refused_and_what_is_wrong_usage(run: Run, words: list[str], code: int):
    """1: a value understood and refused; 2: usage; always one line on stderr and nothing on stdout."""
    found, out, err = run("fee", *words)
    assert (found, out) == (code, "")
    assert err.count("\n") == 1
    assert err.startswith("court-kiosk")


def test_a_fee_for_people_names_its_articles(run: Run):
    code, out, _ = run("fee", "--kind", "property", "--amount", "100000")
    assert code == 0
    assert out.splitlines()[0] == "2300.00 元"
    assert "13(1)(一)" in out
    assert "国务院令第481号" in out


def test_an_estimate_says_its_range(run: Run):
    document = json.loads(run("fee", "--kind", "divorce", "--json")[1])
    assert (document["estimated"], document["lowest"], document["highest"]) == (True, "50.00", "300.00")


def test_causes_are_ranked_with_code_and_path(run: Run):
    code, out, _ = run("cause", "他借钱不还", "--json")
    first = json.loads(out)[0]
    assert code == 0
    assert (first["code"], first["name"]) == ("108.03", "民间借贷纠纷")
    assert first["path"].endswith("/借款合同纠纷/民间借贷纠纷")
    assert first["why"]


def test_words_that_fit_no_cause_are_not_an_error(run: Run):
    """A cause chosen by a layman never blocks, nor does finding none."""
    code, out, err = run("cause", "zzzzqq", "--json")
    assert (code, json.loads(out), err) == (0, [], "")
    assert run("cause", "zzzzqq")[1].count("\n") == 1


def test_an_empty_question_is_refused(run: Run):
    assert run("cause", "  ")[0] == 1
    assert run("cause")[0] == 2
    assert run("cause", "离婚", "--limit", "0")[0] == 2


def test_case_numbers_have_exactly_these_keys(run: Run):
    code, out, _ = run("case-number", "(2020)最高法知民终１号之一", "--json")
    assert code == 0
    assert json.loads(out) == {
        "year": 2020,
        "court": "最高法",
        "special": "知",
        "type": "民终",
        "serial": 1,
        "suffix": "之一",
        "normalised": "（2020）最高法知民终1号之一",
    }


def test_a_case_number_for_people_names_the_court(run: Run):
    assert "长春市南关区人民法院" in run("case-number", "（2026）吉0102民初1号")[1]


@pytest.mark.parametrize("text", ["", "foo", "吉0102民初1号", "（2024）吉0102民初1382号-1429号", "\udcff"])
def test_what_is_no_case_number_is_refused(run: Run, text: str):
    code, out, err = run("case-number", text)
    assert (code, out, err.count("\n")) == (1, "", 1)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_hostile_text_ends_in_a_result_or_one_line(capsys: pytest.CaptureFixture[str], text: str):
    for words in (
        ["fee", "--kind", "property", f"--amount={text}"],
        ["cause", "--", text],
        ["case-number", "--", text],
    ):
        code = command("law", *words)
        out, err = capsys.readouterr()
        assert code in (0, 1, 2)
        assert (err == "") if code == 0 else (err.count("\n") == 1 and out == "")


@given(st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_fee_is_always_money(capsys: pytest.CaptureFixture[str], amount: Decimal):
    assert command("law", "fee", "--kind", "property", "--amount", str(amount), "--json") == 0
    fee = json.loads(capsys.readouterr().out)["fee"]
    assert Decimal(fee) >= 50
    assert len(fee.partition(".")[2]) == 2


@pytest.mark.parametrize("limit", ["0", "-1", "101", "abc", "１", "9" * 5000])
def test_a_limit_that_is_none_is_wrong_usage(run: Run, limit: str):
    code, out, errors = run("cause", "离婚", "--limit", limit)
    assert (code, out) == (2, "")
    assert "1 to 100" in errors
    assert "_" not in errors


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_is_one_line(form: tuple[str, ...]):
    """Disk full, or whoever read the answer has left: no traceback, and not success."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "law", "fee", "--kind", "labour", *form],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "court-kiosk law: the answer cannot be written: No space left on device\n"


def test_json_survives_a_terminal_without_chinese():
    """A service started without a locale still gets JSON that says the same."""
    words = ["law", "case-number", "（2026）吉2401民初12号", "--json"]
    done = subprocess.run(
        [*PROGRAM, *words],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("ascii"))["court"] == "吉2401"
