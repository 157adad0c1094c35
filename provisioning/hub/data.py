"""The hub's data directory: where each thing lies, and the court it belongs to."""

from __future__ import annotations

import os
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.court.secret_file import SecretFileError, read_secret, write_secret
from kiosk.i18n import Language
from kiosk.law.courts import registry_shipped

KEY_BYTES = 32
INDEX_KEY = "index.key"
DATABASE_KEY = "database.key"


class DataError(Exception):
    """The data directory cannot be used as it is; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class CourtProfile:
    """The court a hub serves: code as in case numbers (法〔2015〕137号), its names, and the address under which phones
    reach the hub, without a slash at the end; empty where they do not."""

    code: str
    name_zh: str
    name_ko: str
    name_en: str
    public_url: str = ""

    def name_in(self, language: Language) -> str:
        """The court's name in `language`."""
        return {Language.ZH: self.name_zh, Language.KO: self.name_ko, Language.EN: self.name_en}[language]

    def address(self, path: str) -> str:
        """The public address of `path`; empty where phones do not reach the hub."""
        return self.public_url + path if self.public_url else ""


DEVELOPMENT_COURT = "吉2401"
"""延吉市人民法院: whom a development hub serves where no court.toml names another."""


def profile_of(code: str) -> CourtProfile:
    """A court from the list that comes with the program. Raises KeyError for a court that is not on it."""
    court = registry_shipped().get(code)
    return CourtProfile(court.code, court.zh, court.ko, court.en)


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Paths below one `--data` directory."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite database, where no PostgreSQL is named."""
        return self.root / "hub.db"

    @property
    def blobs(self) -> Path:
        """Complete sealed blobs by the hash of their ciphertext."""
        return self.root / "blobs"

    @property
    def parts(self) -> Path:
        """Uploads under way, one folder per terminal."""
        return self.root / "parts"

    @property
    def keys(self) -> Path:
        """Secrets; never part of a backup."""
        return self.root / "keys"

    @property
    def court_file(self) -> Path:
        """`court.toml` with code, name_zh, name_ko, name_en and, where phones reach the hub, public_url."""
        return self.root / "court.toml"

    @property
    def epoch_file(self) -> Path:
        """The epoch of the database that was last served with these blobs."""
        return self.root / "epoch"

    @property
    def queues_file(self) -> Path:
        """`queues.toml`: services, queues and windows (provisioning/hub/queue/config.py)."""
        return self.root / "queues.toml"

    def prepare(self) -> None:
        """Create what is missing, for the owner only. Raises DataError where the disk refuses."""
        try:
            for folder in (self.root, self.blobs, self.parts, self.keys):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{self.root}: {error.strerror}") from error

    def require(self) -> None:
        """Raise DataError unless a hub has been started here before."""
        if not self.keys.is_dir():
            raise DataError(f"{self.root} holds no hub data")

    def court(self) -> CourtProfile | None:
        """The court of `court.toml`, or None where there is no such file. Raises DataError for a wrong file."""
        try:
            table = tomllib.loads(self.court_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{self.court_file}: {error}") from error
        wanted = ("code", "name_zh", "name_ko", "name_en")
        if set(table) - {"public_url"} != set(wanted) or not all(
            value and isinstance(value, str) for value in table.values()
        ):
            raise DataError(f"{self.court_file} needs exactly {', '.join(wanted)}, and may have public_url")
        profile = CourtProfile(**table)
        if profile.public_url and not _is_address(profile.public_url):
            raise DataError(f"{self.court_file}: public_url is an address such as https://hub.court.example")
        return replace(profile, public_url=profile.public_url.rstrip("/"))

    def served_epoch(self) -> str | None:
        """Which database the blobs here belong to, by its epoch; None before the first `note_epoch`."""
        try:
            return self.epoch_file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None

    def note_epoch(self, epoch: str) -> None:
        """Remember that the database of `epoch` is served with these blobs. Raises DataError."""
        if self.served_epoch() == epoch:
            return
        partial = self.epoch_file.with_suffix(f".{os.getpid()}.tmp")
        try:
            partial.write_text(f"{epoch}\n", encoding="ascii")
            partial.replace(self.epoch_file)
        except OSError as error:
            raise DataError(f"{self.epoch_file}: {error.strerror}") from error

    def secret(self, name: str) -> bytes:
        """The 32-byte secret `name`, made at first use. Raises DataError if others could read it or it is damaged."""
        path = self.keys / name
        if not path.exists():
            with suppress(FileExistsError):  # another hub process may have made it in this moment
                write_secret(path, secrets.token_bytes(KEY_BYTES))
        try:
            value = read_secret(path)
        except SecretFileError as error:
            raise DataError(str(error)) from error
        if len(value) != KEY_BYTES:
            raise DataError(f"{path.name} is damaged: {len(value)} bytes instead of {KEY_BYTES}")
        return value


def _is_address(text: str) -> bool:
    """Whether `text` is an http or https address with nothing after its path, without blanks and credentials."""
    try:
        parts = urlsplit(text)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    no_more = not (parts.query or parts.fragment or parts.username or parts.password)
    return plain and port_fits and no_more and parts.scheme in {"http", "https"} and bool(parts.hostname)
