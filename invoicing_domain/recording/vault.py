"""The keyring on a pool of connections, patient with a database that goes away; and answers under its keys."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

from invoicing_domain.model.personal import ERASED
from invoicing_domain.recording.append import StoredAnswer
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.keyring import Keyring, Keys, owners_of
from invoicing_domain.recording.patience import persist
from invoicing_domain.recording.sealing import kept_of, owner_of, seal, unseal


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

    def keys_to_seal(self, organization_id: str, customers: Collection[str]) -> Keys:
        """Made where there are none; erased customers have none."""

        def attempt() -> Keys:
            with self._datastore.connection() as connection:
                return self._keyring.keys_to_seal(connection, organization_id, customers)

        return persist(self._datastore, attempt) if customers else {}

    def signature(self, text: str) -> str:
        """Proves that a text in a link of a mail is the house's own."""
        return self._keyring.signature(text)

    def blinded(self, fingerprint: bytes) -> bytes:
        """As the fingerprint of a request is stored."""
        return self._keyring.blinded(fingerprint)

    def sealed_answer(self, organization_id: str, answer: StoredAnswer) -> StoredAnswer:
        """Readable as it was given while all of its customers are there; afterwards as it was kept."""
        answer = replace(answer, fingerprint=self.blinded(answer.fingerprint))
        if answer.kept is None:
            return answer
        kept, body = answer.kept, answer.body
        keys = self.keys_to_seal(organization_id, kept.customers)
        for customer_id in kept.customers:
            if customer_id not in keys:
                return replace(answer, body=kept.body, kept=None)
            body = seal(customer_id, keys[customer_id], body, kept.body)
        return replace(answer, body=body, kept=None)

    def opened_answer(self, answer: StoredAnswer) -> StoredAnswer:
        body = answer.body
        while (owner := owner_of(body)) is not None:
            key = self.keys_to_open([body]).get(owner)
            if key is None:
                return replace(answer, body=kept_of(body))
            body = unseal(body, key).secret
        return replace(answer, body=body)

    def sealed_text(self, organization_id: str, customer_id: str, text: str, *, about: str) -> str:
        """A text for a book that is no ledger; `about` says there what it belongs to."""
        key = self.keys_to_seal(organization_id, [customer_id]).get(customer_id)
        if key is None:
            return ERASED
        return seal(customer_id, key, text.encode(), json.dumps({"about": about}).encode()).decode()

    def opened_text(self, sealed: str) -> str:
        """The text again, or that it was erased; one that was never sealed is what it is."""
        record = sealed.encode()
        owner = owner_of(record)
        if owner is None:
            return sealed
        key = self.keys_to_open([record]).get(owner)
        return ERASED if key is None else unseal(record, key).secret.decode()
