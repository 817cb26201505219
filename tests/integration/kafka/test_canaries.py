"""Secrets and personal data that were planted everywhere are found nowhere but where they belong.

Real processes, and everything goes wrong that may: the mail server turns a person down by name, a receiver fails,
messages are poison, a read model meets a row that it cannot write, connections are cut. Then all is searched that those
read who only watch: what all processes said, figures, error bodies, the book of jobs, headers of dead letters.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from psycopg import sql

from deploy.stack import TARGETS
from tests.kafka.broker import Broker
from tests.support.processes import wait_until
from tests.support.receiver import Receiver, receiver
from tests.support.reminders import free_port
from tests.support.stack import Stack, one
from tests.support.topics import Message, Reader, send
from tests.support.webhooks import is_listened
from workers.kafka.cluster import Cluster

NAME, CNP, PHONE = "Zefirin Canaru", "1960229123452", "+40722000987"
MAIL, OTHER_MAIL, IBAN = "zefirin@canaru.example", "alt@canaru.example", "RO49AAAA1B31007593840000"
WORDS, NOTES, REASON = "Vorbe-de-canar", "Note-de-canar", "Motiv-de-canar"
PASSWORD, HOOK, QUERY = "parola-de-canar", "cheie-de-canar", "cautare-de-canar"

CONTACT = (MAIL, OTHER_MAIL, IBAN, PHONE)
"""Personal wherever it stands; a name and its number have to stay readable in a document that the law wants kept."""

PERSON = {
    "name": NAME,
    "tax_id": CNP,
    "kind": "person",
    "email": MAIL,
    "phone": PHONE,
    "ibans": [IBAN],
    "address": {"street": "Str. Canarului 7", "city": "Iași", "county": "RO-IS", "country": "RO"},
}
LINES = [{"description": "Masă", "quantity": "1", "unit_price": "100.00", "vat": {"rate": "21"}}]
STRICT = "ALTER TABLE read.customer_list ADD CONSTRAINT canary CHECK (name NOT LIKE 'Zefirin%') NOT VALID"
CUT_OFF = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
TABLES = (
    "SELECT table_schema, table_name FROM information_schema.tables"
    " WHERE table_schema = 'work' AND table_type = 'BASE TABLE' OR (table_schema, table_name) = ('read', 'position')"
)
HALTED = "SELECT error IS NOT NULL FROM read.position WHERE model = 'customer_list'"


@dataclass
class Room:
    """A mail server that asks for a password, and knows people by name whom it turns down."""

    passwords: list[bytes] = field(default_factory=list)
    delivered: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address == MAIL:
            return f"550 5.1.1 <{address.upper()}> {NAME}: no such user here ({address})"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.delivered.append(envelope.content)
        return f"250 2.0.0 queued for {envelope.rcpt_tos[0]}"

    def lets_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        self.passwords.append(given.password)
        return AuthResult(success=True, handled=True, auth_data=given)


@contextmanager
def mail_server(room: Room) -> Iterator[int]:
    port = free_port()
    controller = Controller(room, hostname="127.0.0.1", port=port, authenticator=room.lets_in, auth_require_tls=False)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@dataclass
class Aviary:
    """Everything that runs, and what was planted and heard on the way."""

    stack: Stack
    broker: Broker
    room: Room
    shop: Receiver
    errors: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    organization_id: str = ""

    @property
    def cluster(self) -> Cluster:
        return Cluster(servers=self.broker.address)

    @property
    def planted(self) -> list[str]:
        return [NAME, CNP, *CONTACT, WORDS, NOTES, REASON, PASSWORD, HOOK, QUERY, *self.secrets]

    def live(self) -> None:
        """What people do who are not after anything."""
        with self.stack.client(**{"Audit-Reason": REASON}) as client:
            self.organization_id = one(client.get("/api/v1/organization"))["id"]
            words = {"subject": WORDS, "text": f"{WORDS} {{{{ mail.number }}}}"}
            one(client.put("/api/v1/settings/mail-templates/invoice/ro", json=words))
            hook = {"url": f"{self.shop.url}/{HOOK}?key={HOOK}", "events": ["invoice.sent"]}
            self.secrets.append(one(client.post("/api/v1/webhook-endpoints", json=hook), 201)["secret"])
            wait_until(lambda: is_listened(self.stack.database))
            customer = one(client.post("/api/v1/customers", json=PERSON), 201)
            draft = {"customer_id": customer["id"], "lines": LINES, "notes": NOTES}
            invoice = one(client.post("/api/v1/invoices", json=draft), 201)
            sent = one(client.post(f"/api/v1/invoices/{invoice['id']}/send", json={"deliver": "email"}))
            one(client.post(f"/api/v1/invoices/{invoice['id']}/emails", json={"to": OTHER_MAIL}), 202)
            paid = {"amount": "21.00", "date": sent["issue_date"], "reference": NOTES}
            one(client.post(f"/api/v1/invoices/{invoice['id']}/payments", json=paid), 201)

    def go_astray(self) -> None:
        """What people and programs get wrong, with things in their hands that they should not show around."""
        paths = (f"/{MAIL}/{IBAN}?q={QUERY}", f"/api/v1/invoices/{QUERY}", f"/api/v1/invoices?sort=unknown&q={CNP}")
        with self.stack.client(**{"User-Agent": IBAN, "Audit-Reason": REASON}) as client:
            for path in (*paths, f"/api/v1/invoices?authtoken={self.stack.token}", f"/api/invoices/search/{QUERY}"):
                self._heard(client.get(path))
            for body in (
                {**PERSON, "kind": "bird"},
                {**PERSON, "ibans": [f"{IBAN}9"]},
                {**PERSON, "unknown": NOTES},
                [PERSON],
            ):
                self._heard(client.post("/api/v1/customers", json=body))
            self._heard(client.post("/api/v1/customers", content=json.dumps(PERSON)[:-5]))
            self._heard(
                client.post("/api/v1/invoices", json={"customer": PERSON}, headers={"Idempotency-Key": f"{NAME} x"})
            )
        wrong = self.stack.token[:-4] + "XXXX"
        self.secrets.append(wrong)
        with self.stack.client(wrong) as stranger:
            self._heard(stranger.get("/api/v1/invoices"))
            self._heard(stranger.post("/api/invoices", data={"clientid": NAME}, headers={"authtoken": wrong}))

    def send_messages(self) -> None:
        def message(kind: str, body: object, **more: str) -> Message:
            given = {"organization_id": self.organization_id, "key": QUERY, **more}
            return Message(type=kind, body=body, **given)

        order = {"order": {"id": "SO-1", "date": "2026-11-23"}, "customer": PERSON, "lines": LINES, "send": True}
        messages = [
            message("invoice.from_order", order),
            message("invoice.from_order", {**order, "order": {"id": "SO-2"}, "notes": [NOTES]}),
            message("invoice.from_order", json.dumps(order).encode()[:-9]),
            message(QUERY, PERSON),
            message("invoice.send", {"invoice_id": NAME}),
            message("invoice.send", PERSON, organization_id=NAME),
            message("invoice.send", {}, id=f"{NAME}\n{IBAN}"),
        ]
        wait_until(lambda: self.figure("workers", "izvor_jobs_attempts_total") >= 2)
        send(self.cluster, messages)
        reader = Reader(self.cluster)
        wait_until(lambda: len(reader.all("command-results")) + len(reader.all("dead-letters")) == len(messages))

    def break_things(self) -> None:
        """A row that cannot be written, and every connection cut off while there is work."""
        with psycopg.connect(self.stack.database, autocommit=True) as connection:
            connection.execute(STRICT)
            with self.stack.client() as client:
                one(client.post("/api/v1/customers", json=PERSON), 201)
                wait_until(lambda: connection.execute(HALTED).fetchone() == (True,))
                for _ in range(5):
                    connection.execute(CUT_OFF)
                    self._heard(client.post("/api/v1/customers", json=PERSON))
                    self._heard(client.get(f"/api/v1/customers?q={NAME}"))

    def figure(self, part: str, name: str) -> float:
        lines = [line for line in self.told(part, "/metrics").splitlines() if line.startswith(name)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def told(self, part: str, path: str) -> str:
        targets = json.loads((self.stack.data / TARGETS).read_text())
        at = {target["labels"]["service"]: target["targets"][0] for target in targets}
        return httpx.get(f"http://{at[part]}{path}", timeout=30, trust_env=False).text

    def _heard(self, answer: httpx.Response) -> None:
        if answer.status_code >= 400:
            self.errors.append(f"{answer.headers} {answer.text}")

    def watched(self) -> dict[str, str]:
        """Whatever somebody can read who looks after the machine and not after the books."""
        parts = ("api", "workers", "projections")
        told = {f"{part}{path}": self.told(part, path) for part in parts for path in ("/metrics", "/health/ready")}
        told["errors"] = "\n".join(self.errors)
        with psycopg.connect(self.stack.database) as connection:
            for schema, table in connection.execute(TABLES).fetchall():
                rows = sql.SQL("SELECT row_to_json(t)::text FROM {} t").format(sql.Identifier(schema, table))
                told[f"{schema}.{table}"] = "\n".join(row for (row,) in connection.execute(rows).fetchall())
        letters = Reader(self.cluster).all("dead-letters")
        ours = [
            {name: value for name, value in one.headers.items() if name.startswith("izvor_dead")} for one in letters
        ]
        return {**told, "dead letters": str(ours)}

    def said(self) -> dict[str, str]:
        """The log of all processes, without the token that the first start tells; and that of the database."""
        told = {path.name: path.read_text(errors="replace") for path in self.stack.data.glob("*.log*")}
        return {**told, "log": self.stack.log.read_text().replace(self.stack.token, "", 1)}


@pytest.fixture
def aviary(tmp_path: Path) -> Iterator[Aviary]:
    room, folder = Room(), tmp_path / "stack"
    folder.mkdir()
    with Broker(tmp_path / "kafka") as broker, mail_server(room) as smtp, receiver() as shop:
        shop.status = 500
        settings = {
            "IZVOR_SMTP_URL": f"smtp://canar:{PASSWORD}@127.0.0.1:{smtp}",
            "IZVOR_MAIL_FROM": "Atelier <facturi@atelier.example>",
            "IZVOR_WEBHOOK_ALLOW_PRIVATE": "1",
            "IZVOR_LOG_LEVEL": "debug",
        }
        with Stack(folder, free_port(), "--kafka", broker.address, **settings) as stack:
            yield Aviary(stack, broker, room, shop, secrets=[stack.token])


@pytest.mark.timeout(600)
def test_nothing_that_was_planted_is_found_by_those_who_only_watch(aviary: Aviary) -> None:
    aviary.live()
    aviary.go_astray()
    wait_until(lambda: bool(aviary.room.delivered) and bool(aviary.shop.received))
    aviary.send_messages()
    aviary.break_things()
    told = aviary.watched()
    records = Reader(aviary.cluster).all()
    assert aviary.stack.stop() == 0
    told |= aviary.said()
    assert set(aviary.room.passwords) == {PASSWORD.encode()}
    planted = [one.lower() for one in aviary.planted]
    assert [f"{one} in {place}" for place, text in told.items() for one in planted if one in text.lower()] == []
    shown = [one.value + str(one.headers).encode() for one in records]
    assert [planted for planted in CONTACT if any(planted.encode() in record for record in shown)] == []
    for place in ("log", "errors", "work.job", "work.attempt", "dead letters", "postgres.log"):
        assert told[place], f"{place} was looked at, and is empty"
