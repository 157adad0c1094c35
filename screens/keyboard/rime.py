"""librime (BSD-3) by ctypes: pinyin and strokes with candidates, from data compiled at set-up, learning nothing.

The API is one struct of function pointers (`rime_api.h` 1.x; new members are only ever appended). One engine lives per
process; each input method is a session in it. The user dictionary is off in both schemas and the user folder is a fresh
temporary one, so nothing that a person types reaches a disk.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from screens.keyboard.vocabulary import is_blocked

PINYIN_SCHEMA = "court"
STROKE_SCHEMA = "court_stroke"

_MAX_CANDIDATES = 400
_ERRORS_ONLY = 2

_POINTERS = (
    "setup", "set_notification_handler", "initialize", "finalize", "start_maintenance", "is_maintenance_mode",
    "join_maintenance_thread", "deployer_initialize", "prebuild", "deploy", "deploy_schema", "deploy_config_file",
    "sync_user_data", "create_session", "find_session", "destroy_session", "cleanup_stale_sessions",
    "cleanup_all_sessions", "process_key", "commit_composition", "clear_composition", "get_commit", "free_commit",
    "get_context", "free_context", "get_status", "free_status", "set_option", "get_option", "set_property",
    "get_property", "get_schema_list", "free_schema_list", "get_current_schema", "select_schema", "schema_open",
    "config_open", "config_close", "config_get_bool", "config_get_int", "config_get_double", "config_get_string",
    "config_get_cstring", "config_update_signature", "config_begin_map", "config_next", "config_end",
    "simulate_key_sequence", "register_module", "find_module", "run_task", "get_shared_data_dir", "get_user_data_dir",
    "get_sync_dir", "get_user_id", "get_user_data_sync_dir", "config_init", "config_load_string", "config_set_bool",
    "config_set_int", "config_set_double", "config_set_string", "config_get_item", "config_set_item", "config_clear",
    "config_create_list", "config_create_map", "config_list_size", "config_begin_list", "get_input", "get_caret_pos",
    "select_candidate", "get_version", "set_caret_pos", "select_candidate_on_current_page", "candidate_list_begin",
    "candidate_list_next", "candidate_list_end",
)  # fmt: skip  # the order of rime_api.h, up to the last member used


class _Api(ctypes.Structure):
    _fields_ = (("data_size", ctypes.c_int), *((name, ctypes.c_void_p) for name in _POINTERS))


class _Traits(ctypes.Structure):
    _fields_ = (
        ("data_size", ctypes.c_int),
        ("shared_data_dir", ctypes.c_char_p),
        ("user_data_dir", ctypes.c_char_p),
        ("distribution_name", ctypes.c_char_p),
        ("distribution_code_name", ctypes.c_char_p),
        ("distribution_version", ctypes.c_char_p),
        ("app_name", ctypes.c_char_p),
        ("modules", ctypes.c_void_p),
        ("min_log_level", ctypes.c_int),
        ("log_dir", ctypes.c_char_p),
        ("prebuilt_data_dir", ctypes.c_char_p),
        ("staging_dir", ctypes.c_char_p),
    )


class _Candidate(ctypes.Structure):
    _fields_ = (("text", ctypes.c_char_p), ("comment", ctypes.c_char_p), ("reserved", ctypes.c_void_p))


class _CandidateIterator(ctypes.Structure):
    _fields_ = (("ptr", ctypes.c_void_p), ("index", ctypes.c_int), ("candidate", _Candidate))


class _Composition(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_int),
        ("cursor_pos", ctypes.c_int),
        ("sel_start", ctypes.c_int),
        ("sel_end", ctypes.c_int),
        ("preedit", ctypes.c_char_p),
    )


class _Menu(ctypes.Structure):
    _fields_ = (
        ("page_size", ctypes.c_int),
        ("page_no", ctypes.c_int),
        ("is_last_page", ctypes.c_int),
        ("highlighted_candidate_index", ctypes.c_int),
        ("num_candidates", ctypes.c_int),
        ("candidates", ctypes.c_void_p),
        ("select_keys", ctypes.c_void_p),
    )


class _Context(ctypes.Structure):
    _fields_ = (
        ("data_size", ctypes.c_int),
        ("composition", _Composition),
        ("menu", _Menu),
        ("commit_text_preview", ctypes.c_char_p),
        ("select_labels", ctypes.c_void_p),
    )


class _Commit(ctypes.Structure):
    _fields_ = (("data_size", ctypes.c_int), ("text", ctypes.c_char_p))


_BOOL = ctypes.c_int
_SESSION = ctypes.c_size_t
_SIGNATURES: Mapping[str, tuple[Any, ...]] = {
    "setup": (None, ctypes.POINTER(_Traits)),
    "initialize": (None, ctypes.POINTER(_Traits)),
    "deployer_initialize": (None, ctypes.POINTER(_Traits)),
    "finalize": (None,),
    "deploy_schema": (_BOOL, ctypes.c_char_p),
    "create_session": (_SESSION,),
    "destroy_session": (_BOOL, _SESSION),
    "select_schema": (_BOOL, _SESSION, ctypes.c_char_p),
    "process_key": (_BOOL, _SESSION, ctypes.c_int, ctypes.c_int),
    "commit_composition": (_BOOL, _SESSION),
    "clear_composition": (None, _SESSION),
    "get_commit": (_BOOL, _SESSION, ctypes.POINTER(_Commit)),
    "free_commit": (_BOOL, ctypes.POINTER(_Commit)),
    "get_context": (_BOOL, _SESSION, ctypes.POINTER(_Context)),
    "free_context": (_BOOL, ctypes.POINTER(_Context)),
    "select_candidate": (_BOOL, _SESSION, ctypes.c_size_t),
    "candidate_list_begin": (_BOOL, _SESSION, ctypes.POINTER(_CandidateIterator)),
    "candidate_list_next": (_BOOL, ctypes.POINTER(_CandidateIterator)),
    "candidate_list_end": (None, ctypes.POINTER(_CandidateIterator)),
    "get_version": (ctypes.c_char_p,),
}


class RimeUnavailableError(Exception):
    """librime or its compiled data is not installed on this machine."""


class RimeLibrary:
    """librime's functions with their types. Raises RimeUnavailableError where the library is absent."""

    def __init__(self) -> None:
        found = ctypes.util.find_library("rime") or "librime.so.1"
        try:
            library = ctypes.CDLL(found)
        except OSError as error:
            raise RimeUnavailableError("librime is not installed") from error
        library.rime_get_api.restype = ctypes.POINTER(_Api)
        self._api = library.rime_get_api().contents

    def call(self, function: str, *arguments: object) -> object:
        """Call one function of the API."""
        prototype = ctypes.CFUNCTYPE(*_SIGNATURES[function])
        result: object = prototype(getattr(self._api, function))(*arguments)
        return result

    def version(self) -> str:
        """The version of librime, such as "1.8.5"."""
        version = self.call("get_version")
        return version.decode() if isinstance(version, bytes) else ""


