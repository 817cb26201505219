"""The keys of customers: made when something personal is first recorded, gone for good when the customer is erased.

Who opens records asks the database for the keys each time, so that nothing is readable a moment after an erasure. Who
seals may use one that was seen lately, or a new one: the database keeps what is written under it only if it is the
customer's at that moment (`izvor_keys.keep`).
"""

import hmac
import os
import time
from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg import Connection
from psycopg.errors import ObjectNotInPrerequisiteState
from psycopg.rows import tuple_row

from invoicing_domain.recording.direct import UUIDS, Statement, literal
from invoicing_domain.recording.sealing import Key, Keys, owner_of

VARIABLE: Final = "IZVOR_SECRET_KEY"
_NONCE: Final = 12
_KNOWN_AT_MOST: Final = 10_000
_KNOWN_SECONDS: Final = 60

_SELECT: Final = "SELECT customer_id::text, wrapped FROM izvor_keys.customer_key WHERE customer_id = ANY($1)"
_LOOK_UP: Final = (
    "SELECT n.customer_id::text, k.wrapped FROM unnest($1) AS n (customer_id)"
    " LEFT JOIN izvor_keys.customer_key AS k USING (customer_id)"
    " WHERE NOT EXISTS (SELECT FROM izvor_keys.erased AS e WHERE e.customer_id = n.customer_id)"
)
_KEEP: Final = "SELECT izvor_keys.keep(%s, %s::uuid[], %s)"
_SAMPLE: Final = "SELECT customer_id, wrapped FROM izvor_keys.sample()"


class OtherKey(Exception):  # noqa: N818 - names what was met
    """Something was sealed with a key that is not the customer's (any more); nothing was stored."""


class WrongSecretKey(Exception):  # noqa: N818 - names what was met
    """The secret key is missing, or another one than the customers' keys were made with; the message says which."""


def owners_of(records: Iterable[bytes]) -> set[str]:
    """The customers under whose keys parts of these records are."""
    return {owner for record in records if (owner := owner_of(record)) is not None}


class Keyring:
    """Safe to share between threads; uses no key for longer than a minute after it was seen in the database.

    Without a `secret_key` that of the environment counts, as a password does where a connection string has none; where
    neither has one, everything works that is not sealed.
    """

    def __init__(self, secret_key: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._select = Statement(_SELECT, UUIDS)
        self._look_up = Statement(_LOOK_UP, UUIDS)
        self._secret_key = secret_key or os.environ.get(VARIABLE)
        self._clock = clock
        self._seen: dict[str, Key] = {}
        self._forget_at = 0.0

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
        return {customer.decode(): Key(self._unwrapped(customer, wrapped), wrapped) for customer, wrapped in rows}

    def keys_to_open(self, connection: Connection[Any], records: Iterable[bytes]) -> Keys:
        return self.keys(connection, owners_of(records))

    def key(self, customer: str, wrapped: bytes) -> Key:
        """The key of a customer that the database was just found to hold; remembered for sealing."""
        seen = self._remembered().get(customer)
        if seen is not None and seen.wrapped == wrapped:
            return seen
        return self._remember(customer, Key(self._unwrapped(customer.encode(), wrapped), wrapped))

    def new_key(self, customer: str) -> Key:
        """It becomes the customer's with the first thing that is written under it."""
        secret = AESGCM.generate_key(256)
        return self._remember(customer, Key(secret, self._wrapped(customer.encode(), secret)))

    def seen(self, customers: Collection[str]) -> dict[str, Key]:
        """To seal with: those that were seen or made lately. They may be gone by now."""
        remembered = self._remembered()
        return {one: key for one in customers if (key := remembered.get(one)) is not None}

    def found_or_new(self, connection: Connection[Any], customers: Collection[str]) -> Keys:
        """To seal with; erased customers have none."""
        found = self._look_up(connection, (literal(list(customers)),))
        rows = (((found.get_value(row, 0) or b"").decode(), found.get_value(row, 1)) for row in range(found.ntuples))
        return {one: self.new_key(one) if wrapped is None else self.key(one, wrapped) for one, wrapped in rows}

    def keep(self, connection: Connection[Any], organization_id: str, keys: Keys) -> None:
        """Store those that are new; raises OtherKey where the database holds another one, or none any more."""
        wrapped = [key.wrapped for key in keys.values()]
        try:
            connection.execute(_KEEP, (organization_id, list(keys), wrapped))
        except ObjectNotInPrerequisiteState as refused:
            raise OtherKey(str(refused)) from refused

    def forget(self) -> None:
        self._seen = {}
        self._forget_at = self._clock() + _KNOWN_SECONDS

    def _remembered(self) -> dict[str, Key]:
        if self._clock() >= self._forget_at or len(self._seen) > _KNOWN_AT_MOST:
            self.forget()
        return self._seen

    def _remember(self, customer: str, key: Key) -> Key:
        self._seen[customer] = key
        return key

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
