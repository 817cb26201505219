"""Lines as facts: what is asked for gets its rate, is judged and priced."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from invoicing_domain.model.invoice.events import LineAdded, LineChanged
from invoicing_domain.model.invoice.guards import check_line
from invoicing_domain.model.invoice.lines import Line, LineChanges, LineInput, as_input, priced
from invoicing_domain.model.invoice.rates import line_at


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
        wanted = line_at(wanted, day)
        check_line(wanted)
        again = priced(line.id, wanted, currency)
        if again != line:
            facts.append(LineChanged(line=again))
    return facts


def lines_added(lines: Iterable[LineInput], numbered: int, currency: str, day: date) -> list[LineAdded]:
    facts = []
    for position, given in enumerate(lines, start=numbered + 1):
        wanted = line_at(given, day)
        check_line(wanted)
        facts.append(LineAdded(line=priced(str(position), wanted, currency)))
    return facts
