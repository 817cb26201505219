"""How the old dialect answers: `{status, message}`, with the original's own sentences where it had any."""

from http import HTTPStatus
from typing import Any, Final

import falcon
import msgspec
from msgspec import Struct

from api.entrance.problems import Problem
from api.seed_dialect.compat import coded
from invoicing_domain.requests.misread import FieldError

ROOT: Final = "/api"
NATIVE: Final = "/api/v1"

NO_TOKEN: Final = "Token is not defined."  # noqa: S105 - a sentence
# The spelling is the original's, and clients compare it.
NO_PERMISSION: Final = "Your API token does not have the necessay permissions for the requested operation"
TOO_MANY: Final = "Rate limit exceeded"
UNKNOWN_METHOD: Final = "Unknown method"
ADDED: Final = "Invoice Added Successfully"
UPDATED: Final = "Invoice Updated Successfully"
DELETED: Final = "Invoice Deleted Successfully"
NOTHING_GIVEN: Final = "Data Not Acceptable OR Not Provided"
NO_SUCH_INVOICE: Final = "Invoice ID Doesn't Not Exist."
INVALID_ID: Final = "Invalid Invoice ID"
NO_DATA: Final = "No data were found"
CUSTOMER_ADDED: Final = "Client add successful."
CUSTOMER_UPDATED: Final = "Customer Update Successful."
CREDIT_NOTE_ADDED: Final = "Credit Note Added Successfully"
CREDIT_APPLIED: Final = "Credits Applied Successfully"
CREDIT_REFUNDED: Final = "Refund Added Successfully"
NO_SUCH_CREDIT_NOTE: Final = "Credit Note ID Doesn't Not Exist."
PAYMENT_ADDED: Final = "Payment add successful."
PAYMENT_DELETED: Final = "Payment Delete Successful."
NO_TERM: Final = "Search term is required. Use /api/invoices/search/{term} or /api/invoices/search?q={term}"

_FIELD_OF_REFUSAL: Final = {
    "number_in_use": "number",
    "number_not_next": "number",
    "issue_date_in_future": "date",
    "issue_date_before_last": "date",
    "due_date_before_issue": "duedate",
    "due_date_too_late": "duedate",
    "currency_unknown": "currency",
    "discount_invalid": "discount_percent",
    "total_negative": "total",
    "amount_too_large": "total",
    "vat_rate_invalid": "newitems",
    "quantity_zero": "newitems",
    "unit_price_negative": "newitems",
    "too_many_lines": "newitems",
    "invoice_without_lines": "newitems[]",
    "line_not_found": "items",
    "invoice_already_sent": "id",
    "not_found": "id",
    "invoice_not_sent": "invoiceid",
    "invoice_discarded": "invoiceid",
    "amount_not_positive": "amount",
    "date_in_future": "date",
    "allocation_before_invoice": "date",
    "application_before_credit": "date",
    "refund_before_credit": "refunded_on",
    "credit_exceeds_invoice": "newitems",
    "line_repeated": "newitems",
    "refund_exceeds_credit": "amount",
    "allocation_exceeds_balance": "amount",
    "applications_exceed_credit_note": "amount",
    "nothing_to_allocate": "invoiceid",
    "customer_mismatch": "invoiceid",
    "currency_mismatch": "invoiceid",
    "external_reference_reused": "transactionid",
}

_LABELS: Final = {
    "clientid": "Client",
    "description": "Description",
    "qty": "Qty",
    "rate": "Rate",
    "itemid": "Item",
    "invoiceid": "Invoice",
    "amount": "Amount",
    "company": "Company",
    "paymentmode": "Payment Mode",
}


class Done(Struct, frozen=True, kw_only=True):
    status: bool = True
    message: str


class Added(Struct, frozen=True, kw_only=True):
    status: bool = True
    message: str = ADDED
    record_id: int


def is_seed(path: str) -> bool:
    """Whether a path belongs to this face of the application."""
    return (path == ROOT or path.startswith(f"{ROOT}/")) and path != NATIVE and not path.startswith(f"{NATIVE}/")


def write(req: falcon.Request, resp: falcon.Response, problem: Problem, document: str | None) -> None:
    """A problem in the old shape. `document` is what the path names, for the way out of a sent invoice."""
    message, fields = _words(problem, document)
    body: dict[str, Any] = {"status": False, "message": message}
    if req.path.startswith((f"{ROOT}/payments", f"{ROOT}/delete/payments")):
        body = {"paymentmode": False, **body}  # the original's flag for payments; its clients look at either
    if fields and req.method != "GET":
        body["error"] = fields
    elif fields and problem.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        body |= {"error": "validation_failed", "errors": fields}
    body["code"] = problem.code
    body |= {name: problem.facts[name] for name in ("computed", "way_out") if name in problem.facts}
    if problem.code == "invoice_already_sent" and document is not None:
        body["way_out"] = f"POST {NATIVE}/invoices/{document}/credit-notes"
    compat = getattr(req.context, "compat", None)
    resp.status = problem.status if compat is None else coded(req.method, problem.status, problem.code)
    resp.content_type = falcon.MEDIA_JSON
    resp.data = msgspec.json.encode(body)
    for name, value in problem.headers.items():
        resp.set_header(name, value)


def _words(problem: Problem, document: str | None) -> tuple[str, dict[str, str]]:
    """The message, and what is wrong by field."""
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        return UNKNOWN_METHOD, {}
    if problem.code == "rate_limited":
        return TOO_MANY, {}
    field = _FIELD_OF_REFUSAL.get(problem.code)
    if field is None and problem.errors:
        fields = {bracketed(error.pointer): _sentence(error) for error in problem.errors}
        return "\n".join(_message(field, text) for field, text in fields.items()), fields
    message = problem.detail if document is None else problem.detail.replace("{id}", document)
    return message, {} if field is None else {field: message}


def _sentence(error: FieldError) -> str:
    if error.code != "missing" or error.detail.startswith("The "):
        return error.detail
    name = error.pointer.rpartition("/")[2]
    return f"The {_LABELS.get(name, name)} field is required"


def _message(field: str, text: str) -> str:
    """Sentences stand alone; fragments need their field."""
    return text if text.startswith("The ") or not field else f"{field}: {text}"


def bracketed(pointer: str) -> str:
    """A JSON pointer as the key that a form has for it: `/newitems/0/qty` is `newitems[0][qty]`."""
    if not pointer.startswith("/"):
        return pointer
    first, *others = pointer[1:].replace("~1", "/").replace("~0", "~").split("/")
    return first + "".join(f"[{part}]" for part in others)


def send(resp: falcon.Response, body: object) -> None:
    resp.content_type = falcon.MEDIA_JSON
    resp.data = msgspec.json.encode(body)
