"""Names of streams: computed from the small numbers that people use, never looked up."""

import re
from datetime import date
from hashlib import sha256
from typing import Literal, NewType

StreamId = NewType("StreamId", str)
"""A UUID in its canonical text form."""

Kind = Literal[
    "invoice",
    "credit_note",
    "payment",
    "customer",
    "proforma",
    "recurring_invoice",
    "bulk_run",
    "job",
    "webhook_endpoint",
]

_REFERENCE_BITS = 48
_LONGEST_REFERENCE = 15

LAST_REFERENCE = (1 << _REFERENCE_BITS) - 1
"""Never reached: stands for a document that is only thought of."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def stream_id(kind: Kind, organization_id: str, reference: int) -> StreamId:
    """The id of the document that an organization knows by the small integer `reference`.

    A UUID of version 8 (RFC 9562, section 5.8): 48 bits of reference, so that neighbours in time are neighbours in
    the index, and 74 bits of a digest of organization and kind. Raises ValueError outside 1..2**48-1.
    """
    if not 0 < reference < 1 << _REFERENCE_BITS:
        raise ValueError(f"a reference is a positive integer below 2**{_REFERENCE_BITS}, not {reference}")
    return _uuid8(reference, f"{organization_id}/{kind}")


def resolve(kind: Kind, organization_id: str, text: str) -> StreamId | None:
    """The stream that an organization means by a reference or an id; None for what cannot be one of its own.

    Another organization's id never resolves: the digest in it does not fit.
    """
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_REFERENCE:
        reference = int(text)
    elif _UUID.fullmatch(text):
        reference = reference_of(text)
    else:
        return None
    if not 0 < reference < 1 << _REFERENCE_BITS:
        return None
    own = stream_id(kind, organization_id, reference)
    return own if text.isdigit() or text.lower() == own else None


def reference_of(document_id: str) -> int:
    """The small integer that a document's id was made from."""
    return int(document_id[:8] + document_id[9:13], 16)


def series_id(organization_id: str, document: str, prefix: str) -> StreamId:
    """The id of a number series: one per organization, kind of document and prefix."""
    return _uuid8(0, f"{organization_id}/series/{document}/{prefix}")


def rates_id(organization_id: str, day: date) -> StreamId:
    """The id of the exchange rates of a month."""
    return _uuid8(0, f"{organization_id}/exchange-rates/{day:%Y-%m}")


def claim_id(organization_id: str, method: str, external_reference: str) -> StreamId:
    """The id of what says which payment an outside reference stands for: one per organization, method and reference."""
    return _uuid8(0, f"{organization_id}/payment-reference/{method}/{external_reference}")


def template_id(organization_id: str, kind: str, language: str) -> StreamId:
    """The id of a seller's own template of a letter: one for each kind and language."""
    return _uuid8(0, f"{organization_id}/letter-template/{kind}/{language}")


def order_id(organization_id: str, outside_id: str) -> StreamId:
    """The id of what says which invoice a sales order became: one per organization and id of the order."""
    return _uuid8(0, f"{organization_id}/order/{outside_id}")


def _uuid8(head: int, name: str) -> StreamId:
    digest = int.from_bytes(sha256(name.encode()).digest()[:10])
    middle = 0x8000 | (digest >> 62 & 0x0FFF)
    tail = 1 << 63 | (digest & (1 << 62) - 1)
    return StreamId(f"{head >> 16:08x}-{head & 0xFFFF:04x}-{middle:04x}-{tail >> 48:04x}-{tail & (1 << 48) - 1:012x}")
