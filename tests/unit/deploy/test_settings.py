from pathlib import Path

import certifi
import pytest

from deploy.settings import Settings, variables
from deploy.variables import SettingError

FULL = {
    "IZVOR_DATABASE_URL": "postgresql://izvor:hunter2-db@db:5432/izvor",
    "IZVOR_DATA": "/srv/izvor",
    "IZVOR_BIND": "[::1]:9000",
    "IZVOR_PUBLIC_URL": "https://invoices.example.ro",
    "IZVOR_SMTP_URL": "smtps://mailer:hunter2-smtp@mail.example.ro",
    "IZVOR_MAIL_FROM": "Firma SRL <facturi@example.ro>",
    "IZVOR_MAIL_BOUNCES": "bounces@example.ro",
    "IZVOR_KAFKA": "kafka1:9092, kafka2:9092",
    "IZVOR_KAFKA_PREFIX": "izvor-test",
    "IZVOR_KAFKA_SECURITY": "sasl_ssl",
    "IZVOR_KAFKA_CA": certifi.where(),
    "IZVOR_KAFKA_MECHANISM": "scram-sha-512",
    "IZVOR_KAFKA_USER": "izvor",
    "IZVOR_KAFKA_PASSWORD": "hunter2-kafka",
    "IZVOR_SECRET_KEY": "hunter2-key-" + "x" * 32,
    "IZVOR_WEBHOOK_ALLOW_PRIVATE": "yes",
    "IZVOR_LOG_LEVEL": "warning",
    "IZVOR_WATCH": "127.0.0.1:9100",
    "IZVOR_METRICS_TOKEN": "hunter2-figures-of-the-house",
    "IZVOR_DRAIN_SECONDS": "5",
    "IZVOR_TEST_CLOCK": "1",
    "IZVOR_HTTP_WORKERS": "3",
    "IZVOR_HTTP_THREADS": "4",
    "IZVOR_RATE_LIMIT": "600",
}


def test_nothing_set_gives_the_defaults() -> None:
    settings = Settings.from_environment({"PATH": "/bin", "IZVOR_SMTP_URL": ""})
    assert settings == Settings()
    assert settings.base_url == "http://127.0.0.1:8080"


def test_everything_set_is_read() -> None:
    settings = Settings.from_environment(FULL)
    assert set(FULL) == set(variables())
    assert settings.data == Path("/srv/izvor")
    assert (settings.host, settings.port) == ("::1", 9000)
    assert settings.test_clock is True
    assert (settings.http_workers, settings.http_threads) == (3, 4)
    assert settings.base_url == "https://invoices.example.ro"


def test_settings_travel_to_a_child_process_unchanged() -> None:
    for settings in (Settings(), Settings.from_environment(FULL)):
        assert Settings.from_environment(settings.to_environment()) == settings


def test_secrets_are_not_shown() -> None:
    assert "hunter2" not in repr(Settings.from_environment(FULL))


@pytest.mark.parametrize(
    ("variable", "wrong"),
    [
        ("IZVOR_DATABASE_URL", "nonsense hunter2"),
        ("IZVOR_DATABASE_URL", "postgresql://u:hunter2@h:5432/d?no_such_option=hunter2"),
        ("IZVOR_BIND", "8080"),
        ("IZVOR_BIND", "localhost:http"),
        ("IZVOR_BIND", "localhost:70000"),
        ("IZVOR_PUBLIC_URL", "invoices.example.ro"),
        ("IZVOR_PUBLIC_URL", "https://invoices.example.ro/?a=b"),
        ("IZVOR_SMTP_URL", "mail.example.ro:25"),
        ("IZVOR_SMTP_URL", "smtp://u:hunter2@mail.example.ro:abc"),
        ("IZVOR_MAIL_FROM", "Firma SRL"),
        ("IZVOR_MAIL_BOUNCES", "Firma SRL <bounces@example.ro>"),
        ("IZVOR_MAIL_BOUNCES", "bounces"),
        ("IZVOR_MAIL_FROM", "Firma <a@b.ro>\r\nBcc: c@d.ro"),
        ("IZVOR_KAFKA", "kafka"),
        ("IZVOR_KAFKA", "kafka1:9092,kafka2"),
        ("IZVOR_KAFKA", "kafka:0"),
        ("IZVOR_KAFKA_PREFIX", "izvor events"),
        ("IZVOR_KAFKA_SECURITY", "tls"),
        ("IZVOR_KAFKA_CA", "no such file.pem"),
        ("IZVOR_KAFKA_CA", __file__),
        ("IZVOR_KAFKA_MECHANISM", "GSSAPI"),
        ("IZVOR_SECRET_KEY", "hunter2"),
        ("IZVOR_LOG_LEVEL", "loud"),
        ("IZVOR_WATCH", "9100"),
        ("IZVOR_METRICS_TOKEN", "hunter2"),
        ("IZVOR_DRAIN_SECONDS", "61"),
        ("IZVOR_TEST_CLOCK", "perhaps"),
        ("IZVOR_HTTP_WORKERS", "0"),
        ("IZVOR_HTTP_THREADS", "eight"),
        ("IZVOR_RATE_LIMIT", "-1"),
        ("IZVOR_RATE_LIMIT", "600/minute"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(variable: str, wrong: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment(FULL | {variable: wrong})
    assert str(refused.value).startswith(f"{variable} must ")
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_mail_over_smtp_needs_a_sender() -> None:
    with pytest.raises(SettingError, match=r"^IZVOR_MAIL_FROM must say who the sender is"):
        Settings.from_environment({"IZVOR_SMTP_URL": "smtp://localhost"})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"IZVOR_KAFKA": ""}, "IZVOR_KAFKA must say where Kafka is when IZVOR_KAFKA_SECURITY is set"),
        ({"IZVOR_KAFKA_PASSWORD": ""}, "IZVOR_KAFKA_PASSWORD must be set when IZVOR_KAFKA_SECURITY is SASL_SSL"),
        ({"IZVOR_KAFKA_MECHANISM": ""}, "IZVOR_KAFKA_MECHANISM must be set when IZVOR_KAFKA_SECURITY is SASL_SSL"),
        ({"IZVOR_KAFKA_SECURITY": "SSL"}, "IZVOR_KAFKA_SECURITY must be SASL_SSL or SASL_PLAINTEXT when IZVOR_KAFKA_"),
        ({"IZVOR_KAFKA_SECURITY": ""}, "IZVOR_KAFKA_SECURITY must be SASL_SSL or SASL_PLAINTEXT when IZVOR_KAFKA_"),
        (
            {"IZVOR_KAFKA_SECURITY": "SASL_PLAINTEXT"},
            "IZVOR_KAFKA_SECURITY must be SSL or SASL_SSL when",
        ),
        (
            {"IZVOR_KAFKA_SECURITY": "SASL_PLAINTEXT", "IZVOR_KAFKA_CA": "", "IZVOR_KAFKA_MECHANISM": "PLAIN"},
            "IZVOR_KAFKA_SECURITY must be SASL_SSL with PLAIN",
        ),
    ],
)
def test_half_a_way_into_kafka_is_refused_with_the_variable_that_is_missing(changes: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment(FULL | changes)
    assert str(refused.value).startswith(said)
    assert "hunter2" not in str(refused.value)


def test_what_a_process_cannot_do_without_is_asked_for_by_name() -> None:
    with pytest.raises(SettingError, match=r"^IZVOR_DATABASE_URL is not set"):
        Settings().required_database_url()
    with pytest.raises(SettingError, match=r"^IZVOR_SECRET_KEY is not set"):
        Settings().required_secret_key()
