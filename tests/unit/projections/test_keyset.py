from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from projections.keyset import Key, from_cursor, parse_sort, to_cursor

KEYS = {
    "name": Key(sql.SQL("lower(name)"), "text"),
    "due": Key(sql.SQL("due"), "date"),
    "at": Key(sql.SQL("at"), "instant"),
    "id": Key(sql.SQL("id"), "integer"),
}

ORDER = parse_sort("-due,name,at", KEYS, last="id")

VALUES = st.tuples(
    st.dates().map(str),
    st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat(sep=" ").removesuffix(":00")),
    st.integers(-(2**63) + 1, 2**63 - 1).map(str),
)


def test_the_last_key_makes_the_order_total_and_turns_with_the_first() -> None:
    assert [(key.kind, down) for key, down in ORDER.keys] == [
        ("date", True),
        ("text", False),
        ("instant", False),
        ("integer", True),
    ]
    assert len(parse_sort("id", KEYS, last="id").keys) == 1


@pytest.mark.parametrize("spec", ["", "-", "--due", "due,", "due,due", "due,-due", "DUE", "due desc", "1", "due;"])
def test_what_is_not_on_the_list_is_refused(spec: str) -> None:
    with pytest.raises(ValueError, match=r"^sort: .* is not one of name, due, at, id"):
        parse_sort(spec, KEYS, last="id")


@given(VALUES)
def test_a_cursor_gives_back_what_was_put_in(values: tuple[str, ...]) -> None:
    assert from_cursor(ORDER, to_cursor(ORDER, values)) == values


@given(st.text())
def test_any_text_is_a_cursor_or_is_refused_by_name(text: str) -> None:
    try:
        values = from_cursor(ORDER, text)
    except ValueError as refused:
        assert str(refused).startswith("after: ")  # noqa: PT017 - either way is right
    else:
        assert to_cursor(ORDER, values)


@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text())), max_size=6))
def test_a_forged_cursor_never_reaches_the_database(parts: list[object]) -> None:
    import base64  # noqa: PLC0415 - only forgers need it

    import orjson  # noqa: PLC0415

    try:
        forged = base64.urlsafe_b64encode(orjson.dumps([ORDER.spec, *parts])).decode().rstrip("=")
    except TypeError:
        return
    try:
        assert len(from_cursor(ORDER, forged)) == 4
    except ValueError as refused:
        assert str(refused).startswith("after: ")  # noqa: PT017 - either way is right


def test_one_direction_compares_rows_so_that_an_index_can_serve() -> None:
    condition, arguments = parse_sort("-due,-name", KEYS, last="id").after(["2026-01-01", "a", "1"])
    assert condition.as_string() == (
        "(due, lower(name), id) < (%(_after0)s::date, %(_after1)s::text, %(_after2)s::bigint)"
    )
    assert arguments == {"_after0": "2026-01-01", "_after1": "a", "_after2": "1"}


def test_mixed_directions_step_from_key_to_key() -> None:
    condition, _ = parse_sort("-due,name", KEYS, last="id").after(["2026-01-01", "a", "1"])
    assert condition.as_string() == (
        "due <= %(_after0)s::date AND"
        " ((due < %(_after0)s::date) OR (due = %(_after0)s::date AND lower(name) > %(_after1)s::text) OR"
        " (due = %(_after0)s::date AND lower(name) = %(_after1)s::text AND id < %(_after2)s::bigint))"
    )
