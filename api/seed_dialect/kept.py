"""Fields that mean nothing for the invoice as a document: kept in its metadata as they came, and given back. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET

from api.entrance.problems import invalid
from api.seed_dialect.forms import KEPT, InvoiceForm
from api.seed_dialect.lines import unit_word

PREFIX: Final = "seed."

_UNITS: Final = f"{PREFIX}units"
"""Words for units that their codes would not give back: JSON, from the id of a line to the word."""

_LONGEST: Final = 4000
_TEXTS: Final = frozenset({"adminnote", "terms", "tags"})
_FLAGS: Final = frozenset(
    {"cancel_overdue_reminders", "include_shipping", "show_shipping_on_invoice", "recurring", "cycles"}
)
_NO_COLUMN: Final = "custom_fields"


def kept(form: InvoiceForm, now: Mapping[str, str]) -> dict[str, str]:
    """The metadata after the form: an empty field is dropped, one that came back as it was shown is left alone."""
    after = dict(now)
    columns = shown(now)
    for name in KEPT:
        value = getattr(form, name)
        if value is UNSET or (value is not None and value == columns.get(name)):
            continue
        if value is None:
            after.pop(PREFIX + name, None)
            continue
        text = _flat(value)
        if len(text) > _LONGEST:
            raise invalid(f"/{name}", f"has more than {_LONGEST} characters")
        after[PREFIX + name] = text
    return after


def with_units(metadata: Mapping[str, str], words: Mapping[str, str | None]) -> dict[str, str]:
    """The metadata with these words for the units of lines, where their codes do not say it all."""
    known = kept_units(metadata)
    for line_id, word in words.items():
        known.pop(line_id, None)
        remembered = unit_word(word)
        if remembered is not None:
            known[line_id] = remembered
    others = {name: value for name, value in metadata.items() if name != _UNITS}
    return {**others, _UNITS: _flat(known)} if known else others


def kept_units(metadata: Mapping[str, str]) -> dict[str, str]:
    """Words for units by line. Others may write metadata too: what is not ours is no words."""
    try:
        return msgspec.json.decode(metadata.get(_UNITS, "{}"), type=dict[str, str])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return {}


def shown(metadata: Mapping[str, str]) -> dict[str, str | None]:
    """The columns of what is kept, with the original's defaults."""
    columns = {
        name: metadata.get(PREFIX + name, "" if name in _TEXTS else "0" if name in _FLAGS else None)
        for name in KEPT
        if name != _NO_COLUMN
    }
    columns["allowed_payment_modes"] = _as_php(columns["allowed_payment_modes"])
    return columns


def custom_fields(metadata: Mapping[str, str]) -> list[dict[str, str]]:
    """`custom_fields[invoice][id]`, or a flat map, as the rows that reading gives."""
    try:
        found = msgspec.json.decode(metadata.get(f"{PREFIX}custom_fields", "{}"))
    except msgspec.DecodeError:
        return []
    if isinstance(found, dict) and isinstance(found.get("invoice"), dict):
        found = found["invoice"]
    pairs = found.items() if isinstance(found, dict) else ()
    return [{"label": str(label), "value": _flat(value)} for label, value in pairs]


def _flat(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _as_php(text: str | None) -> str:
    """A list as PHP's `serialize` writes it, which is what the original has in this column."""
    try:
        modes = msgspec.json.decode(text or "[]", type=list[str | None])
    except (msgspec.ValidationError, msgspec.DecodeError):
        return text or ""
    return f"a:{len(modes)}:{{{''.join(_php_entries(mode or '' for mode in modes))}}}"


def _php_entries(texts: Iterable[str]) -> Iterable[str]:
    return (f'i:{n};s:{len(text.encode())}:"{text}";' for n, text in enumerate(texts))
