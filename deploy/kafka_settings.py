"""Where Kafka is and how it is entered: variables that have to fit together."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.variables import SettingError, is_address, setting

SECURITIES: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
_SECURITY: Final = "IZVOR_KAFKA_SECURITY"


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """`kafka_security` None: not encrypted, and nobody logs in; `kafka_ca` None: whom this machine trusts."""

    kafka: str | None = setting("IZVOR_KAFKA")
    kafka_prefix: str = setting("IZVOR_KAFKA_PREFIX", default="izvor")
    kafka_security: str | None = setting(_SECURITY)
    kafka_ca: Path | None = field(default=None, metadata={"variable": "IZVOR_KAFKA_CA"})
    kafka_mechanism: str | None = setting("IZVOR_KAFKA_MECHANISM")
    kafka_user: str | None = setting("IZVOR_KAFKA_USER")
    kafka_password: str | None = setting("IZVOR_KAFKA_PASSWORD", secret=True)

    @property
    def kafka_encrypted(self) -> bool:
        return (self.kafka_security or "").endswith("SSL")

    @property
    def kafka_login(self) -> bool:
        return (self.kafka_security or "").startswith("SASL_")

    def refuse_half_a_way_in(self) -> None:
        """Whoever says half of it believes that it is encrypted, or that somebody logs in, where it is not so."""
        if self.kafka is None and self.kafka_security is not None:
            raise SettingError("IZVOR_KAFKA", f"must say where Kafka is when {_SECURITY} is set")
        login = {
            "IZVOR_KAFKA_MECHANISM": self.kafka_mechanism,
            "IZVOR_KAFKA_USER": self.kafka_user,
            "IZVOR_KAFKA_PASSWORD": self.kafka_password,
        }
        for variable, value in login.items():
            if self.kafka_login and value is None:
                raise SettingError(variable, f"must be set when {_SECURITY} is {self.kafka_security}")
            if not self.kafka_login and value is not None:
                raise SettingError(_SECURITY, f"must be SASL_SSL or SASL_PLAINTEXT when {variable} is set")
        if self.kafka_ca is not None and not self.kafka_encrypted:
            raise SettingError(_SECURITY, "must be SSL or SASL_SSL when IZVOR_KAFKA_CA is set")
        if self.kafka_mechanism == "PLAIN" and not self.kafka_encrypted:
            raise SettingError(_SECURITY, "must be SASL_SSL with PLAIN, or all on the way could read the password")


def _kafka(variable: str, text: str) -> str:
    if not all(is_address(one) for one in text.split(",")):
        raise SettingError(variable, f"must look like kafka.example.ro:9092, or several with commas, not {text!r}")
    return text


def _kafka_prefix(variable: str, text: str) -> str:
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,200}", text):
        raise SettingError(variable, f"must be of letters, digits, dots, dashes and underscores, not {text!r}")
    return text


def _one_of(words: tuple[str, ...]) -> Any:
    def parse(variable: str, text: str) -> str:
        if text.upper() not in words:
            raise SettingError(variable, f"must be one of {', '.join(words)}, not {text!r}")
        return text.upper()

    return parse


def _authorities(variable: str, text: str) -> Path:
    try:
        ssl.create_default_context(cafile=text)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise SettingError(
            variable, f"must name a readable file of certificates (PEM), not {text!r}: {error}"
        ) from None
    return Path(text)


def _as_given(_variable: str, text: str) -> str:
    return text


KAFKA_PARSERS: Final[Mapping[str, Any]] = {
    "kafka": _kafka,
    "kafka_prefix": _kafka_prefix,
    "kafka_security": _one_of(SECURITIES),
    "kafka_ca": _authorities,
    "kafka_mechanism": _one_of(MECHANISMS),
    "kafka_user": _as_given,
    "kafka_password": _as_given,
}
