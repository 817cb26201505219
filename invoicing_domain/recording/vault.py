"""The keyring on a pool of connections, patient with a database that goes away; and answers under its keys."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Final, TypeVar

from invoicing_domain.model.personal import ERASED
from invoicing_domain.recording.append import StoredAnswer
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.keyring import Keyring, OtherKey, owners_of
from invoicing_domain.recording.patience import persist
from invoicing_domain.recording.sealing import Key, Keys, kept_of, owner_of, seal, unseal

T = TypeVar("T")

DOUBTS: Final = 3
"""How often something is sealed anew when each time another key turns out to be the right one."""


class Vault:
    def __init__(self, datastore: Datastore, secret_key: str | None) -> None:
        self._datastore = datastore
        self._keyring = Keyring(secret_key)

    def keys_to_open(self, records: Iterable[bytes]) -> Keys:
        """Those that still exist; asks nobody when nothing is sealed."""
        owners = owners_of(records)

        def attempt() -> Keys:
            with self._datastore.connection() as connection:
                return self._keyring.keys(connection, owners)

        return persist(self._datastore, attempt) if owners else {}

    def key_to_open(self, record: bytes, wrapped: bytes) -> Key:
        """The key of a sealed record that was read together with it."""
        return self._keyring.key(owner_of(record) or "", wrapped)

    def keys_to_seal(self, customers: Collection[str], begun: Collection[str] = ()) -> Keys:
        """Good only for what `izvor_keys.keep` agrees to; erased customers have none. The `begun` are new ones."""
        keys = self._keyring.seen(customers)
        keys |= {one: self._keyring.new_key(one) for one in begun if one not in keys}
        unknown = [one for one in customers if one not in keys]

        def attempt() -> Keys:
            with self._datastore.connection() as connection:
                return self._keyring.found_or_new(connection, unknown)

        return {**keys, **persist(self._datastore, attempt)} if unknown else keys

    def sealing(self, attempt: Callable[[bool], T]) -> T:
        """What `attempt` returns, which seals and stores; once more where a key is not that of its customer (any more).

        It is told whether to doubt what it believes to know.
        """
        doubting = False
        for _ in range(DOUBTS):
            try:
                return attempt(doubting)
            except OtherKey:
                self._keyring.forget()
                doubting = True
        return attempt(doubting)

    def keep(self, organization_id: str, keys: Keys) -> None:
        """Make sure that these are the keys of their customers; raises OtherKey."""

        def attempt() -> None:
            with self._datastore.connection() as connection:
                self._keyring.keep(connection, organization_id, keys)

        persist(self._datastore, attempt)

    def signature(self, text: str) -> str:
        """Proves that a text in a link of a mail is the house's own."""
        return self._keyring.signature(text)

    def blinded(self, fingerprint: bytes) -> bytes:
        """As the fingerprint of a request is stored."""
        return self._keyring.blinded(fingerprint)

    def sealed_answer(self, answer: StoredAnswer, keys: Keys) -> tuple[StoredAnswer, Keys]:
        """Readable as it was given while all of its customers are there; afterwards as it was kept.

        Takes the keys of the facts beside it, and returns them with those that it needs itself.
        """
        answer = replace(answer, fingerprint=self.blinded(answer.fingerprint))
        if answer.kept is None:
            return answer, keys
        kept, body = answer.kept, answer.body
        keys = {**keys, **self.keys_to_seal([one for one in kept.customers if one not in keys])}
        for customer_id in kept.customers:
            if customer_id not in keys:
                return replace(answer, body=kept.body, kept=None), keys
            body = seal(customer_id, keys[customer_id].secret, body, kept.body)
        return replace(answer, body=body, kept=None), keys

    def opened_answer(self, answer: StoredAnswer) -> StoredAnswer:
        body = answer.body
        while (owner := owner_of(body)) is not None:
            key = self.keys_to_open([body]).get(owner)
            if key is None:
                return replace(answer, body=kept_of(body))
            body = unseal(body, key.secret).secret
        return replace(answer, body=body)

    def sealed_text(self, organization_id: str, customer_id: str, text: str, *, about: str) -> str:
        """A text for a book that is no ledger; `about` says there what it belongs to."""

        def attempt(_: bool) -> str:
            keys = self.keys_to_seal([customer_id])
            if not keys:
                return ERASED
            self.keep(organization_id, keys)
            kept = json.dumps({"about": about}).encode()
            return seal(customer_id, keys[customer_id].secret, text.encode(), kept).decode()

        return self.sealing(attempt)

    def opened_text(self, sealed: str) -> str:
        """The text again, or that it was erased; one that was never sealed is what it is."""
        record = sealed.encode()
        owner = owner_of(record)
        if owner is None:
            return sealed
        key = self.keys_to_open([record]).get(owner)
        return ERASED if key is None else unseal(record, key.secret).secret.decode()
