"""What may be on a disk after a power cut: a model of a file system, fed with the system calls a program really made.

Until a file is fsynced its writes may be missing, applied in any selection, or torn at a sector; until its directory is
fsynced, names may be missing or old, independently of the data (strict POSIX). From one recording, `states` yields
contents of the folder that a cut at any moment may leave behind, and what the program had acknowledged by then.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
TRACED = "openat,write,pwrite64,fsync,fdatasync,rename,unlink,ftruncate,close"
_CALL = re.compile(rb"^(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)$")
_RESUMED = re.compile(rb"^(?P<pid>\d+) +<\.\.\. \w+ resumed>(?P<rest>.*)$")
_FILE = re.compile(rb"^(?P<fd>\d+)<(?P<path>(?:\\x[0-9a-f]{2})*)>(?:, )?(?P<rest>.*)$")
_TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')


def _bytes(escaped: bytes) -> bytes:
    return bytes.fromhex(escaped.replace(rb"\x", b"").decode("ascii"))


@dataclass(frozen=True)
class Op:
    """One system call that touched the folder, or one acknowledgement. `file` and `to` are names in the folder."""

    kind: str
    file: str = ""
    offset: int = 0
    data: bytes = b""
    to: str = ""


def read_trace(text: bytes, folder: Path) -> list[Op]:
    """The operations of a recording made by `strace -f -y -xx -s 100000000 -e trace=TRACED`."""
    ops: list[Op] = []
    begun: dict[bytes, bytes] = {}
    offsets: dict[bytes, int] = {}
    for line in text.split(b"\n"):
        if resumed := _RESUMED.match(line):
            whole = begun.pop(resumed["pid"], b"") + resumed["rest"]
        elif line.endswith(b"<unfinished ...>"):
            begun[line.split(b" ", 1)[0]] = line[: -len(b" <unfinished ...>")]
            continue
        else:
            whole = line
        call = _CALL.match(whole)
        if call is not None and b") = -1" not in whole:
            ops.extend(_operations(call["name"].decode(), call["rest"], offsets, folder))
    return ops


def _operations(name: str, rest: bytes, offsets: dict[bytes, int], folder: Path) -> Iterator[Op]:
    inside = f"{folder}/".encode()
    if name == "openat":
        path = _bytes(_TEXT.findall(rest)[0])
        fd = rest.rsplit(b" = ", 1)[1].split(b"<")[0].strip()
        offsets[fd] = 0
        if path.startswith(inside) and b"O_CREAT" in rest:
            yield Op("create", path[len(inside) :].decode())
            if b"O_TRUNC" in rest:
                yield Op("truncate", path[len(inside) :].decode(), 0)
        return
    if name in {"rename", "unlink"}:
        paths = [_bytes(text) for text in _TEXT.findall(rest)]
        if paths[0].startswith(inside):
            names = [path[len(inside) :].decode() for path in paths]
            yield Op(name, names[0], to=names[-1])
        return
    file = _FILE.match(rest)
    if file is None:
        return
    path, fd = _bytes(file["path"]), file["fd"]
    if name == "write" and fd == b"1":
        yield Op("ack", data=_bytes(_TEXT.findall(file["rest"])[0]))
    elif name == "fsync" and path == str(folder).encode():
        yield Op("sync", "")
    elif path.startswith(inside):
        yield from _file_operation(name, path[len(inside) :].decode(), fd, file["rest"], offsets)


def _file_operation(name: str, file: str, fd: bytes, rest: bytes, offsets: dict[bytes, int]) -> Iterator[Op]:
    match name:
        case "write":
            data = _bytes(_TEXT.findall(rest)[0])
            yield Op("write", file, offsets[fd], data)
            offsets[fd] += len(data)
        case "pwrite64":
            data = _bytes(_TEXT.findall(rest)[0])
            yield Op("write", file, int(rest.rsplit(b") = ", 1)[0].rsplit(b", ", 1)[1]), data)
        case "ftruncate":
            yield Op("truncate", file, int(rest.split(b")", 1)[0]))
        case "fsync" | "fdatasync":
            yield Op("sync", file)


@dataclass
class _Inode:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def settle(self) -> None:
        self.durable = self.content(lambda data: data)
        self.pending = []

    def content(self, keep: Callable[[bytes], bytes | None]) -> bytearray:
        found = bytearray(self.durable)
        for offset, data in self.pending:
            if data is None:
                del found[offset:]
                found.extend(bytes(max(0, offset - len(found))))
            elif (kept := keep(data)) is not None:
                found.extend(bytes(max(0, offset - len(found))))
                found[offset : offset + len(kept)] = kept
        return found


@dataclass(frozen=True)
class State:
    """One possible folder after a cut, and every line the program had written to its standard output."""

    at: int
    files: dict[str, bytes]
    acknowledged: bytes


class Disk:
    """The model. `ignored` names the syncs that are taken to do nothing, to prove that their absence is noticed."""

    def __init__(self, before: dict[str, bytes], ignored: Callable[[Op], bool] = lambda _op: False) -> None:
        self._durable_names = {name: _Inode(bytearray(data)) for name, data in before.items()}
        self._names = dict(self._durable_names)
        self._name_ops: list[tuple[str, _Inode | None]] = []
        self._ignored = ignored
        self._said = bytearray()

    def states(self, ops: list[Op], rng: random.Random, random_states: int) -> Iterator[State]:
        """Every possibility looked at, after every operation."""
        for number, op in enumerate(ops):
            self._apply(op)
            corners = [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]
            for data, names in corners + [(0.5, 0.5)] * random_states:
                yield State(number, self._folder(data, names, rng), bytes(self._said))

    def _apply(self, op: Op) -> None:
        match op.kind:
            case "ack":
                self._said += op.data
            case "create":
                if op.file not in self._names:
                    self._link(op.file, _Inode())
            case "write":
                self._names[op.file].pending.append((op.offset, op.data))
            case "truncate":
                self._names[op.file].pending.append((op.offset, None))
            case "rename":
                inode = self._names[op.file]
                self._link(op.to, inode)
                self._link(op.file, None)
            case "unlink":
                self._link(op.file, None)
            case "sync" if self._ignored(op):
                pass
            case "sync" if op.file in self._names:
                self._names[op.file].settle()
            case "sync":
                self._settle_names(op.file)
            case _:
                pass

    def _link(self, name: str, inode: _Inode | None) -> None:
        self._name_ops.append((name, inode))
        if inode is None:
            self._names.pop(name, None)
        else:
            self._names[name] = inode

    def _settle_names(self, directory: str) -> None:
        later = []
        for op in self._name_ops:
            if str(Path(op[0]).parent) == (directory or "."):
                _name(self._durable_names, *op)
            else:
                later.append(op)
        self._name_ops = later

    def _folder(self, data: float, names: float, rng: random.Random) -> dict[str, bytes]:
        """A folder in which each unsynced write and name is there with the probability `data` or `names`."""

        def keep(piece: bytes) -> bytes | None:
            if rng.random() >= data:
                return None
            if data < 1.0 and len(piece) > SECTOR and rng.random() < 0.3:
                return piece[: rng.randrange(1, -(-len(piece) // SECTOR)) * SECTOR]
            return piece

        found = dict(self._durable_names)
        for name, inode in self._name_ops:
            if rng.random() < names:
                _name(found, name, inode)
        return {name: bytes(inode.content(keep)) for name, inode in found.items()}


def _name(names: dict[str, _Inode], name: str, inode: _Inode | None) -> None:
    if inode is None:
        names.pop(name, None)
    else:
        names[name] = inode
