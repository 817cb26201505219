"""The secrets that webhooks are signed with: nowhere written down, worked out from the installation's secret key.

HKDF of the secret key, the endpoint and a salt that a fact names: 32 bytes that nobody without the secret key can tell
from chance. So there is nothing to encrypt, to lose between two transactions, or to find in a dump of the database.
"""

import os
from base64 import b64encode
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from invoicing_domain.recording.keyring import VARIABLE, WrongSecretKey

_PURPOSE = "izvor: secret of webhook endpoint "
_LENGTH = 32


@dataclass(frozen=True, slots=True)
class WebhookSecrets:
    """Without a `secret_key` that of the environment counts."""

    secret_key: str | None = field(default=None, repr=False)

    def of(self, endpoint_id: str, salt: str) -> bytes:
        """Raises WrongSecretKey where there is no secret key."""
        secret_key = self.secret_key or os.environ.get(VARIABLE)
        if not secret_key:
            raise WrongSecretKey(f"{VARIABLE} is not set: without it webhooks cannot be signed")
        info = (_PURPOSE + endpoint_id).encode()
        return HKDF(algorithm=SHA256(), length=_LENGTH, salt=bytes.fromhex(salt), info=info).derive(secret_key.encode())

    def text(self, endpoint_id: str, salt: str) -> str:
        """As receivers keep it (Standard Webhooks): whsec_ and base64."""
        return f"whsec_{b64encode(self.of(endpoint_id, salt)).decode()}"
