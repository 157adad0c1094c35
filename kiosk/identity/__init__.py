"""Numbers of persons and organisations: recognising, checking, masking. Pure, offline, and never a gate to filing.

`check(number)` tells what a number is; `check_as(kind, number)` checks one the person has named.
"""

from kiosk.identity.checks import check, check_as, normalised
from kiosk.identity.codes import EthnicGroup, Sex, ethnic_groups
from kiosk.identity.masking import mask_address, mask_name, mask_number, mask_phone
from kiosk.identity.model import IdentityNumber, NumberKind, Problem, Rejection
from kiosk.identity.phones import Phone, PhoneKind, PhoneRejection, check_phone

__all__ = [
    "EthnicGroup",
    "IdentityNumber",
    "NumberKind",
    "Phone",
    "PhoneKind",
    "PhoneRejection",
    "Problem",
    "Rejection",
    "Sex",
    "check",
    "check_as",
    "check_phone",
    "ethnic_groups",
    "mask_address",
    "mask_name",
    "mask_number",
    "mask_phone",
    "normalised",
]
