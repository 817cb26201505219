"""The keys of customers: made when something personal is first recorded, gone for good when the customer is erased.

Who opens records asks the database for the keys each time, so that nothing is readable a moment after an erasure. Who
seals may use a key that the session knew: what is written under a destroyed key, nobody can read.
"""

import hmac
import os
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, Final
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg import Connection
from psycopg.rows import tuple_row

from invoicing_domain.recording.direct import UUIDS, Statement, literal
from invoicing_domain.recording.sealing import owner_of

Keys = Mapping[str, bytes]
"""Keys by customer; one that is missing was destroyed."""

VARIABLE: Final = "IZVOR_SECRET_KEY"
_NONCE: Final = 12
_KNOWN_AT_MOST: Final = 10_000

_SELECT: Final = "SELECT customer_id::text, wrapped FROM izvor_keys.customer_key WHERE customer_id = ANY($1)"
_SAMPLE: Final = "SELECT customer_id, wrapped FROM izvor_keys.sample()"
_MAKE: Final = "SELECT izvor_keys.make(%s, %s::uuid[], %s)"


class WrongSecretKey(Exception):  # noqa: N818 - names what was met
    """The secret key is missing, or another one than the customers' keys were made with; the message says which."""


def owners_of(records: Iterable[bytes]) -> set[str]:
    """The customers under whose keys parts of these records are."""
    return {owner for record in records if (owner := owner_of(record)) is not None}


class Keyring:
    """Safe to share between threads; holds no key of a customer longer than a session of the database.

    Without a `secret_key` that of the environment counts, as a password does where a connection string has none; where
    neither has one, everything works that is not sealed.
    """

    def __init__(self, secret_key: str | None = None) -> None:
        self._select = Statement(_SELECT, UUIDS)
        self._secret_key = secret_key or os.environ.get(VARIABLE)
        self._known: WeakKeyDictionary[Connection[Any], dict[str, bytes]] = WeakKeyDictionary()

    def prove(self, connection: Connection[Any]) -> None:
        """Raises WrongSecretKey where there are keys and the secret key does not fit them."""
        for customer, wrapped in connection.cursor(row_factory=tuple_row).execute(_SAMPLE).fetchall():
            self._unwrapped(customer.encode(), wrapped)

    def keys(self, connection: Connection[Any], customers: Collection[str]) -> Keys:
        """To open with. Looked up now: those of erased customers are not among them."""
        if not customers:
            return {}
        found = self._select(connection, (literal(list(customers)),))
        rows = ((found.get_value(row, 0) or b"", found.get_value(row, 1) or b"") for row in range(found.ntuples))
        return {customer.decode(): self._unwrapped(customer, wrapped) for customer, wrapped in rows}

    def keys_to_open(self, connection: Connection[Any], records: Iterable[bytes]) -> Keys:
        return self.keys(connection, owners_of(records))

    def keys_to_seal(self, connection: Connection[Any], organization_id: str, customers: Collection[str]) -> Keys:
        """To seal with, made where there are none yet; erased customers have none."""
        known = self._known.setdefault(connection, {})
        keys = {one: known[one] for one in customers if one in known}
        unknown = [one for one in customers if one not in keys]
        if unknown:
            found = self._found_or_made(connection, organization_id, unknown)
            keys |= found
            if len(known) > _KNOWN_AT_MOST:
                known.clear()
            known |= found
        return keys

    def _found_or_made(self, connection: Connection[Any], organization_id: str, customers: Collection[str]) -> Keys:
        found = self.keys(connection, customers)
        missing = [one for one in customers if one not in found]
        if not missing:
            return found
        wrapped = [self._wrapped(one.encode(), AESGCM.generate_key(256)) for one in missing]
        connection.execute(_MAKE, (organization_id, missing, wrapped))
        return {**found, **self.keys(connection, missing)}

    def blinded(self, fingerprint: bytes) -> bytes:
        """A fingerprint that guesses cannot be tried on: there are not so many names and numbers of people."""
        return hmac.digest(self._blinding, fingerprint, "sha256")

    def signature(self, text: str) -> str:
        """Proves that a text in a link of a mail is the house's own."""
        return hmac.digest(self._signing, text.encode(), "sha256").hex()

    @cached_property
    def _signing(self) -> bytes:
        return self._derived(b"izvor: links in mails")

    @cached_property
    def _wrapping(self) -> AESGCM:
        return AESGCM(self._derived(b"izvor: keys of customers"))

    @cached_property
    def _blinding(self) -> bytes:
        return self._derived(b"izvor: fingerprints of requests")

    def _derived(self, purpose: bytes) -> bytes:
        if not self._secret_key:
            raise WrongSecretKey(f"{VARIABLE} is not set: without it personal data can be neither written nor read")
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(self._secret_key.encode())

    def _wrapped(self, customer: bytes, key: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._wrapping.encrypt(nonce, key, customer)

    def _unwrapped(self, customer: bytes, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], customer)
        except InvalidTag:
            raise WrongSecretKey(
                f"{VARIABLE} is not the key that this database was used with: personal data cannot be read"
            ) from None
