"""Everything that may differ between two installations, read once from environment variables and checked at once.

A setting that is wrong stops the start with the name of its variable and what would be right. Secrets (passwords in
URLs, the secret key) appear neither in `repr` nor in error messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from deploy.kafka_settings import KAFKA_PARSERS, KafkaSettings
from deploy.variables import SettingError, is_address, setting

LOG_LEVELS = ("debug", "info", "warning", "error")
SHORTEST_SECRET_KEY = 32
MOST_HTTP_WORKERS = 64
MOST_HTTP_THREADS = 64
MOST_REQUESTS = 10_000_000
SHORTEST_METRICS_TOKEN = 20
MOST_DRAIN_SECONDS = 60
DATA = Path("izvor-data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(KafkaSettings):
    """What the processes of Izvor are told from outside; `deploy/izvor.env` explains each variable to users."""

    database_url: str | None = setting("IZVOR_DATABASE_URL", secret=True)
    data: Path = field(default=DATA, metadata={"variable": "IZVOR_DATA"})
    bind: str = setting("IZVOR_BIND", default="127.0.0.1:8080")
    public_url: str | None = setting("IZVOR_PUBLIC_URL")
    smtp_url: str | None = setting("IZVOR_SMTP_URL", secret=True)
    mail_from: str | None = setting("IZVOR_MAIL_FROM")
    mail_bounces: str | None = setting("IZVOR_MAIL_BOUNCES")
    secret_key: str | None = setting("IZVOR_SECRET_KEY", secret=True)
    webhook_allow_private: bool = setting("IZVOR_WEBHOOK_ALLOW_PRIVATE", default=False)
    log_level: str = setting("IZVOR_LOG_LEVEL", default="info")
    watch: str | None = setting("IZVOR_WATCH")
    metrics_token: str | None = setting("IZVOR_METRICS_TOKEN", secret=True)
    drain_seconds: int = setting("IZVOR_DRAIN_SECONDS", default=0)
    test_clock: bool = setting("IZVOR_TEST_CLOCK", default=False)
    http_workers: int = setting("IZVOR_HTTP_WORKERS", default=2)
    http_threads: int = setting("IZVOR_HTTP_THREADS", default=8)
    rate_limit: int = setting("IZVOR_RATE_LIMIT", default=30_000)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read and check; a variable that is set to nothing counts as not set."""
        given = {f.name: environment[v].strip() for f in fields(cls) if environment.get(v := variable_of(f.name), "")}
        settings = cls(**{name: _PARSERS[name](variable_of(name), text) for name, text in given.items()})
        if settings.smtp_url and not settings.mail_from:
            raise SettingError("IZVOR_MAIL_FROM", "must say who the sender is when IZVOR_SMTP_URL is set")
        settings.refuse_half_a_way_in()
        return settings

    def to_environment(self) -> dict[str, str]:
        """The same settings as variables, for the child processes."""
        values = {variable_of(f.name): getattr(self, f.name) for f in fields(self)}
        return {variable: _text(value) for variable, value in values.items() if value is not None}

    def required_database_url(self) -> str:
        if self.database_url is None:
            raise SettingError("IZVOR_DATABASE_URL", "is not set: give it, or start everything with `izvor up`")
        return self.database_url

    def required_secret_key(self) -> str:
        if self.secret_key is None:
            raise SettingError("IZVOR_SECRET_KEY", "is not set: make one with `openssl rand -base64 32` and keep it")
        return self.secret_key

    @property
    def host(self) -> str:
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def base_url_local(self) -> str:
        """Where this machine reaches its own API."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://{host if ':' not in host or host.startswith('[') else f'[{host}]'}:{self.port}"

    @property
    def base_url(self) -> str:
        """Where people reach this installation: in links of mails and answers; without a slash at the end."""
        return (self.public_url or f"http://{self.bind}").rstrip("/")


def variable_of(name: str) -> str:
    return str(Settings.__dataclass_fields__[name].metadata["variable"])


def variables() -> tuple[str, ...]:
    return tuple(variable_of(f.name) for f in fields(Settings))


def _text(value: object) -> str:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)


def _database_url(variable: str, text: str) -> str:
    try:
        known = conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        known = {}  # the driver's message may repeat the password
    if not known:
        raise SettingError(variable, "must look like postgresql://user:password@host:5432/database")
    return text


def _smtp_url(variable: str, text: str) -> str:
    wish = "must look like smtp://user:password@host:587 or smtps://user:password@host:465"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"smtp", "smtps"} and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingError(variable, wish)
    return text


def _public_url(variable: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingError(variable, f"must look like https://invoices.example.ro, not {text!r}")
    return text.rstrip("/")


def _mail_from(variable: str, text: str) -> str:
    address = parseaddr(text)[1]
    local, _, domain = address.rpartition("@")
    if not local or not domain or any(sign in text for sign in "\r\n"):
        raise SettingError(variable, f"must look like 'Firma SRL <facturi@example.ro>', not {text!r}")
    return text


def _mail_bounces(variable: str, text: str) -> str:
    if parseaddr(text)[1] != text or not all(text.rpartition("@")):
        raise SettingError(variable, f"must be an address alone, such as bounces@example.ro, not {text!r}")
    return text


def _secret_key(variable: str, text: str) -> str:
    if len(text) < SHORTEST_SECRET_KEY:
        raise SettingError(variable, f"must have at least {SHORTEST_SECRET_KEY} characters: openssl rand -base64 32")
    return text


def _metrics_token(variable: str, text: str) -> str:
    if len(text) < SHORTEST_METRICS_TOKEN or not text.isascii() or not text.isprintable() or " " in text:
        raise SettingError(
            variable, f"must have at least {SHORTEST_METRICS_TOKEN} plain characters: openssl rand -hex 32"
        )
    return text


def _log_level(variable: str, text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise SettingError(variable, f"must be one of {', '.join(LOG_LEVELS)}, not {text!r}")
    return text.lower()


def _switch(variable: str, text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise SettingError(variable, f"must be 1 or 0, not {text!r}")
    return words[text.lower()]


def _bind(variable: str, text: str) -> str:
    if not is_address(text):
        raise SettingError(variable, f"must look like 127.0.0.1:8080 or [::1]:8080, not {text!r}")
    return text


def _count(most: int, least: int = 1) -> Any:
    def parse(variable: str, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise SettingError(variable, f"must be a whole number from {least} to {most}, not {text!r}")
        return int(text)

    return parse


def _path(_variable: str, text: str) -> Path:
    return Path(text)


_PARSERS: Mapping[str, Any] = {
    "database_url": _database_url,
    "data": _path,
    "bind": _bind,
    "public_url": _public_url,
    "smtp_url": _smtp_url,
    "mail_from": _mail_from,
    "mail_bounces": _mail_bounces,
    **KAFKA_PARSERS,
    "secret_key": _secret_key,
    "log_level": _log_level,
    "watch": _bind,
    "metrics_token": _metrics_token,
    "drain_seconds": _count(MOST_DRAIN_SECONDS, least=0),
    "test_clock": _switch,
    "webhook_allow_private": _switch,
    "http_workers": _count(MOST_HTTP_WORKERS),
    "http_threads": _count(MOST_HTTP_THREADS),
    "rate_limit": _count(MOST_REQUESTS, least=0),
}
