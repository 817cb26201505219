"""Lines as facts: what is asked for gets its rate, is judged and priced."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from invoicing_domain.model.invoice.events import LineAdded, LineChanged
from invoicing_domain.model.invoice.guards import check_line
from invoicing_domain.model.invoice.lines import Line, LineChanges, LineInput, as_input, priced
from invoicing_domain.model.invoice.rates import line_at
from invoicing_domain.model.refusal import Refusal


def lines_changed(
    lines: Iterable[Line], changes: Iterable[tuple[str, LineChanges]], currency: str, day: date
) -> list[LineChanged]:
    """What changes on the lines kept; a line that nobody touches is not judged anew."""
    wishes: dict[str, list[LineChanges]] = {}
    for line_id, change in changes:
        wishes.setdefault(line_id, []).append(change)
    facts = []
    for line in lines:
        if line.id not in wishes and line.net.currency == currency and not line.rate_by_law:
            continue
        wanted = as_input(line)
        for change in wishes.get(line.id, ()):
            wanted = replace(wanted, **change)
        again = priced(line.id, _judged(line.id, wanted, day), currency)
        if again != line:
            facts.append(LineChanged(line=again))
    return facts


def lines_added(lines: Iterable[LineInput], numbered: int, currency: str, day: date) -> list[LineAdded]:
    facts = []
    for position, given in enumerate(lines, start=numbered + 1):
        line_id = str(position)
        facts.append(LineAdded(line=priced(line_id, _judged(line_id, given, day), currency)))
    return facts


def _judged(line_id: str, given: LineInput, day: date) -> LineInput:
    """The line with its rate; a refusal says which line it is about."""
    try:
        wanted = line_at(given, day)
        check_line(wanted)
    except Refusal as no:
        raise no.about(f"line {line_id}", line_id=line_id) from None
    return wanted
