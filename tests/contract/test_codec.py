"""Facts of yesterday are read by the program of today; facts of tomorrow stop it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import orjson
import pytest

from invoicing_domain.recording.catalogue import WireName
from invoicing_domain.recording.codec import Codec, UnknownFact
from invoicing_domain.recording.envelope import Recorded, meta_of
from tests.support.golden import CONTEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The third version of a fact: in grams, with the scale that was used."""

    grams: int
    scale: str = "unknown"


def in_kilograms(body: dict[str, Any]) -> dict[str, Any]:
    return {"kilograms": body["weight"]}


def in_grams(body: dict[str, Any]) -> dict[str, Any]:
    return {"grams": int(Decimal(body["kilograms"]) * 1000)}


CODEC = Codec(
    {Weighed: WireName("parcel.weighed", 3)}, {"parcel.weighed/1": in_kilograms, "parcel.weighed/2": in_grams}
)
META = orjson.loads(msgspec.json.encode(meta_of(CONTEXT)))


def stored(**fact: object) -> bytes:
    return orjson.dumps({"fact": fact, "meta": META})


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("parcel.weighed/1", stored(weight="1.5")),
        ("parcel.weighed/2", stored(kilograms="1.5")),
        ("parcel.weighed/3", stored(grams=1500)),
    ],
)
def test_every_older_version_reads_as_the_newest(topic: str, state: bytes) -> None:
    fact, raw = CODEC.decode(topic, state)
    assert fact == Weighed(grams=1500)
    assert Recorded("stream", 1, fact, raw).meta == meta_of(CONTEXT)


def test_new_facts_are_written_under_the_newest_version() -> None:
    fact = Weighed(grams=1, scale="b")
    assert CODEC.topic(fact) == "parcel.weighed/3"
    assert CODEC.decode("parcel.weighed/3", CODEC.encode(fact, meta_of(CONTEXT)))[0] == fact


@pytest.mark.parametrize("topic", ["parcel.weighed/4", "parcel.weighed/30"])
def test_a_version_from_the_future_stops_the_reader(topic: str) -> None:
    with pytest.raises(UnknownFact, match="newer than this program"):
        CODEC.decode(topic, stored(grams=1500))


NOBODY_KNOWS = (
    *("parcel.lost/1", "parcel.weighed", "parcel.weighed/", "parcel.weighed/x", "/3", "", "parcel.weighed/-1"),
    *("parcel.weighed/0", "parcel.weighed/03", "parcel.weighed/3.0", "parcel.weighed/٣", "parcel.weighed/²"),
)


@pytest.mark.parametrize("topic", NOBODY_KNOWS)
def test_a_topic_that_nobody_knows_stops_the_reader(topic: str) -> None:
    with pytest.raises(UnknownFact):
        CODEC.decode(topic, stored(grams=1500))


def test_a_version_without_its_upcaster_stops_the_reader() -> None:
    codec = Codec({Weighed: WireName("parcel.weighed", 3)}, {"parcel.weighed/2": in_grams})
    with pytest.raises(UnknownFact, match="no upcaster"):
        codec.decode("parcel.weighed/1", stored(weight="1.5"))


def test_a_fact_that_does_not_fit_its_type_is_never_guessed() -> None:
    for broken in (
        b"{",
        b"[]",
        stored(),
        stored(grams="many"),
        stored(grams=1.5),
        orjson.dumps({"fact": {"grams": 1}}),
    ):
        with pytest.raises(msgspec.DecodeError):
            CODEC.decode("parcel.weighed/3", broken)


def test_what_is_not_in_the_catalogue_is_not_written() -> None:
    with pytest.raises(KeyError):
        CODEC.topic(object())


def test_a_field_that_json_cannot_hold_is_not_written() -> None:
    with pytest.raises(TypeError):
        CODEC.encode({"at": object()}, meta_of(CONTEXT))


def test_decimals_keep_every_digit_as_text() -> None:
    text = CODEC.encode({"rate": Decimal("21.00"), "tiny": Decimal("1E-6"), "large": Decimal("1E+3")}, meta_of(CONTEXT))
    assert orjson.loads(text)["fact"] == {"rate": "21.00", "tiny": "0.000001", "large": "1000"}
