"""`script/bench scan`: pages found, and what becomes of them."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from drivers.scenes.sheet import PapersError
from kiosk.documents.volume import PART_LIMIT
from tests.benchmarks.scan import (
    codes,
    confidence,
    corners,
    items,
    memory,
    methods,
    quality,
    report,
    sets,
    tracking,
    truth,
    volume,
    way,
)

MEASURES = (
    "corners",
    "items",
    "tracking",
    "codes",
    "way",
    "upright",
    "memory",
    "reading",
    "quality",
    "volume",
    "confidence",
    "interface",
)
_WITHOUT_SETS = {"reading", "upright", "quality", "volume", "interface"}
"""They render what they need themselves."""

_WITH_CONFIDENCE = ("composed", "desks", "clipped")

_SCENES = 40
"""Of each flaw, where --first does not say otherwise."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    scan = commands.add_parser("scan", help="pages in photographs: found, cleaned, coded, read; beside peers")
    scan.add_argument("--make", type=Path, metavar="DIR", help="write the rendered sets there and end")
    scan.add_argument("--photos", type=Path, metavar="DIR", help="photographs with a truth file, or a folder of --make")
    scan.add_argument(
        "--truth", type=Path, metavar="FILE", help="the truth file; else truth.json beside the photographs"
    )
    scan.add_argument(
        "--set", type=lambda text: text.split(","), metavar="NAME,…", help=f"of {', '.join(sets.SETS)}; all else"
    )
    scan.add_argument(
        "--measure", type=lambda text: text.split(","), metavar="NAME,…", help=f"of {', '.join(MEASURES)}; all else"
    )
    scan.add_argument(
        "--pages", type=int, default=300, metavar="N", help="how many pages to measure memory, or which way up, over"
    )
    scan.add_argument("--first", type=int, metavar="N", help="only the first N photographs, or sequences, of each set")
    scan.add_argument("--peers", action="store_true", help="measure the peers, too")
    scan.add_argument(
        "--node-modules", type=Path, metavar="DIR", help="where peers in Node are installed; else NODE_PATH"
    )
    scan.add_argument("--repeat", type=int, default=1, metavar="N", help="the fastest of N runs of each picture")
    scan.add_argument("--threads", type=int, default=2, metavar="N", help="OpenCV's threads for a full search")
    scan.add_argument("--json", type=Path, metavar="FILE", help="every result of every photograph")
    scan.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make sets or measure; 1 where something cannot be had."""
    try:
        if given.make:
            sets.make(given.make, _known(given.set), first=given.first)
            return 0
        if given.measure and set(given.measure) <= _WITHOUT_SETS:
            return _measure(given, {})
        if given.photos:
            return _measure(given, _folders(given))
        with tempfile.TemporaryDirectory(prefix="court-kiosk-scan-") as scratch:
            names = _known(given.set)
            sets.make(Path(scratch), names, first=given.first)
            return _measure(given, {name: Path(scratch, name) for name in names})
    except (PapersError, OSError, ValueError, msgspec.DecodeError) as error:
        sys.stderr.write(f"script/bench scan: {error}\n")
        return 1


def _known(names: list[str] | None) -> list[str]:
    unknown = set(names or ()) - set(sets.SETS)
    if unknown:
        raise ValueError(f"there is no set {', '.join(sorted(unknown))}; there are {', '.join(sets.SETS)}")
    return names or list(sets.SETS)


def _folders(given: argparse.Namespace) -> dict[str, Path]:
    """The sets in the folder that was given: itself, or its subfolders."""
    if given.truth or (given.photos / truth.TRUTH_FILE).is_file():
        return {given.photos.name: given.photos}
    found = {place.name: place for place in sorted(given.photos.iterdir()) if (place / truth.TRUTH_FILE).is_file()}
    chosen = {name: place for name, place in found.items() if given.set is None or name in given.set}
    if not chosen:
        raise ValueError(f"{given.photos}: no truth file there, and none in its folders that was asked for")
    return chosen


def _measure(given: argparse.Namespace, folders: dict[str, Path]) -> int:
    unknown = set(given.measure or ()) - set(MEASURES)
    if unknown:
        raise ValueError(f"nothing is called {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    results: dict[str, object] = {}
    if "reading" in (given.measure or MEASURES):
        results |= _reading(peers=given.peers)
    if "upright" in (given.measure or MEASURES):
        results |= _upright(given.pages)
    if "quality" in (given.measure or MEASURES):
        rows, times = quality.measure(given.first or _SCENES)
        report.say("\nflaws told, %\n\n" + report.record_table(rows))
        report.say("\nall gates together, processor ms\n\n" + report.record_table([times]))
        results |= {"quality": rows, "quality times": times}
    if "volume" in (given.measure or MEASURES):
        bound = volume.measure(given.pages, PART_LIMIT)
        report.say("\na volume: bytes, MiB and processor seconds\n\n" + report.record_table([bound.held]))
        results["volume"] = bound
    if "interface" in (given.measure or MEASURES):
        results |= _interface(given.pages)
    sets_here = {name: _first(truth.load(folder, given.truth), given.first) for name, folder in folders.items()}
    if "confidence" in (given.measure or MEASURES) and sets_here:
        single = {name: photos for name, photos in sets_here.items() if name in _WITH_CONFIDENCE}
        bands = confidence.measure(methods.commands(peers=False, modules=None)[methods.OURS], single)
        report.say("\nwhat a confidence is worth, %\n\n" + report.record_table(bands))
        results["confidence"] = bands
    for name, photos in sets_here.items():
        for measure in given.measure or MEASURES:
            measured = _one(given, measure, name, photos)
            if measured is not None:
                results[f"{name}: {measure}"] = measured
    if given.json:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(results), indent=1))
    return 0


def _first(photos: list[truth.Photo], count: int | None) -> list[truth.Photo]:
    """The first photographs, or all frames of the first sequences."""
    if count is None or not any("/" in photo.name for photo in photos):
        return photos[:count]
    chosen = sorted({photo.name.partition("/")[0] for photo in photos})[:count]
    return [photo for photo in photos if photo.name.partition("/")[0] in chosen]


def _interface(pages: int) -> dict[str, object]:
    from tests.benchmarks.scan import interface  # a window opens the display it is loaded for

    phases, held = interface.measure(pages)
    report.say("\nthe window, ms from picture to picture\n\n" + report.record_table(phases))
    report.say("\nits memory, MiB\n\n" + report.record_table([held]))
    return {"interface": phases, "interface memory": held}


def _upright(pages: int) -> dict[str, object]:
    from tests.benchmarks.scan import upright  # its engine takes a second to load

    lying = upright.measure(pages)
    report.say("\nwhich way up, %\n\n" + report.record_table(lying))
    return {"upright": lying}


def _reading(*, peers: bool) -> dict[str, object]:
    from tests.benchmarks.scan import reading  # its engine takes a second to load, and other measures need none

    engines = {"court-kiosk": reading.ours()}
    if peers:
        engines["RapidOCR as it comes"] = reading.rapidocr_alone()
    read = [row for dpi in (200, 300) for row in reading.measure(engines, dpi)]
    report.say("\nreading\n\n" + report.record_table(read))
    proposed = reading.fields(10)
    report.say("\nfields of identity cards and licences\n\n" + report.record_table(proposed))
    return {"reading": read, "fields": proposed}


def _one(given: argparse.Namespace, measure: str, name: str, photos: list[truth.Photo]) -> object:
    """Take one measure of one set and show it; None where the set is not for it."""
    sequences = any("/" in photo.name for photo in photos)
    originals = any(photo.truth.reference for photo in photos)
    started = methods.commands(peers=given.peers, modules=given.node_modules)
    match measure:
        case "corners" if not sequences:
            longest = None if originals else corners.LONGEST
            options = corners.Options(repeat=given.repeat, longest=longest, threads=given.threads)
            rows = [corners.measure(method, command, photos, options) for method, command in started.items()]
            report.say(f"\n{name}: {len(photos)} photographs\n\n" + report.corner_table(rows))
            return rows
        case "items" if not sequences and not originals:
            several = items.measure(photos, corners.LONGEST, given.threads)
            report.say(f"\n{name}: several things\n\n" + report.record_table([several]))
            return several
        case "tracking" if sequences:
            followed = tracking.follow(started[methods.OURS], photos, width=corners.LONGEST)
            report.say(f"\n{name}\n\n" + report.record_table([followed]))
            return followed
        case "codes" if any(photo.truth.codes for photo in photos) and not sequences:
            longest = None if originals else corners.LONGEST
            read = codes.measure([photo for photo in photos if not photo.truth.clipped], longest)
            report.say(f"\n{name}: codes\n\n" + report.record_table(read))
            return read
        case "way" if originals:
            gone = way.measure(photos)
            report.say(f"\n{name}: from the picture to the stored page\n\n" + report.record_table([gone]))
            return gone
        case "memory" if originals:
            held = memory.measure(photos, given.pages)
            report.say(
                f"\n{name}: memory of the page worker and the reading process, MiB\n\n" + report.record_table([held])
            )
            return held
        case _:
            return None
