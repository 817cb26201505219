"""The way into a broker that lets nobody in who is not known: certificates, and the properties of its listener."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from invoicing_domain.clock import SystemClock

USER: Final = "izvor"
PASSWORD: Final = "long enough for a test"
LISTENER: Final = "GUARDED"

_KEYSTORE: Final = "keystore.pem"
_AUTHORITY: Final = "authority.pem"
_LIFE: Final = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Entrance:
    """A listener for those who speak TLS and log in; its files are in `folder`."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def authority(self) -> Path:
        """The certificate that vouches for the broker."""
        return self.folder / _AUTHORITY

    def properties(self, *, port: int, controller_port: int) -> str:
        """What follows after `server.properties`, and wins over it: one more listener, its key and its user."""
        self._certify()
        plain = f"PLAINTEXT://127.0.0.1:{port}"
        prefix = f"listener.name.{LISTENER.lower()}"
        login = f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
        scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        return "\n".join(
            (
                "",
                f"listeners={plain},CONTROLLER://127.0.0.1:{controller_port},{LISTENER}://{self.address}",
                f"advertised.listeners={plain},{LISTENER}://{self.address}",
                f"listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,{LISTENER}:SASL_SSL",
                f"{prefix}.ssl.keystore.type=PEM",
                f"{prefix}.ssl.keystore.location={self.folder / _KEYSTORE}",
                f"{prefix}.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
                f"{prefix}.plain.sasl.jaas.config={login}",
                f"{prefix}.scram-sha-256.sasl.jaas.config={scram}",
                f"{prefix}.scram-sha-512.sasl.jaas.config={scram}",
                "",
            )
        )

    def _certify(self) -> None:
        """An authority, and a broker that it vouches for; made once."""
        if self.authority.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        ours, brokers = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        authority = _certificate("tests of Izvor", ours, "tests of Izvor", ours, x509.BasicConstraints(True, 0))
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        broker = _certificate("broker", brokers, "tests of Izvor", ours, here)
        key = brokers.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / _KEYSTORE).write_bytes(key + broker.public_bytes(Encoding.PEM))
        self.authority.write_bytes(authority.public_bytes(Encoding.PEM))


def _certificate(
    name: str, key: EllipticCurvePrivateKey, issuer: str, signer: EllipticCurvePrivateKey, says: x509.ExtensionType
) -> x509.Certificate:
    now = SystemClock().now()
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(says, critical=True)
        .sign(signer, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
