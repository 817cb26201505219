"""What comes in as text: numbers are read or refused, ids lead to their own stream and to no other."""

import re
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from invoicing_domain.model.amounts import AMOUNT, PERCENT, QUANTITY, SIGNED_AMOUNT, UNIT_PRICE, Scale, decimal_of
from invoicing_domain.model.identity import Kind, resolve, series_id, stream_id
from tests.support.strategies import EXAMPLES

scales = st.sampled_from([AMOUNT, SIGNED_AMOUNT, QUANTITY, UNIT_PRICE, PERCENT])
kinds = st.sampled_from(["invoice", "credit_note", "payment", "customer"])
references = st.integers(1, 2**48 - 1)
organizations = st.uuids().map(str)
nearly_numbers = st.text("0123456789.-+eE_,\n ٣１", max_size=24)


@EXAMPLES
@given(st.text() | nearly_numbers, scales)
def test_a_text_is_a_number_within_its_scale_or_a_value_error(text: str, scale: Scale) -> None:
    try:
        number = decimal_of(text, scale)
    except ValueError:
        return
    assert text.isascii()
    assert f"{number:f}" == text
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
    whole, _, decimals = text.lstrip("-").partition(".")
    assert len(whole) <= scale.whole
    assert len(decimals) <= scale.decimals
    assert scale.negative or not text.startswith("-")


@EXAMPLES
@given(st.data(), scales)
def test_every_number_of_a_scale_is_read(data: st.DataObject, scale: Scale) -> None:
    units = 10 ** (scale.whole + scale.decimals) - 1
    count = data.draw(st.integers(-units if scale.negative else 0, units))
    text = f"{Decimal(count).scaleb(-scale.decimals):f}"
    assert decimal_of(text, scale) == Fraction(count, 10**scale.decimals)


@EXAMPLES
@given(kinds, organizations, references)
def test_a_reference_and_an_id_lead_to_the_same_stream(kind: Kind, organization: str, reference: int) -> None:
    own = stream_id(kind, organization, reference)
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", own)
    assert int(own.replace("-", "")[:12], 16) == reference
    for text in (own, own.upper(), str(reference)):
        assert resolve(kind, organization, text) == own


@EXAMPLES
@given(st.sets(st.tuples(kinds, organizations, references), min_size=2, max_size=6))
def test_no_two_documents_share_a_stream(documents: set[tuple[Kind, str, int]]) -> None:
    assert len({stream_id(*document) for document in documents}) == len(documents)


@EXAMPLES
@given(kinds, kinds, organizations, organizations, references)
def test_an_id_of_another_organization_or_kind_leads_nowhere(
    kind: Kind, other_kind: Kind, organization: str, other: str, reference: int
) -> None:
    if (kind, organization) != (other_kind, other):
        assert resolve(other_kind, other, stream_id(kind, organization, reference)) is None


@EXAMPLES
@given(kinds, organizations, st.text() | nearly_numbers | st.from_regex(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
def test_any_text_leads_to_a_stream_of_one_s_own_or_nowhere(kind: Kind, organization: str, text: str) -> None:
    found = resolve(kind, organization, text)
    if found is not None:
        assert text.isascii()
        assert found == stream_id(kind, organization, int(found.replace("-", "")[:12], 16))


@EXAMPLES
@given(st.sets(st.tuples(organizations, st.sampled_from(["invoice", "credit_note"]), st.text("ABZ09/-")), min_size=2))
def test_no_two_series_share_a_stream(series: set[tuple[str, str, str]]) -> None:
    assert len({series_id(*one) for one in series}) == len(series)
