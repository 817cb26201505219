"""Every version of every fact that was ever written can be read for ever."""

import dataclasses
import re
from hashlib import sha256
from typing import Any

import orjson
import pytest

from invoicing_domain.recording.catalogue import CATALOGUE
from invoicing_domain.recording.codec import Codec
from invoicing_domain.recording.envelope import Meta, Recorded, meta_of
from tests.support.golden import CONTEXT, FOLDER, Golden, all_golden, path_of, sums
from tests.support.samples import SAMPLES

CODEC = Codec()
GOLDEN = list(all_golden())
CURRENT = {str(name): fact for fact, name in CATALOGUE.items()}
CATEGORIES = "invoice|credit_note|payment|number_series|customer|organization"
HINT = "run `python -m tests.support.golden` to add what is missing; never change a file that is there"


def says_the_same(new: Any, old: Any) -> bool:
    """Everything that the old JSON says, the new one says; it may say more (fields added with a default)."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(key in new and says_the_same(new[key], old[key]) for key in old)
    if isinstance(old, list):
        pairs = zip(new, old, strict=True) if isinstance(new, list) and len(new) == len(old) else None
        return pairs is not None and all(says_the_same(one, other) for one, other in pairs)
    return type(new) is type(old) and new == old


def test_every_fact_of_the_catalogue_has_a_golden_file() -> None:
    assert [str(name) for name in CATALOGUE.values() if not path_of(name).exists()] == [], HINT


def test_golden_files_are_added_and_never_changed_or_removed() -> None:
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.json")}
    assert found == sums(), HINT


def test_no_two_facts_share_a_wire_name() -> None:
    names = [name.name for name in CATALOGUE.values()]
    assert len(set(names)) == len(names)
    assert len({str(name) for name in CATALOGUE.values()}) == len(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE.values(), ids=str)
def test_a_wire_name_is_a_category_and_a_word_of_the_business(name: object) -> None:
    assert re.fullmatch(
        r"(invoice|credit_note|payment|payment_reference|exchange_rates|number_series|customer|organization"
        r"|order|proforma|recurring_invoice|bulk_run|job|letter_template|webhook_endpoint)"
        r"\.[a-z_]+/[1-9]\d*",
        str(name),
    )


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.topic)
def test_a_stored_fact_is_read(golden: Golden) -> None:
    fact, raw = CODEC.decode(golden.topic, golden.state)
    assert type(fact) in CATALOGUE
    assert Recorded("stream", 1, fact, raw).meta == meta_of(CONTEXT)


@pytest.mark.parametrize("golden", [one for one in GOLDEN if one.topic in CURRENT], ids=lambda golden: golden.topic)
def test_a_fact_of_the_current_version_is_written_again_as_it_was(golden: Golden) -> None:
    fact, raw = CODEC.decode(golden.topic, golden.state)
    meta: Meta = Recorded("stream", 1, fact, raw).meta
    assert CODEC.topic(fact) == golden.topic
    assert says_the_same(orjson.loads(CODEC.encode(fact, meta)), orjson.loads(golden.state))


@pytest.mark.parametrize("fact", SAMPLES.values(), ids=lambda fact: type(fact).__qualname__)
def test_a_fact_comes_back_as_it_went(fact: object) -> None:
    stored = CODEC.encode(fact, meta_of(CONTEXT))
    assert CODEC.decode(CODEC.topic(fact), stored)[0] == fact


@pytest.mark.parametrize("fact", SAMPLES.values(), ids=lambda fact: type(fact).__qualname__)
def test_a_sample_fills_in_every_field(fact: Any) -> None:
    empty = [
        field.name
        for field in dataclasses.fields(fact)
        if field.default is not dataclasses.MISSING and getattr(fact, field.name) == field.default
    ]
    assert empty == []


def test_samples_and_catalogue_name_the_same_facts() -> None:
    assert set(SAMPLES) == set(CATALOGUE)


def test_no_number_with_a_point_is_ever_stored() -> None:
    for golden in GOLDEN:
        assert [value for value in leaves(orjson.loads(golden.state)) if isinstance(value, float)] == []


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for one in value.values() for leaf in leaves(one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one)]
    return [value]
