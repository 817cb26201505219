"""Searching invoices over HTTP."""

import falcon

from api.doors import Resource, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.listing import summary
from api.shapes.report_shapes import FoundInvoiceView, SearchQuery, SearchView
from projections.invoice_list.filters import InvoiceFilter
from projections.invoice_list.query import list_invoices
from projections.invoice_search.query import search


class InvoiceSearch(Resource):
    @operation(
        Operation(
            summary=(
                "Invoices by number, order, customer, tax id, address, notes, amounts or text of lines, the best first:"
                " what is called so, what its number begins with, what has all the words; without diacritics, and"
                " where a word was never written, with the words most like it"
            ),
            permission=Permission.READ_LISTS,
            query=SearchQuery,
            answer=SearchView,
            waits_for=("invoice_search", "invoice_list"),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        call = call_of(req)
        query: SearchQuery = call.query
        today = call.context.today
        with self._doors.reading() as connection:
            hits = search(connection, call.organization_id, query.q, limit=query.limit)
            ids = tuple(hit.invoice_id for hit in hits)
            found = (
                list_invoices(
                    connection, call.organization_id, InvoiceFilter(ids=ids), today=today, limit=len(ids)
                ).rows
                if ids
                else []
            )
        rows = {row.invoice_id: row for row in found}
        data = tuple(
            FoundInvoiceView(match=hit.match, invoice=summary(rows[hit.invoice_id], today))
            for hit in hits
            if hit.invoice_id in rows
        )
        send(resp, SearchView(data=data))
