"""`court-kiosk law`: fees, causes and case numbers on the command line, for staff and scripts."""

from __future__ import annotations

import argparse
from decimal import Decimal

from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from kiosk.law.case_numbers import CaseNumberError, parse
from kiosk.law.cause_search import search
from kiosk.law.causes import table
from kiosk.law.courts import registry_shipped
from kiosk.law.fee_payment import prepayment
from kiosk.law.fee_tables import AmountUse, FeeKind, tariff
from kiosk.law.fees import FeeError, FeeRequest, FeeResult, Halving, compute
from kiosk.law.money import AmountError, AmountProblem, parse_amount, shown

KINDS = (
    FeeKind.PROPERTY,
    FeeKind.DIVORCE,
    FeeKind.PERSONALITY,
    FeeKind.IP,
    FeeKind.LABOUR,
    FeeKind.ADMINISTRATIVE,
    FeeKind.PAYMENT_ORDER,
    FeeKind.PRESERVATION,
    FeeKind.ENFORCEMENT,
    FeeKind.BANKRUPTCY,
    FeeKind.PUBLIC_SUMMONS,
    FeeKind.ARBITRATION,
    FeeKind.CONFIRMATION,
    FeeKind.SPECIAL,
)
"""The kinds `law fee` takes; they stay stable, scripts rely on them."""


class _Money(argparse.Action):
    """Reads an amount: what is no number is a usage error, a number that is no amount is kept to be refused."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        try:
            read: Decimal | AmountError = parse_amount(str(values))
        except AmountError as error:
            if error.problem is AmountProblem.NOT_AN_AMOUNT:
                parser.error(f"argument {option_string}: {error}")
            read = error
        setattr(namespace, self.dest, read)


def _money(value: Decimal | AmountError | None) -> Decimal | None:
    if isinstance(value, AmountError):
        raise RefusedError(str(value))
    return value


def _fee_document(result: FeeResult) -> dict[str, object]:
    request = result.request
    payment = prepayment(result)
    return {
        "fee": result.fee,
        "kind": request.kind,
        "amount": request.amount,
        "base": result.base,
        "full_fee": result.full,
        "lowest": result.lowest,
        "highest": result.highest,
        "estimated": result.estimated,
        "halved_for": result.halved_for,
        "articles": list(result.articles),
        "steps": [
            {"article": step.article, "zh": step.text.zh, "ko": step.text.ko, "en": step.text.en}
            for step in result.steps
        ],
        "payment": {
            "when": payment.time,
            "article": payment.article,
            "zh": payment.text.zh,
            "ko": payment.text.ko,
            "en": payment.text.en,
        },
        "citation": result.edition.citation,
    }


def _fee(arguments: argparse.Namespace) -> int:
    kind = FeeKind(arguments.kind)
    amount, base = _money(arguments.amount), _money(arguments.base)
    if amount is None and tariff().rules[kind].amount is AmountUse.REQUIRED:
        arguments.parser.error(f"--kind {kind.value} needs --amount")
    halvings = frozenset({Halving.SUMMARY}) if arguments.summary else frozenset[Halving]()
    try:
        result = compute(FeeRequest(kind, amount, base, halvings))
    except (FeeError, AmountError) as error:
        raise RefusedError(str(error)) from error
    lines = [f"{result.fee} 元"]
    if result.estimated:
        lines.append(f"{shown(result.lowest)} - {shown(result.highest)} 元")
    lines += [f"  {step.text.zh}（{step.article}）" for step in result.steps]
    lines += [f"  {prepayment(result).text.zh}", f"  {result.edition.citation}"]
    return emit(_fee_document(result), arguments.json, lines)


def _cause(arguments: argparse.Namespace) -> int:
    if not arguments.text.strip():
        raise RefusedError("say in a few words what happened")
    found = search(arguments.text, limit=arguments.limit)
    document = [
        {
            "code": entry.cause.code,
            "name": entry.cause.name,
            "path": entry.cause.text_path,
            "level": entry.cause.level,
            "ko": entry.cause.ko,
            "en": entry.cause.en,
            "score": entry.score,
            "why": [{"by": reason.why, "words": list(reason.words)} for reason in entry.reasons],
        }
        for entry in found
    ]
    lines = [f"{entry.cause.code:<7} {entry.cause.text_path}" for entry in found]
    return emit(document, arguments.json, lines or [f"没有找到合适的案由（{table().edition.citation}），请换个说法。"])


def _case_number(arguments: argparse.Namespace) -> int:
    try:
        number = parse(arguments.text)
    except CaseNumberError as error:
        raise RefusedError(str(error)) from error
    document = {
        "year": number.year,
        "court": number.court,
        "special": number.special,
        "type": number.type,
        "serial": number.serial,
        "suffix": number.suffix,
        "normalised": number.normalised,
    }
    courts = registry_shipped()
    lines = [number.normalised]
    if number.court in courts:
        lines.append(f"  {courts.get(number.court).zh}")
    if number.type_name:
        lines.append(f"  {number.type_name}")
    return emit(document, arguments.json, lines)


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0
    if not 1 <= number <= 100:
        raise argparse.ArgumentTypeError("a number from 1 to 100")
    return number


def register(subparsers: Subparsers[OneLineParser]) -> None:
    """Add `law fee`, `law cause` and `law case-number`."""
    group = subparsers.add_parser("law", help="fees, causes of action, case numbers")
    commands = group.add_subparsers(dest="command", required=True, parser_class=OneLineParser)

    fee = commands.add_parser("fee", help="what a case costs (诉讼费用交纳办法)")
    fee.add_argument("--kind", required=True, choices=[kind.value for kind in KINDS])
    fee.add_argument("--amount", action=_Money, help="what is claimed, preserved, enforced, or the estate, in yuan")
    fee.add_argument("--base", action=_Money, help="the amount fixed for a ranged fee; other kinds do not use it")
    fee.add_argument("--summary", action="store_true", help="summary procedure: acceptance fees are halved")
    fee.add_argument("--json", action="store_true")
    fee.set_defaults(handler=_fee, parser=fee)

    cause = commands.add_parser("cause", help="causes of action by plain words in zh, ko, en or pinyin")
    cause.add_argument("text", metavar="TEXT")
    cause.add_argument("--limit", type=_positive, default=10)
    cause.add_argument("--json", action="store_true")
    cause.set_defaults(handler=_cause)

    number = commands.add_parser("case-number", help="read, repair or refuse a case number")
    number.add_argument("text", metavar="TEXT")
    number.add_argument("--json", action="store_true")
    number.set_defaults(handler=_case_number)
