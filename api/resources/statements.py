"""Statements of account over HTTP."""

import falcon

from api.doors import Resource, missing, send
from api.entrance.access import Permission
from api.entrance.call import call_of
from api.entrance.operations import Operation, operation
from api.resources.reports import instant, period
from api.shapes.report_shapes import AccountView, StatementLineView, StatementQuery, StatementView
from api.translation.amounts import major
from invoicing_domain.categories import CUSTOMER
from projections.receivable_movements.statement import Account, StatementLine, statement


class CustomerStatement(Resource):
    @operation(
        Operation(
            summary="Statement of account: opening balance, what moved it in the order in which it counts, closing",
            permission=Permission.READ_DOCUMENTS,
            query=StatementQuery,
            answer=StatementView,
            waits_for=("receivable_movements",),
            refusals=("not_found",),
        )
    )
    def on_get(self, req: falcon.Request, resp: falcon.Response, document: str) -> None:
        call = call_of(req)
        query: StatementQuery = call.query
        known_at = instant(query.known_at)
        until = query.until or call.context.today
        period(query.since or until, until)
        customer_id = self._doors.find(call, "customer", document)
        customer = self._doors.load(CUSTOMER, customer_id).state
        if customer is None:
            raise missing("customer")
        with self._doors.reading() as connection:
            accounts = statement(
                connection, call.organization_id, customer_id, since=query.since, until=until, known_at=known_at
            )
        view = StatementView(
            customer_id=customer_id,
            customer_name=customer.profile.name,
            since=query.since,
            until=until,
            known_at=known_at,
            accounts=tuple(map(_account, accounts)),
        )
        send(resp, view)


def _account(account: Account) -> AccountView:
    def text(minor: int) -> str:
        return major(minor, account.currency)

    return AccountView(
        currency=account.currency,
        opening=text(account.opening),
        movements=tuple(map(_line, account.lines)),
        charged=text(sum(line.amount for line in account.lines if line.amount > 0)),
        settled=text(sum(line.amount for line in account.lines if line.amount < 0)),
        closing=text(account.closing),
    )


def _line(line: StatementLine) -> StatementLineView:
    return StatementLineView(
        effective_date=line.effective_date,
        kind=line.kind,
        document_id=line.document_id,
        number=line.number,
        due_date=line.due_date,
        amount=major(line.amount, line.currency),
        balance=major(line.balance, line.currency),
    )
