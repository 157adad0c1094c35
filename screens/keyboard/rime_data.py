"""Builds the keyboard's dictionaries at set-up: `python -m screens.keyboard.rime_data [FOLDER]`.

Pinyin (`court`): pinyin_simp of Debian's rime-data, every reading of the 8,105 characters of 通用规范汉字表 that it
lacks (property kTGHZ2013 of Unicode's Unihan database), causes of action and courts from kiosk/law, names, places,
legal words. Strokes (`court_stroke`): rime's five-stroke table, common characters first (property kTGH).
Flat and retroflex initials (z/zh, c/ch, s/sh), which many speakers of the north-east do not tell apart, match both
ways.
"""

from __future__ import annotations

import bz2
import ctypes
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTFont
from pypinyin import Style, lazy_pinyin

from kiosk.law.causes import table as causes
from kiosk.law.courts import registry_shipped
from screens.keyboard.rime import PINYIN_SCHEMA, STROKE_SCHEMA, RimeLibrary, RimeUnavailableError, make_traits
from screens.keyboard.vocabulary import vocabulary
from screens.runtime_setup import font_files

RIME_DATA = Path("/usr/share/rime-data")
UNIHAN = Path("/usr/share/unicode")

_READING_WEIGHT = 20
"""A rare reading: reachable, below every common one."""
_SURNAME_WEIGHT = 3_000
_NAME_WEIGHT = 300
_WORD_WEIGHT = 6_000
_SURNAMES_WITH_NAMES = 40

