"""Bracket keys become structures, and what is not one is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.seed_dialect.brackets import MAX_DEPTH, MAX_KEYS, BadKeyError, Node, in_order, nested

_NAMES = st.text(alphabet="abcxyz_", min_size=1, max_size=4)
_TREES: Any = st.recursive(
    st.text(max_size=5), lambda below: st.dictionaries(_NAMES, below, min_size=1, max_size=4), max_leaves=8
)


def key_refused(pairs: list[tuple[str, str]]) -> str | None:
    """The key that the parser names in refusing these pairs; None when it takes them."""
    try:
        nested(pairs)
    except BadKeyError as error:
        return error.key
    return None


@pytest.mark.parametrize(
    ("pairs", "tree"),
    [
        ([("a", "1")], {"a": "1"}),
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[b][c]", "1"), ("a[b][d]", "2")], {"a": {"b": {"c": "1", "d": "2"}}}),
        ([("a[]", "1"), ("a[]", "2")], {"a": {"0": "1", "1": "2"}}),
        ([("a[5]", "1"), ("a[]", "2"), ("a[x]", "3"), ("a[]", "4")], {"a": {"5": "1", "6": "2", "x": "3", "7": "4"}}),
        ([("a[][b]", "1"), ("a[][b]", "2")], {"a": {"0": {"b": "1"}, "1": {"b": "2"}}}),
        ([("newitems[0][taxname][]", "TVA|21")], {"newitems": {"0": {"taxname": {"0": "TVA|21"}}}}),
        ([("a[ b ]", "1")], {"a": {" b ": "1"}}),
        ([], {}),
    ],
)
def test_pairs_become_maps_within_maps(pairs: list[tuple[str, str]], tree: dict[str, Node]) -> None:
    assert nested(pairs) == tree


@pytest.mark.parametrize("key", ["", "[a]", "a[", "a]", "a[b", "a[b]c", "a[b][c", "a[[b]]", "a[b]]", "[", "x" * 501])
def test_a_malformed_key_is_named(key: str) -> None:
    with pytest.raises(BadKeyError) as error:
        nested([(key, "1")])
    assert error.value.key == key[:80]


@pytest.mark.parametrize("keys", [("a", "a[b]"), ("a[b]", "a"), ("a[b]", "a[b][c]"), ("a[b][c]", "a[b]")])
def test_a_key_is_either_a_value_or_has_brackets(keys: tuple[str, str]) -> None:
    with pytest.raises(BadKeyError) as error:
        nested([(key, "1") for key in keys])
    assert error.value.key == keys[1]


def test_depth_and_number_of_keys_have_limits() -> None:
    nested([("a" + "[b]" * (MAX_DEPTH - 1), "1")])
    with pytest.raises(BadKeyError, match="nested deeper"):
        nested([("a" + "[b]" * MAX_DEPTH, "1")])
    nested([("a[]", "1")] * MAX_KEYS)
    with pytest.raises(BadKeyError, match="at most 5000 keys"):
        nested([("a[]", "1")] * (MAX_KEYS + 1))


def test_a_map_of_indexes_is_a_list_in_their_order() -> None:
    assert in_order({"10": "c", "2": "b", "0": "a"}) == ["a", "b", "c"]
    assert in_order({"999999999999999": "a"}) == ["a"]
    others: list[Node] = [{"0": "a", "x": "b"}, {"01": "a"}, {"-1": "a"}, {"٣": "a"}, "a", None, ["a"]]
    for other in others:
        assert in_order(other) == other


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=5)), max_size=20))
def test_no_pairs_crash_the_parser(pairs: list[tuple[str, str]]) -> None:
    named = key_refused(pairs)
    assert named is None or any(key.startswith(named) for key, _ in pairs)


@given(st.lists(st.tuples(st.text(alphabet="ab[]01", max_size=12), st.text(max_size=3)), max_size=20))
def test_keys_full_of_brackets_do_not_crash_the_parser_either(pairs: list[tuple[str, str]]) -> None:
    assert key_refused(pairs) in {None, *(key for key, _ in pairs)}


@given(st.dictionaries(_NAMES, _TREES, max_size=4))
def test_what_is_written_with_brackets_is_read_back(tree: dict[str, Any]) -> None:
    def pairs(prefix: str, node: Any) -> list[tuple[str, str]]:
        if isinstance(node, str):
            return [(prefix, node)]
        return [pair for name, below in node.items() for pair in pairs(f"{prefix}[{name}]", below)]

    written = [pair for name, node in tree.items() for pair in pairs(name, node)]
    if all(key.count("[") < MAX_DEPTH for key, _ in written):
        assert nested(written) == tree
