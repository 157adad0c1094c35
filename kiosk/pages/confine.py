"""What a process that decodes strangers' pictures may not do: grow, run on, open anything, talk to anyone.

Nothing here loads a library, so that it can run before any does.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from dataclasses import dataclass

MEMORY = 3 << 30
"""Bytes of address space; the largest picture allowed, its copies and the libraries fit."""

PAGE_SECONDS = 20
"""Of processor time for one page."""

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """What the kernel allowed. `own_network`: the process is alone in a network of its own without any interface."""

    own_network: bool


def confine() -> Confinement:
    """Before libraries are loaded, and while there is one thread: no core dump, no larger file than none, limited
    memory, and a network of its own where the kernel lets an ordinary user have one."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_AS, MEMORY)
    _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    alone = _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    # A dump that goes to a program does not ask for its limit (core(5)).
    _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    return Confinement(alone)


def shut() -> None:
    """After everything is loaded: no file, socket or program can be opened any more; what is open stays."""
    _limit(resource.RLIMIT_NOFILE, 0)
    with contextlib.suppress(ValueError, OSError):  # a system without this limit
        _limit(resource.RLIMIT_NPROC, 0)


def allow_page(seconds: int = PAGE_SECONDS) -> None:
    """Give the process its processor time for one more page; it ends with SIGXCPU when that is over."""
    used = sum(os.times()[:2])
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + seconds + 1, hard))


def give_back() -> None:
    """Return the memory that a page took and that nothing uses any more: pages of many sizes leave the heap in pieces,
    and the process would grow."""
    trim = getattr(_LIBC, "malloc_trim", None)
    if trim is not None:  # of the GNU C library only
        trim(0)


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    least = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (least, least))
