"""Everything one hub process holds together: data directory, keys, database, writer, blobs, clock, rules."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import sqlalchemy as sa

from kiosk.clock import Clock, SystemClock
from kiosk.court.contract import CourtInfo
from provisioning.hub.backlogs import Held
from provisioning.hub.blobs import BlobStore
from provisioning.hub.court_keys import CourtKeys, load_court_keys
from provisioning.hub.data import DEVELOPMENT_COURT, INDEX_KEY, CourtProfile, DataDirectory, DataError, profile_of
from provisioning.hub.drafts.keeping import SWEPT_AT_ONCE, sweep_drafts
from provisioning.hub.drafts.pace import Pace
from provisioning.hub.drafts.rules import DraftRules
from provisioning.hub.drafts.rules import load_rules as load_draft_rules
from provisioning.hub.engine import Database, open_database
from provisioning.hub.indexing import Indexer
from provisioning.hub.permissions import Role
from provisioning.hub.personal import PersonalIndex
from provisioning.hub.queue.config import load_queues
from provisioning.hub.queue.forecaster import Forecaster
from provisioning.hub.queue.left_out import leave_out
from provisioning.hub.queue.tickets import Hall
from provisioning.hub.ratings.office import Pseudonyms, RatingOffice
from provisioning.hub.ratings.opened import erase_sealed
from provisioning.hub.ratings.rules import load_rules
from provisioning.hub.safety import EPOCH_SETTING, SafetyRule, begin_epoch, current_epoch
from provisioning.hub.schema import read_setting, staff, upgrade
from provisioning.hub.staff import add_account, hash_password
from provisioning.hub.sweep import USUAL_AGE, SweepReport, claim_daily, require_age, sweep
from provisioning.hub.terminals import TerminalDirectory
from provisioning.hub.unresolved import opened as unresolved_opened
from provisioning.hub.unresolved.rules import UnresolvedRules
from provisioning.hub.unresolved.rules import load_rules as load_unresolved_rules
from provisioning.hub.writer import Job, Writer

T = TypeVar("T")

FIRST_ADMINISTRATOR = "admin"
DEVELOPMENT_SAFE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class HubOptions:
    """How a hub is served.

    `production`: no development terminals, only a backup makes safe, cookies for HTTPS only, court.toml required.
    `development_terminals`: the published development key is accepted; only on a loopback address.
    `sweep_after`: how long unfinished uploads and blobs of no submission are left alone.
    """

    production: bool
    development_terminals: bool
    safe_after: timedelta | None
    sweep_after: timedelta = USUAL_AGE

    def __post_init__(self) -> None:
        require_age(self.sweep_after)
        if self.production and (self.development_terminals or self.safe_after is not None):
            raise DataError("a hub in production accepts no development terminal, and only a backup makes safe")


@dataclass(frozen=True)
class Hub:
    """One running hub. Close it with `close`."""

    data: DataDirectory
    options: HubOptions
    court: CourtProfile
    keys: CourtKeys
    database: Database
    writer: Writer
    store: BlobStore
    personal: PersonalIndex
    terminals: TerminalDirectory
    indexer: Indexer
    ratings: RatingOffice
    unresolved: UnresolvedRules
    drafts: DraftRules
    draft_pace: Pace
    hall: Hall
    forecaster: Forecaster
    clock: Clock

    @property
    def safety(self) -> SafetyRule:
        """What makes a submission safe here."""
        return SafetyRule(self.options.safe_after)

    @property
    def undelivered(self) -> Mapping[Held, timedelta]:
        """How old what a terminal holds may become before an alarm says so."""
        return {Held.RATINGS: self.ratings.rules.undelivered, Held.REPORTS: self.unresolved.undelivered}

    def court_info(self, connection: sa.Connection) -> CourtInfo:
        """The public facts of the court and its keys."""
        return CourtInfo(
            code=self.court.code,
            name_zh=self.court.name_zh,
            name_ko=self.court.name_ko,
            name_en=self.court.name_en,
            epoch=current_epoch(connection),
            sealing_key=self.keys.sealing.public.text,
            sealing_key_id=self.keys.sealing.key_id,
            signing_key=self.keys.signing.verify_key.text,
            development=not self.options.production,
        )

    def sweep_if_due(self) -> SweepReport | None:
        """Sweep once a day, whichever hub process comes first; None where it is done. Raises DataError,
        StoreUnavailableError."""
        if not self._transact(lambda connection: claim_daily(connection, self.clock.now())):
            return None
        self._transact(lambda connection: erase_sealed(connection, self.ratings.rules, now=self.clock.now()))
        self._transact(
            lambda connection: unresolved_opened.erase_sealed(connection, self.unresolved, now=self.clock.now())
        )
        while self._transact(lambda connection: sweep_drafts(connection, now=self.clock.now())) == SWEPT_AT_ONCE:
            pass  # one transaction after the other, so that whoever files meanwhile waits only moments
        return sweep(self.data, self.store, self._transact, older_than=self.options.sweep_after, clock=self.clock)

    def _transact(self, job: Job[T], /) -> T:
        return self.writer.submit(job).result()

    def close(self) -> None:
        """Finish what was begun."""
        self.writer.close()
        self.database.close()


def prepare_data(data: DataDirectory, url: str | None, clock: Clock) -> Database:
    """Data directory and database, made or brought up to date. Raises DataError."""
    data.prepare()
    database = open_database(data, url)
    upgrade(database.writing)
    with database.writing.begin() as connection:
        if read_setting(connection, EPOCH_SETTING) is None:
            begin_epoch(connection, at=clock.now(), reason="created")
    return database


def open_hub(data: DataDirectory, url: str | None, options: HubOptions, clock: Clock | None = None) -> Hub:
    """Open everything and start the writer. Raises DataError with the reason where it cannot be served."""
    clock = clock or SystemClock()
    court = data.court()
    if court is None:
        if options.production:
            raise DataError(f"{data.court_file} is missing: it names the court (code, name_zh, name_ko, name_en)")
        court = profile_of(DEVELOPMENT_COURT)
    if options.production and court.public_url.startswith("http:"):
        raise DataError(f"{data.court_file}: in production public_url begins with https://")
    rating_rules, unresolved_rules = load_rules(data.root), load_unresolved_rules(data.root)
    draft_rules = load_draft_rules(data.root)
    hall = Hall(court.code, load_queues(data, production=options.production))
    database = prepare_data(data, url, clock)
    keys = load_court_keys(data, create=True)
    store = BlobStore(data.blobs, data.parts)
    store.prepare()
    data.note_epoch(database.read(current_epoch))
    index_key = data.secret(INDEX_KEY)
    personal = PersonalIndex(index_key)
    writer = Writer(database.writing)
    writer.start()
    writer.submit(partial(leave_out, hall=hall, at=clock.now())).result()
    return Hub(
        data=data,
        options=options,
        court=court,
        keys=keys,
        database=database,
        writer=writer,
        store=store,
        personal=personal,
        terminals=TerminalDirectory(database.reading, clock, development=options.development_terminals),
        indexer=Indexer(
            database=database, writer=writer, store=store, key=keys.sealing, personal=personal, clock=clock
        ),
        ratings=RatingOffice(keys.signing, Pseudonyms(index_key), rating_rules),
        unresolved=unresolved_rules,
        drafts=draft_rules,
        draft_pace=Pace(clock.monotonic),
        hall=hall,
        forecaster=Forecaster(hall, database.reading, clock),
        clock=clock,
    )


def first_administrator(hub: Hub) -> str | None:
    """Make the account `admin` where there is no account at all; returns its password, which is kept nowhere."""
    password = secrets.token_urlsafe(12)
    password_hash = hash_password(password)
    now = hub.clock.now()

    def job(connection: sa.Connection) -> bool:
        if connection.scalar(sa.select(staff.c.name).limit(1)) is not None:
            return False
        add_account(
            connection,
            name=FIRST_ADMINISTRATOR,
            role=Role.ADMINISTRATOR,
            password_hash=password_hash,
            at=now,
            by="hub",
        )
        return True

    return password if hub.writer.submit(job).result() else None
