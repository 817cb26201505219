"""Sealed records: what may be read for ever in plain JSON, the rest under the key of one customer.

    {"sealed":{"of":"<customer>","data":"<base64>"},"fact":{...},"meta":{...}}

`data` is nonce, commitment and AES-256-GCM of (salt, secret). The cipher vouches for the plain rest too: neither can be
put beside another one. It does not commit to a key (a second one can be made to fit): the commitment, HMAC-SHA256 of
the secret under the salt inside, says that this is what was written.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_HEAD: Final = b'{"sealed":{"of":"'
_OWNER: Final = slice(len(_HEAD), len(_HEAD) + 36)
_DATA: Final = b'","data":"'
_REST: Final = b'"},'
_DATA_AT: Final = _OWNER.stop + len(_DATA)
_NONCE, _COMMITMENT, _SALT = 12, 32, 16


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a customer, and how the database holds it."""

    secret: bytes = field(repr=False)
    wrapped: bytes


Keys = Mapping[str, Key]
"""Keys by customer; one that is missing was destroyed."""


class BrokenSeal(Exception):  # noqa: N818 - names what was met
    """A sealed record that is not as it was written."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was sealed, and the record that was kept in plain."""

    secret: bytes
    kept: bytes


def owner_of(record: bytes) -> str | None:
    """The customer under whose key part of a record is; None for one that is all plain."""
    return record[_OWNER].decode() if record.startswith(_HEAD) else None


def seal(customer_id: str, key: bytes, secret: bytes, kept: bytes) -> bytes:
    """`kept` is a JSON object with something in it; a sealed record is one too."""
    rest = kept[1:]
    chance = os.urandom(_NONCE + _SALT)
    nonce, salt = chance[:_NONCE], chance[_NONCE:]
    cipher = AESGCM(key).encrypt(nonce, salt + secret, customer_id.encode() + rest)
    data = b64encode(nonce + hmac.digest(salt, secret, "sha256") + cipher)
    return b"".join((_HEAD, customer_id.encode(), _DATA, data, _REST, rest))


def unseal(record: bytes, key: bytes) -> Opened:
    """Open a sealed record; raises BrokenSeal when anything in it was changed."""
    try:
        end = record.index(_REST, _DATA_AT)
        data, rest = b64decode(record[_DATA_AT:end], validate=True), record[end + len(_REST) :]
        nonce, commitment, cipher = data[:_NONCE], data[_NONCE : _NONCE + _COMMITMENT], data[_NONCE + _COMMITMENT :]
        opened = AESGCM(key).decrypt(nonce, cipher, record[_OWNER] + rest)
    except (InvalidTag, ValueError):
        raise BrokenSeal(f"a record of customer {owner_of(record)} is not as it was sealed") from None
    salt, secret = opened[:_SALT], opened[_SALT:]
    if not hmac.compare_digest(hmac.digest(salt, secret, "sha256"), commitment):
        raise BrokenSeal(f"a record of customer {owner_of(record)} was sealed to mean two things")
    return Opened(secret, b"{" + rest)


def kept_of(record: bytes) -> bytes:
    """What stays of a sealed record without its key."""
    return b"{" + record[record.index(_REST, _DATA_AT) + len(_REST) :]