def make_traits(shared: Path, user: Path, built: Path) -> _Traits:
    """Where librime finds its data, and how little it logs: errors only, to standard error, never to a file."""
    traits = _Traits()
    traits.data_size = ctypes.sizeof(_Traits) - ctypes.sizeof(ctypes.c_int)
    traits.shared_data_dir = str(shared).encode()
    traits.user_data_dir = str(user).encode()
    traits.distribution_name = b"court-kiosk"
    traits.distribution_code_name = b"court-kiosk"
    traits.distribution_version = b"1"
    traits.app_name = b"rime.court-kiosk"
    traits.min_log_level = _ERRORS_ONLY
    traits.log_dir = b""
    traits.prebuilt_data_dir = str(built).encode()
    traits.staging_dir = str(built).encode()
    return traits


class RimeEngine:
    """The one engine of a process. `data` is the folder that `screens.keyboard.rime_data` filled.

    Raises RimeUnavailableError when the library or the compiled data is missing.
    """

    def __init__(self, data: Path) -> None:
        built = data / "build"
        if not (built / f"{PINYIN_SCHEMA}.table.bin").is_file():
            raise RimeUnavailableError(f"no compiled dictionary in {data}; run script/setup")
        self._library = RimeLibrary()
        self._user = tempfile.TemporaryDirectory(prefix="rime-")
        self._traits = make_traits(data, Path(self._user.name), built)
        self._library.call("setup", ctypes.byref(self._traits))
        self._library.call("initialize", ctypes.byref(self._traits))

    def close(self) -> None:
        """End all sessions and erase the temporary folder."""
        self._library.call("finalize")
        self._user.cleanup()

    def input_method(self, schema: str) -> RimeInput:
        """A session with `schema`. Raises RimeUnavailableError when the schema was not compiled."""
        return RimeInput(self._library, schema)


