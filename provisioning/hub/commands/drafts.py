"""`court-hub channel` and `court-hub drafts`: which other channels may bring drafts, and what comes of kept ones."""

from __future__ import annotations

import argparse
from datetime import timedelta

from kiosk.clock import CHINA, SystemClock
from kiosk.commands.shell import OneLineParser, RefusedError, Subparsers, emit
from kiosk.court.contract import MatterChannel
from provisioning.hub.commands.shared import COMMAND_LINE, data_arguments, existing
from provisioning.hub.drafts.channels import ChannelRefusedError, add_channel, channels, withdraw_channel
from provisioning.hub.drafts.keeping import counts, standing

DAYS = 30
_CHANNELS = [one.value for one in MatterChannel if one is not MatterChannel.HALL]


def register(commands: Subparsers[OneLineParser]) -> None:
    """Add the commands."""
    channel = commands.add_parser("channel", help="other channels that may keep drafts").add_subparsers(
        dest="action", required=True, parser_class=OneLineParser
    )
    add = channel.add_parser("add", help="let a channel in; prints its key, once")
    data_arguments(add)
    add.add_argument("--name", required=True)
    add.add_argument("--channel", required=True, choices=_CHANNELS)
    add.add_argument("--json", action="store_true")
    add.set_defaults(handler=_add)
    withdraw = channel.add_parser("withdraw", help="shut a channel out")
    data_arguments(withdraw)
    withdraw.add_argument("--name", required=True)
    withdraw.set_defaults(handler=_withdraw)
    listing = channel.add_parser("list", help="list the channels")
    data_arguments(listing)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(handler=_list)

    drafts = commands.add_parser("drafts", help="how many drafts are kept, and what became of those of late")
    data_arguments(drafts)
    drafts.add_argument("--json", action="store_true")
    drafts.set_defaults(handler=_drafts)


def _add(arguments: argparse.Namespace) -> int:
    now, channel = SystemClock().now(), MatterChannel(arguments.channel)
    try:
        with existing(arguments) as database, database.writing.begin() as connection:
            key = add_channel(connection, arguments.name, channel, at=now, by=COMMAND_LINE)
    except ChannelRefusedError as error:
        raise RefusedError(str(error)) from error
    return emit({"name": arguments.name, "channel": channel.value, "key": key}, arguments.json, [key])


def _withdraw(arguments: argparse.Namespace) -> int:
    try:
        with existing(arguments) as database, database.writing.begin() as connection:
            withdraw_channel(connection, arguments.name, at=SystemClock().now(), by=COMMAND_LINE)
    except ChannelRefusedError as error:
        raise RefusedError(str(error)) from error
    return 0


def _list(arguments: argparse.Namespace) -> int:
    with existing(arguments) as database:
        found = database.read(channels)
    rows = [
        {
            "name": one.name,
            "channel": one.channel.value,
            "added": one.added.isoformat(),
            "withdrawn": one.withdrawn.isoformat() if one.withdrawn else None,
        }
        for one in found
    ]
    lines = [f"{one.name:<32}  {one.channel.value:<8}  {'withdrawn' if one.withdrawn else 'open'}" for one in found]
    return emit(rows, arguments.json, lines)


def _drafts(arguments: argparse.Namespace) -> int:
    now = SystemClock().now()
    since = now.astimezone(CHINA).date() - timedelta(days=DAYS)
    with existing(arguments) as database:
        kept = database.read(lambda connection: standing(connection, now))
        found = database.read(lambda connection: counts(connection, since))
    rows = [
        {"day": day.isoformat(), "door": door, "what": what.value, "count": count} for day, door, what, count in found
    ]
    lines = [f"{day}  {door:<8}  {what.value:<9}  {count}" for day, door, what, count in found]
    return emit({"kept": kept, "counts": rows}, arguments.json, [f"kept now: {kept}", *lines])
