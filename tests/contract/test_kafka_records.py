"""What other systems read from the topic of events: names and bytes that never change."""

import orjson
import pytest

from invoicing_domain.recording.envelope import StoredFact
from tests.support.golden import Golden, all_golden
from workers.kafka.cluster import partition_of
from workers.kafka.records import Foreign, position_of, record_of, recorded_at, stored_of
from workers.naming import fact_id

STREAM = "00000000-0011-8e8b-aa8d-51e6c23cc5a1"
META = (
    b'{"at":"2026-11-23T09:00:00+00:00","organization_id":"01940000-0000-8000-8000-000000000001",'
    b'"actor":{"kind":"token","id":"1f2e3d4c","name":"Tests"},"command_id":"c","correlation_id":"c",'
    b'"causation_id":null,"reason":null,"source":"api"}'
)
FACT = '{"text":"Mulțumim","amount":{"minor":24200,"currency":"RON"}}'.encode()
SEALED = b'{"of":"00000000-0001-8dc8-9a0f-d6a81aaca8fa","data":"SHHdo5EE"}'


def stored(state: bytes) -> StoredFact:
    return StoredFact(stream_id=STREAM, version=3, topic="invoice.note_added/1", state=state, position=4711)


PLAIN = stored(b'{"fact":' + FACT + b',"meta":' + META + b"}")
CLOSED = stored(b'{"sealed":' + SEALED + b',"fact":' + FACT + b',"meta":' + META + b"}")


def test_a_record_is_a_cloud_event_in_binary_mode_to_the_byte() -> None:
    record = record_of(PLAIN)
    assert record.key == STREAM.encode()
    assert record.value == FACT
    assert record.headers == [
        ("ce_specversion", b"1.0"),
        ("ce_id", b"89aecfc2-3574-52a8-b853-5ed3cc1a7123"),
        ("ce_type", b"invoice.note_added"),
        ("ce_source", b"/izvor/01940000-0000-8000-8000-000000000001"),
        ("ce_subject", STREAM.encode()),
        ("ce_time", b"2026-11-23T09:00:00+00:00"),
        ("ce_dataschema", b"urn:izvor:event:invoice.note_added:1"),
        ("content-type", b"application/json"),
        ("izvor_position", b"4711"),
        ("izvor_version", b"3"),
        ("izvor_organization", b"01940000-0000-8000-8000-000000000001"),
        ("izvor_meta", META),
    ]


def test_what_is_sealed_under_the_key_of_a_customer_stays_sealed() -> None:
    record = record_of(CLOSED)
    assert record.value == FACT
    assert dict(record.headers)["izvor_sealed"] == SEALED


@pytest.mark.parametrize("fact", [PLAIN, CLOSED])
def test_a_record_leads_back_to_the_bytes_in_the_store(fact: StoredFact) -> None:
    record = record_of(fact)
    assert stored_of(record.value, record.headers) == fact
    assert position_of(record.headers) == fact.position
    assert recorded_at(fact.state).isoformat() == "2026-11-23T09:00:00+00:00"


@pytest.mark.parametrize("golden", list(all_golden()), ids=lambda golden: golden.topic)
def test_every_fact_ever_written_goes_through_kafka_unchanged(golden: Golden) -> None:
    state = orjson.dumps(orjson.loads(golden.state))
    fact = StoredFact(stream_id=STREAM, version=1, topic=golden.topic, state=state, position=1)
    record = record_of(fact)
    assert stored_of(record.value, record.headers) == fact


def test_the_id_of_a_fact_is_the_same_for_ever() -> None:
    assert fact_id(STREAM, 3) == "89aecfc2-3574-52a8-b853-5ed3cc1a7123"
    assert fact_id(STREAM, 3) != fact_id(STREAM, 4)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("ce_subject", b"x")],
        [(name, value if name != "izvor_version" else b"three") for name, value in record_of(PLAIN).headers],
        [(name, value if name != "ce_subject" else b"\xff") for name, value in record_of(PLAIN).headers],
    ],
)
def test_a_record_that_others_wrote_is_told_from_a_fact(headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Foreign):
        stored_of(b"{}", headers)


@pytest.mark.parametrize(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_a_key_leads_to_the_partition_where_the_java_client_would_put_it(key: bytes, hashed: int) -> None:
    """The vectors of Kafka's own UtilsTest."""
    assert partition_of(key, 1 << 31) == hashed & 0x7FFFFFFF
    assert partition_of(key, 12) == (hashed & 0x7FFFFFFF) % 12
