"""Secrets lie in files only their owner can read, and are never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.court.keys import KeyRefusedError, SigningKey, VerifyKey, development_device_key, key_thumbprint
from kiosk.court.secret_file import SecretFileError, read_secret, write_secret


def test_thumbprint_is_that_of_rfc_8037() -> None:
    """RFC 8037 appendix A.3."""
    raw = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert key_thumbprint("Ed25519", raw) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_stored_key_signs_as_before_and_is_private(tmp_path: Path) -> None:
    key = SigningKey.generate()
    key.store(tmp_path / "device.key")
    assert (tmp_path / "device.key").stat().st_mode & 0o777 == 0o600
    again = SigningKey.load(tmp_path / "device.key")
    assert again.key_id == key.key_id
    assert VerifyKey.from_text(key.verify_key.text).verifies(again.sign(b"m"), b"m")
    assert not key.verify_key.verifies(again.sign(b"m"), b"n")


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    first = SigningKey.generate()
    first.store(tmp_path / "device.key")
    with pytest.raises(FileExistsError):
        SigningKey.generate().store(tmp_path / "device.key")
    assert SigningKey.load(tmp_path / "device.key").key_id == first.key_id
    assert [p.name for p in tmp_path.iterdir()] == ["device.key"]


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    SigningKey.generate().store(tmp_path / "device.key")
    (tmp_path / "device.key").chmod(0o640)
    with pytest.raises(KeyRefusedError, match="0600"):
        SigningKey.load(tmp_path / "device.key")


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    write_secret(tmp_path / "device.key", content)
    with pytest.raises(KeyRefusedError, match=r"device\.key"):
        SigningKey.load(tmp_path / "device.key")


def test_missing_and_linked_secrets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretFileError):
        read_secret(tmp_path / "none")
    write_secret(tmp_path / "real", b"x" * 32)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(SecretFileError):
        read_secret(tmp_path / "link")


def test_the_development_key_is_the_same_everywhere() -> None:
    assert development_device_key().key_id == development_device_key().key_id


def test_a_secret_is_not_in_the_repr() -> None:
    key = SigningKey(b"\x01" * 32)
    assert "01" * 4 not in repr(key).replace("0x", "")
    assert repr(b"\x01" * 4)[2:-1] not in repr(key)
