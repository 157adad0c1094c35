"""The `[code_scanner]` section."""

from __future__ import annotations

import pytest

from drivers.code_scanner.device import build
from drivers.device import ConfigurationError


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({}, "either port"),
        ({"port": "/dev/serial/by-id/x", "keyboard": "usb:0c2e:0b61"}, "either port"),
        ({"port": "auto"}, "name it"),
        ({"port": "/dev/ttyACM0"}, "changes at every replug"),
        ({"port": "/dev/serial/by-id/x", "baud": 9601}, "baud is one of"),
        ({"port": "/dev/serial/by-id/x", "encoding": "latin-1"}, "encoding is one of utf-8, gb18030"),
        ({"keyboard": "usb:0c2e:0b61", "encoding": "gb18030"}, "not for a keyboard"),
        ({"keyboard": 3}, "keyboard is"),
        ({"keyboard": "usb:0c2e:0b61", "aim": "yes"}, "true or false"),
        ({"keyboard": "usb:0c2e:0b61", "gap": 0}, "gap"),
        ({"keyboard": "usb:0c2e:0b61", "speed": 1}, "unknown key speed"),
    ],
)
def test_a_wrong_section_is_refused_in_one_line(section: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refused:
        build(section)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("section", "simulated"),
    [
        ({"port": "/dev/serial/by-id/usb-Example_Scanner-if00", "encoding": "gb18030", "aim": True}, False),
        ({"port": "socket://127.0.0.1:4001"}, True),
        ({"keyboard": "/dev/input/by-id/usb-Example_Scanner-event-kbd"}, False),
    ],
)
def test_what_counts_as_simulated(section: dict[str, object], simulated: bool) -> None:
    assert build(section).simulated is simulated
