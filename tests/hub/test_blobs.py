"""The attachment store: nothing is acknowledged before it is on disk, and no crash leaves an upload stuck."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from provisioning.hub.blobs import (
    BlobStore,
    HashMismatchError,
    StoreUnavailableError,
    TooLargeError,
    UploadBusyError,
    WrongOffsetError,
)

CONTENT = b"sealed bytes of a complaint" * 40
NAME = hashlib.sha256(CONTENT).hexdigest()


def store_in(folder: Path, **options: int) -> BlobStore:
    """A store in `folder`."""
    for name in ("blobs", "parts"):
        (folder / name).mkdir(exist_ok=True)
    store = BlobStore(folder / "blobs", folder / "parts", **options)
    store.prepare()
    return store


class UploadMachine(RuleBasedStateMachine):
    """One upload against a model: any order of chunks, repeats, wrong offsets, rubbish and restarts of the hub."""

    @initialize()
    def begin(self) -> None:
        """An empty store."""
        self.folder = tempfile.TemporaryDirectory()
        self.store = store_in(Path(self.folder.name))
        self.held = b""
        self.complete = False

    def teardown(self) -> None:
        """Remove the folder."""
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(size=st.integers(0, 700), shift=st.sampled_from([0, 0, 0, 0, -1, 1, 97]), last=st.booleans())
    def append_true_bytes(self, size: int, shift: int, last: bool) -> None:
        """A chunk of the real content, at the right or at a wrong offset."""
        offset = max(0, len(self.held) + shift)
        self._append(offset, CONTENT[offset : offset + size], last=last)

    @rule(size=st.integers(1, 50), last=st.booleans())
    def append_rubbish(self, size: int, last: bool) -> None:
        """A chunk that is not of this content."""
        self._append(len(self.held), b"?" * size, last=last)

    @rule()
    def finish(self) -> None:
        """The zero-length last chunk."""
        self._append(len(self.held), b"", last=True)

    @rule()
    def restart_and_look(self) -> None:
        """A new process looks at what is there: a complete part becomes the blob."""
        self.store = store_in(Path(self.folder.name))
        state = self.store.state("terminal", NAME)
        if self.held == CONTENT:
            self.complete = True
        assert (state.offset, state.complete) == (len(self.held), self.complete)

    @invariant()
    def a_name_stands_for_the_whole_content(self) -> None:
        """Whatever has the blob's name is the blob."""
        if not hasattr(self, "store"):
            return
        assert (self.store.size(NAME) is not None) == self.complete
        if self.complete:
            assert self.store.read(NAME) == CONTENT

    @staticmethod
    def _agree(as_the_model_says: bool) -> None:
        assert as_the_model_says

    def _append(self, offset: int, chunk: bytes, *, last: bool) -> None:
        try:
            state = self.store.append("terminal", NAME, offset, chunk, last=last)
        except WrongOffsetError as error:
            self._agree(error.offset == len(self.held) and (self.complete or offset != len(self.held)))
        except HashMismatchError:
            self._agree(last and self.held + chunk != CONTENT)
            self.held = b""
        else:
            if not self.complete:
                assert offset == len(self.held)
                self.held += chunk
                self.complete = last
            assert (state.offset, state.complete) == (len(self.held), self.complete)


UploadMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestUploads = UploadMachine.TestCase


def test_a_hub_killed_between_fsync_and_rename_finishes_at_the_next_look(tmp_path: Path) -> None:
    """All bytes are in the part file but nobody put them in place: a HEAD, or an empty last chunk, does (finding 7)."""
    for finish in ("head", "empty chunk"):
        folder = tmp_path / finish
        folder.mkdir()
        store = store_in(folder)
        store.append("t", NAME, 0, CONTENT, last=False)
        assert store.size(NAME) is None
        again = store_in(folder)
        if finish == "head":
            assert again.state("t", NAME).complete
        else:
            assert again.append("t", NAME, len(CONTENT), b"", last=True).complete
        assert again.read(NAME) == CONTENT
        assert not list((folder / "parts").rglob("*.part"))


def test_one_change_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second request for the same upload is turned away while the first one writes; nothing is mixed."""
    store = store_in(tmp_path)
    inside, go_on = threading.Event(), threading.Event()
    real = os.fsync

    def slow(handle: int) -> None:
        inside.set()
        assert go_on.wait(10)
        real(handle)

    monkeypatch.setattr("provisioning.hub.blobs.os.fsync", slow)
    monkeypatch.setattr("provisioning.hub.blobs.sync_directory", lambda _: None)
    first = threading.Thread(target=store.append, args=("t", NAME, 0, CONTENT), kwargs={"last": True})
    first.start()
    assert inside.wait(10)
    with pytest.raises(UploadBusyError):
        store.append("t", NAME, 0, b"other", last=False)
    go_on.set()
    first.join(10)
    assert store.read(NAME) == CONTENT


def test_every_success_was_fsynced_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order is write, fsync the file, rename, fsync the directory (finding 6)."""
    calls: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(handle: int) -> None:
        calls.append("fsync file")
        real_sync(handle)

    def rename_path(path: Path, target: Path) -> Path:
        calls.append("rename")
        return real_rename(path, target)

    monkeypatch.setattr("provisioning.hub.blobs.os.fsync", sync)
    monkeypatch.setattr("provisioning.hub.blobs.sync_directory", lambda folder: calls.append(f"fsync {folder.name}"))
    monkeypatch.setattr(Path, "rename", rename_path)
    store_in(tmp_path).append("t", NAME, 0, CONTENT, last=True)
    rename = calls.index("rename")
    assert "fsync file" in calls[:rename]
    assert calls[rename + 1 :] == [f"fsync {NAME[:2]}"]


def test_after_a_failed_fsync_nothing_is_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel may report success for the next fsync although pages were lost: no second try (F6)."""
    store = store_in(tmp_path)
    store.append("t", NAME, 0, CONTENT[:10], last=False)

    def fail(handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("provisioning.hub.blobs.os.fsync", fail)
        with pytest.raises(StoreUnavailableError):
            store.append("t", NAME, 10, CONTENT[10:], last=True)
    assert store.failed
    assert store.size(NAME) is None
    with pytest.raises(StoreUnavailableError):
        store.append("t", hashlib.sha256(b"x").hexdigest(), 0, b"x", last=True)
    assert store_in(tmp_path).append("t", NAME, len(CONTENT), b"", last=True).complete


def test_a_full_disk_is_told_before_it_is_full(tmp_path: Path) -> None:
    """Uploads stop while the database still has room (F5)."""
    store = store_in(tmp_path, reserve=1 << 60)
    with pytest.raises(StoreUnavailableError):
        store.append("t", NAME, 0, CONTENT, last=True)
    assert store.failed is None


def test_limits_and_names(tmp_path: Path) -> None:
    """No blob beyond the limit, and no name that is not a hash."""
    with pytest.raises(TooLargeError):
        store_in(tmp_path, max_blob=10).append("t", NAME, 5, b"123456", last=False)
    for name in ("../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="SHA-256"):
            store_in(tmp_path).size(name)


def test_a_flipped_bit_is_found_when_read(tmp_path: Path) -> None:
    """Bit rot in a stored paper never reaches a clerk unseen (F8)."""
    store = store_in(tmp_path)
    store.append("t", NAME, 0, CONTENT, last=True)
    path = store.path(NAME)
    path.write_bytes(CONTENT[:-1] + b"X")
    with pytest.raises(HashMismatchError):
        store.read(NAME)
