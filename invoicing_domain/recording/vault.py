"""The keyring on a pool of connections, patient with a database that goes away for a moment."""

from collections.abc import Collection, Iterable

from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.keyring import Keyring, Keys, owners_of
from invoicing_domain.recording.patience import persist


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