_SCHEMAS = {
    PINYIN_SCHEMA: """\
schema:
  schema_id: court
  name: 拼音
  version: "1"
switches:
  - name: ascii_mode
    reset: 0
engine:
  processors: [speller, selector, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [script_translator]
  filters: [uniquifier]
speller:
  alphabet: zyxwvutsrqponmlkjihgfedcba
  delimiter: " '"
  algebra:
    - erase/^hm$/
    - erase/^m$/
    - erase/^n$/
    - erase/^ng$/
    - derive/^([nl])ue$/$1ve/
    - derive/^([jqxy])u/$1v/
    - fuzz/^([zcs])h/$1/
    - fuzz/^([zcs])([^h])/$1h$2/
    - abbrev/^([a-z]).+$/$1/
    - abbrev/^([zcs]h).+$/$1/
translator:
  dictionary: court
  enable_user_dict: false
  preedit_format:
    - xform/([nl])v/$1ü/
    - xform/([nl])ue/$1üe/
    - xform/([jqxy])v/$1u/
""",
    STROKE_SCHEMA: """\
schema:
  schema_id: court_stroke
  name: 笔画
  version: "1"
switches:
  - name: ascii_mode
    reset: 0
engine:
  processors: [speller, selector, express_editor]
  segmentors: [abc_segmentor, fallback_segmentor]
  translators: [table_translator]
  filters: [uniquifier]
speller:
  alphabet: hspnz
translator:
  dictionary: court_stroke
  enable_user_dict: false
  enable_sentence: false
  enable_completion: true
  preedit_format:
    - xlit/hspnz/一丨丿丶乙/
""",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a rime dictionary."""

    text: str
    code: str
    weight: int


def _unihan(file: str, prop: str) -> Iterator[tuple[str, str]]:
    with bz2.open(UNIHAN / file, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[1] == prop:
                yield chr(int(parts[0][2:], 16)), parts[2]


def standard_characters() -> dict[str, int]:
    """The characters of 通用规范汉字表 (2013) with their number in it, 1 to 8105."""
    return {
        char: int(value.split()[0].removeprefix("2013:"))
        for char, value in _unihan("Unihan_OtherMappings.txt.bz2", "kTGH")
    }


_TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêḿńňǹ", "aaaaeeeeiiiioooouuuuvvvvvemnnn")


def toneless(reading: str) -> str:
    """Pinyin as typed: without tones, ü as v."""
    bare = reading.translate(_TONES)
    return "".join(c for c in bare if "a" <= c <= "z")


def standard_readings() -> dict[str, frozenset[str]]:
    """The readings of each standard character in 通用规范汉字字典 (kTGHZ2013), toneless."""
    return {
        char: frozenset(toneless(reading) for place in value.split() for reading in place.split(":")[1].split(","))
        for char, value in _unihan("Unihan_Readings.txt.bz2", "kTGHZ2013")
    }


def _dictionary_lines(name: str) -> Iterator[list[str]]:
    body = False
    with (RIME_DATA / f"{name}.dict.yaml").open(encoding="utf-8") as lines:
        for line in lines:
            if body and line.strip() and not line.startswith("#"):
                yield line.rstrip("\n").split("\t")
            body = body or line.strip() == "..."


def missing_readings() -> Iterator[Entry]:
    """Readings of standard characters that pinyin_simp lacks."""
    known: dict[str, set[str]] = {}
    for parts in _dictionary_lines("pinyin_simp"):
        if len(parts) > 1 and len(parts[0]) == 1:
            known.setdefault(parts[0], set()).add(parts[1])
    for char, readings in standard_readings().items():
        for reading in sorted(readings - known.get(char, set())):
            yield Entry(char, reading, _READING_WEIGHT)


def pinyin_of(phrase: str) -> str:
    """The syllables of `phrase`, toneless; marks between the characters have none."""
    syllables = lazy_pinyin(phrase, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return " ".join(toneless(syllable) for syllable in syllables)


def names() -> Iterator[Entry]:
    """Surnames with their own readings, and whole names of the most frequent and of the oddly read ones."""
    known = vocabulary()
    readings = known.surname_readings
    for surname in (*known.surnames, *known.compound_surnames):
        yield Entry(surname, readings.get(surname, pinyin_of(surname)), _SURNAME_WEIGHT)
    given = [(name, pinyin_of(name)) for name in known.given_names]
    for name, code in given:
        if len(name) > 1:
            yield Entry(name, code, _NAME_WEIGHT)
    for surname in dict.fromkeys((*known.surnames[:_SURNAMES_WITH_NAMES], *readings)):
        code = readings.get(surname, pinyin_of(surname))
        for name, name_code in given:
            yield Entry(surname + name, f"{code} {name_code}", _NAME_WEIGHT)


def words_of_the_court() -> Iterator[Entry]:
    """Causes of action (each also without 纠纷), courts, places, legal words."""
    known = vocabulary()
    texts: list[str] = []
    for cause in causes().fileable():
        texts.append(cause.name)
        texts.append(cause.name.removesuffix("纠纷"))
    texts.extend(court.zh for court in registry_shipped().all())
    texts.extend((*known.places, *known.legal_words))
    for text in dict.fromkeys(texts):
        if len(text) > 1:
            yield Entry(text, pinyin_of(text), _WORD_WEIGHT)


def strokes() -> Iterator[Entry]:
    """The stroke table as far as the interface font draws it, the commonest standard characters first."""
    order = standard_characters()
    with TTFont(font_files()[0], lazy=True) as font:
        drawn = font.getBestCmap()
    for parts in _dictionary_lines("stroke"):
        if len(parts) > 1 and len(parts[0]) == 1 and ord(parts[0]) in drawn:
            number = order.get(parts[0])
            yield Entry(parts[0], parts[1], 10_000 - number if number else 1)


def _write_dictionary(folder: Path, name: str, entries: Iterable[Entry], imports: str = "") -> None:
    header = f'---\nname: {name}\nversion: "1"\nsort: by_weight\nuse_preset_vocabulary: false\n{imports}...\n\n'
    lines = (f"{e.text}\t{e.code}\t{e.weight}\n" for e in entries if e.code)
    (folder / f"{name}.dict.yaml").write_text(header + "".join(lines), encoding="utf-8")


def write_sources(folder: Path) -> None:
    """Write schemas and dictionaries, uncompiled, into `folder`."""
    for name, text in _SCHEMAS.items():
        (folder / f"{name}.schema.yaml").write_text(text, encoding="utf-8")
    entries = dict.fromkeys((*missing_readings(), *names(), *words_of_the_court()))
    _write_dictionary(folder, PINYIN_SCHEMA, entries, "import_tables:\n  - pinyin_simp\n")
    _write_dictionary(folder, STROKE_SCHEMA, dict.fromkeys(strokes()))
    shutil.copy(RIME_DATA / "pinyin_simp.dict.yaml", folder)
    schemas = "".join(f"  - schema: {name}\n" for name in _SCHEMAS)
    (folder / "default.yaml").write_text(f'config_version: "1"\nschema_list:\n{schemas}', encoding="utf-8")


def build(target: Path) -> None:
    """Fill `target` anew with everything librime needs at run time.

    Raises RimeUnavailableError when librime is missing or refuses the data, FileNotFoundError without Debian's
    rime-data-pinyin-simp, rime-data-stroke and unicode-data, FontsMissingError before the fonts are installed.
    """
    library = RimeLibrary()
    with tempfile.TemporaryDirectory(prefix="rime-build-") as scratch:
        shared, user, built = (Path(scratch) / part for part in ("shared", "user", "build"))
        for folder in (shared, user, built):
            folder.mkdir()
        write_sources(shared)
        traits = make_traits(shared, user, built)
        library.call("setup", ctypes.byref(traits))
        library.call("deployer_initialize", ctypes.byref(traits))
        for name in _SCHEMAS:
            if not library.call("deploy_schema", str(shared / f"{name}.schema.yaml").encode()):
                raise RimeUnavailableError(f"librime could not compile {name}")
        if not (built / f"{STROKE_SCHEMA}.table.bin").is_file():
            raise RimeUnavailableError("librime compiled nothing")
        (built / "default.yaml").write_bytes((shared / "default.yaml").read_bytes())
        if target.exists():
            shutil.rmtree(target)
        target.mkdir(parents=True)
        shutil.copytree(built, target / "build")


def main() -> int:
    """Build into the folder given, or into share/court-kiosk/rime of this installation."""
    from screens.keyboard.methods import rime_directory  # imports rime; kept out of the module for its test

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else rime_directory()
    build(target)
    sys.stdout.write(f"keyboard dictionaries in {target}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
