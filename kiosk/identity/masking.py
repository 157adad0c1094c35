"""Hiding personal data on screens, receipts and logs (N4): enough to recognise one's own, too little for others."""

from __future__ import annotations

import re

_STAR = "*"
_DISTRICT = re.compile(
    r"(?:.{2,8}?(?:省|自治区|市))?(?:.{2,10}?(?:自治州|地区|盟|市))?.{1,10}?(?:(?<![小社园])区|县|旗|市)"
)


def mask_number(number: str) -> str:
    """An identity number: three characters, stars, four characters; short ones keep one and two. Same length."""
    plain = number.strip()
    if len(plain) >= 12:
        head, tail = 3, 4
    elif len(plain) >= 6:
        head, tail = 1, 2
    else:
        head, tail = 0, 0
    return plain[:head] + _STAR * (len(plain) - head - tail) + plain[len(plain) - tail :]


def mask_name(name: str) -> str:
    """A person's name: 张*, 张*明; Latin names keep the first letter of each word."""
    plain = name.strip()
    if plain.isascii():
        return " ".join(word[0] + _STAR * (len(word) - 1) for word in plain.split())
    if len(plain) <= 2:
        return plain[:1] + _STAR * (len(plain) - 1)
    return plain[0] + _STAR * (len(plain) - 2) + plain[-1]


def mask_phone(number: str) -> str:
    """A telephone number: 138****5678; short ones keep the last two digits."""
    plain = number.strip()
    if len(plain) >= 11:
        return plain[:-8] + _STAR * 4 + plain[-4:]
    return _STAR * max(len(plain) - 2, 0) + plain[-2:]


def mask_address(address: str) -> str:
    """An address down to its district or county; the rest is stars."""
    found = _DISTRICT.match(address.strip())
    return f"{found[0]}***" if found else "***"
