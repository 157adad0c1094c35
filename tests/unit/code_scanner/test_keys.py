"""Key strokes of a scanner that poses as a keyboard, and the node they come from."""

from __future__ import annotations

import errno
import os
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.code_scanner import event_node
from drivers.code_scanner.event_node import EVIOCGRAB, EventNode, check_keyboard, find_node, is_simulated_node
from drivers.code_scanner.keys import CAPS_LOCK, EV_KEY, EVENT, UNREADABLE, KeyTranslator
from drivers.code_scanner.sim_keys import lost, strokes
from drivers.device import ConfigurationError, DeviceGoneError

TYPED = st.text(string.ascii_letters + string.digits + string.punctuation + " ", max_size=40)
LEFT_CTRL, LEFT_ALT, A = 29, 56, 30


def press(code: int, value: int = 1) -> bytes:
    return EVENT.pack(0, 0, EV_KEY, code, value)


@given(TYPED, st.lists(st.integers(0, 6000)))
def test_what_is_typed_is_what_comes(text: str, cuts: list[int]) -> None:
    """Upper and lower case, every sign of the keyboard, however the records are cut."""
    stream, at, keys, came = strokes(text), 0, KeyTranslator(), b""
    for cut in [*sorted(min(cut, len(stream)) for cut in cuts), len(stream)]:
        came += keys.feed(stream[at:cut])
        at = cut
    assert came == text.encode() + b"\r"


@given(st.binary(max_size=20 * EVENT.size))
def test_any_records_make_ascii_or_what_is_refused(data: bytes) -> None:
    came = KeyTranslator().feed(data)
    assert came.replace(UNREADABLE, b"").isascii()


def test_a_key_held_down_is_one_key() -> None:
    assert KeyTranslator().feed(press(A) + press(A, 2) + press(A, 2) + press(A, 0)) == b"a"


def test_capitals_by_the_lock() -> None:
    """A scanner may write capitals by the lock instead of Shift; digits stay what they are."""
    keys = KeyTranslator()
    assert keys.feed(press(CAPS_LOCK) + press(CAPS_LOCK, 0) + strokes("aB1", end=False)) == b"Ab1"
    assert keys.feed(press(CAPS_LOCK) + press(CAPS_LOCK, 0) + strokes("a", end=False)) == b"a"


def test_controls_are_left_out_and_composed_characters_spoil_the_code() -> None:
    keys = KeyTranslator()
    assert keys.feed(press(LEFT_CTRL) + press(A) + press(LEFT_CTRL, 0) + press(A)) == b"a"
    assert UNREADABLE in keys.feed(press(LEFT_ALT) + press(82) + press(79) + press(LEFT_ALT, 0))


def test_after_lost_strokes_no_shift_is_left_held() -> None:
    keys = KeyTranslator()
    assert keys.feed(press(42) + press(A)) == b"A"
    assert keys.feed(lost() + press(A)) == UNREADABLE + b"a"


# -- the node


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    """Three nodes of one scanner and one of a keyboard, as sysfs tells of them."""
    keyboard, media = "402000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", "3000000000000 0"
    for number, vendor, product, serial, keys in (
        (1, "046d", "c31c", "", keyboard),
        (2, "0c2e", "0b61", "S1", media),
        (3, "0c2e", "0b61", "S1", keyboard),
        (4, "0c2e", "0b61", "S2", keyboard),
    ):
        device = tmp_path / f"event{number}" / "device"
        (device / "id").mkdir(parents=True)
        (device / "capabilities").mkdir()
        (device / "id" / "vendor").write_text(vendor + "\n")
        (device / "id" / "product").write_text(product + "\n")
        (device / "uniq").write_text(serial + "\n")
        (device / "capabilities" / "key").write_text(keys + "\n")
    return tmp_path


def test_the_node_that_types_is_found_by_its_usb_identity(sysfs: Path) -> None:
    """Not the one for its volume keys, and of two scanners that with the serial number."""
    assert find_node("usb:0C2E:0B61", sysfs) == Path("/dev/input/event3")
    assert find_node("usb:0c2e:0b61:S2", sysfs) == Path("/dev/input/event4")
    with pytest.raises(DeviceGoneError, match="not plugged in"):
        find_node("usb:0c2e:0b61:S3", sysfs)


@pytest.mark.parametrize("name", ["/dev/input/event3", "usb:c2e:b61", "event3", "auto", ""])
def test_names_that_do_not_last_are_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="code_scanner: "):
        check_keyboard(name)


class Kernel:
    """Answers ioctls on a node as the kernel does; `calls` is what was asked, in order."""

    def __init__(self, *, keys: bytes, grabbed: bool = False) -> None:
        self.calls: list[int] = []
        self._keys = keys
        self._grabbed = grabbed

    def ioctl(self, _: int, request: int, argument: object = 0) -> int:
        self.calls.append(request)
        if isinstance(argument, bytearray):
            argument[: len(self._keys)] = self._keys
        elif request == EVIOCGRAB and self._grabbed:
            raise OSError(errno.EBUSY, "busy")
        return 0


KEYBOARD = (0xFFFFFFFF).to_bytes(4, "little")


def opened(monkeypatch: pytest.MonkeyPatch, path: Path, kernel: Kernel) -> EventNode:
    path.write_bytes(b"")
    monkeypatch.setattr(event_node.fcntl, "ioctl", kernel.ioctl)
    return EventNode(path)


def test_a_node_is_grabbed_before_anything_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that no key of it reaches a field of the window."""
    kernel = Kernel(keys=KEYBOARD)
    node = opened(monkeypatch, tmp_path / "node", kernel)
    assert kernel.calls[-1] == EVIOCGRAB
    node.close()
    node.close()


def test_a_node_that_another_program_has_is_not_listened_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(DeviceGoneError, match="taken by another program"):
        opened(monkeypatch, tmp_path / "node", Kernel(keys=KEYBOARD, grabbed=True))
    assert len(list(Path("/proc/self/fd").iterdir())) == files


def test_a_node_without_keys_to_type_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(DeviceGoneError, match="no keys to type with"):
        opened(monkeypatch, tmp_path / "node", Kernel(keys=b""))


def test_what_is_no_input_device_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeviceGoneError, match="not an input device"):
        EventNode(tmp_path / "file")
    with pytest.raises(DeviceGoneError, match="No such file"):
        EventNode(tmp_path / "nothing")


def test_what_was_typed_before_is_dropped(tmp_path: Path) -> None:
    """A fifo in the place of a node is for simulators, and told as such."""
    fifo = tmp_path / "keys"
    os.mkfifo(fifo)
    writer = os.open(fifo, os.O_RDWR)
    os.write(writer, strokes("before"))
    node = EventNode(fifo)
    os.write(writer, strokes("after"))
    assert KeyTranslator().feed(node.read(1.0)) == b"after\r"
    assert is_simulated_node(fifo)
    os.close(writer)
    with pytest.raises(DeviceGoneError, match="unplugged"):
        node.read(1.0)
    node.close()


def test_a_keyboard_that_a_program_has_made_is_simulated(tmp_path: Path) -> None:
    made = tmp_path / "devices" / "virtual" / "input" / "input9" / "event9"
    real = tmp_path / "devices" / "pci0000:00" / "usb1" / "event3"
    links = tmp_path / "class"
    links.mkdir()
    for node in (made, real):
        node.mkdir(parents=True)
        (links / node.name).symlink_to(node)
    assert is_simulated_node(Path("/dev/input/event9"), links)
    assert not is_simulated_node(Path("/dev/input/event3"), links)
