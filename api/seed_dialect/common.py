"""Reference lists of the old dialect: the ids that its forms may carry, and what they stand for."""

from collections.abc import Callable, Mapping
from typing import Final

import falcon

from api.entrance.access import Permission
from api.entrance.call import Call
from api.entrance.problems import Problem
from api.seed_dialect.answers import NO_DATA, send
from api.seed_dialect.codes import currency_id, symbol_of
from api.seed_dialect.columns import Columns
from api.seed_dialect.desk import Desk
from api.seed_dialect.modes import MODES
from invoicing_domain.model.reference.currencies import MINOR_DIGITS
from invoicing_domain.model.reference.vat_rates import rates_in_force


class Common:
    """`/api/common/{kind}`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response, kind: str) -> None:
        access = self._desk.admit(req, Permission.READ_LISTS)
        rows = LISTS.get(kind)
        if rows is None:
            raise Problem(404, "not_found", NO_DATA)
        send(resp, rows(self._desk.call(req, access)))


def _taxes(call: Call) -> list[Columns]:
    """The rates that are law today in the country of the seller, the standard rate first."""
    country = call.organization.profile.address.country
    rates = rates_in_force(country, call.context.today) or ()
    return [{"id": str(n), "name": "TVA", "taxrate": f"{rate.percent:.2f}"} for n, rate in enumerate(rates, start=1)]


def _modes() -> list[Columns]:
    return [{"id": mode.id, "name": mode.name, "description": mode.method, "active": "1"} for mode in MODES]


def _currencies(call: Call) -> list[Columns]:
    home = call.organization.profile.currency
    return [
        {
            "id": currency_id(code, home),
            "name": code,
            "symbol": symbol_of(code),
            "isdefault": "1" if code == home else "0",
        }
        for code in sorted(MINOR_DIGITS)
    ]


LISTS: Final[Mapping[str, Callable[[Call], list[Columns]]]] = {
    "tax_data": _taxes,
    "payment_mode": lambda _: _modes(),
    "currencies": _currencies,
    "expense_category": lambda _: [],
}