class RimeInput:
    """One input method: keys in, candidates out. The letters a to z and ' compose; anything else ends a composition."""

    def __init__(self, library: RimeLibrary, schema: str) -> None:
        """Open a session. Raises RimeUnavailableError when librime refuses it or lacks the schema."""
        self._library = library
        session = library.call("create_session")
        if not isinstance(session, int) or not session:
            raise RimeUnavailableError("librime refused a session")
        self._session = session
        if not library.call("select_schema", session, schema.encode()):
            raise RimeUnavailableError(f"librime has no schema {schema}")
        self._indices: list[int] = []
        self._texts: list[str] | None = []
        self._preedit = ""

    @property
    def preedit(self) -> str:
        """What is being composed, syllables set apart."""
        return self._preedit

    @property
    def candidates(self) -> Sequence[str]:
        """Up to 400 candidates, best first, without words that have no place on a court's screen."""
        return tuple(self._read_candidates())

    def type(self, key: str) -> str:
        """Take one key; returns what it finished."""
        composing = len(key) == 1 and (("a" <= key <= "z") or (key == "'" and self._preedit != ""))
        if not composing:
            return self.flush() + key
        self._library.call("process_key", self._session, ord(key), 0)
        return self._refresh()

    def choose(self, index: int) -> str:
        """Take candidate `index`. Raises IndexError."""
        self._read_candidates()
        self._library.call("select_candidate", self._session, self._indices[index])
        return self._refresh()

    def backspace(self) -> bool:
        """Take back one key; False when nothing is being composed."""
        if not self._preedit:
            return False
        self._library.call("process_key", self._session, 0xFF08, 0)
        self._refresh()
        return True

    def flush(self) -> str:
        """End the composition with its best reading."""
        if not self._preedit:
            return ""
        self._library.call("commit_composition", self._session)
        return self._refresh()

    def clear(self) -> None:
        """Drop the composition."""
        self._library.call("clear_composition", self._session)
        self._refresh()

    def _refresh(self) -> str:
        """Read commit and preedit anew; returns the commit. Candidates are read when they are asked for."""
        self._preedit = self._read_preedit()
        self._texts = None if self._preedit else []
        return self._read_commit()

    def _read_commit(self) -> str:
        commit = _Commit(ctypes.sizeof(_Commit) - ctypes.sizeof(ctypes.c_int))
        if not self._library.call("get_commit", self._session, ctypes.byref(commit)):
            return ""
        text = (commit.text or b"").decode()
        self._library.call("free_commit", ctypes.byref(commit))
        return text

    def _read_preedit(self) -> str:
        context = _Context(ctypes.sizeof(_Context) - ctypes.sizeof(ctypes.c_int))
        if not self._library.call("get_context", self._session, ctypes.byref(context)):
            return ""
        preedit = (context.composition.preedit or b"").decode()
        self._library.call("free_context", ctypes.byref(context))
        return preedit

    def _read_candidates(self) -> list[str]:
        if self._texts is not None:
            return self._texts
        self._texts, self._indices = [], []
        iterator = _CandidateIterator()
        if not self._library.call("candidate_list_begin", self._session, ctypes.byref(iterator)):
            return self._texts
        position = 0
        while len(self._texts) < _MAX_CANDIDATES and self._library.call("candidate_list_next", ctypes.byref(iterator)):
            text = (iterator.candidate.text or b"").decode()
            if not is_blocked(text) and text not in self._texts:
                self._texts.append(text)
                self._indices.append(position)
            position += 1
        self._library.call("candidate_list_end", ctypes.byref(iterator))
        return self._texts
