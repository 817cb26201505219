"""Problems: every error as RFC 9457 `application/problem+json`, with a stable code and pointers to fields."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import falcon
import msgspec
import psycopg
from psycopg_pool import PoolTimeout

from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.requests.misread import FieldError, Misread, misread

log = logging.getLogger(__name__)

STATUS_OF_REFUSAL: Final[Mapping[str, int]] = {
    "not_found": 404,
    "version_conflict": 412,
    "idempotency_key_reused": 422,
    "invoice_already_sent": 409,
    "invoice_not_sent": 409,
    "invoice_discarded": 409,
    "number_in_use": 409,
    "number_not_next": 409,
    "credit_exceeds_invoice": 409,
    "payment_reversed": 409,
    "payment_refunded": 409,
    "deallocation_exceeds_allocation": 409,
    "applications_exceed_credit_note": 409,
    "refund_exceeds_credit": 409,
    "external_reference_reused": 409,
    "exchange_rate_missing": 409,
    "invoice_credited": 409,
    "allocation_exceeds_balance": 409,
    "allocations_exceed_payment": 409,
    "issue_date_before_last": 409,
    "clock_backwards": 409,
    "contended": 503,
    "customer_erased": 409,
    "series_closed": 409,
    "series_exists": 409,
    "series_is_default": 409,
    "series_prefix_taken": 409,
    "series_not_valid": 409,
    "invoice_exists": 409,
    "reference_in_use": 409,
    "invoice_paid": 409,
    "invoice_cancelled": 409,
    "invoice_not_overdue": 409,
    "reminders_held": 409,
    "reminder_already_requested": 409,
    "customer_without_email": 409,
    "email_already_requested": 409,
    "mail_not_sent": 409,
    "job_in_doubt": 409,
    "job_not_in_doubt": 409,
    "job_status_unfit": 409,
    "proforma_already_sent": 409,
    "proforma_cancelled": 409,
    "proforma_invoiced": 409,
    "webhook_endpoint_disabled": 409,
}
"""Everything else that the business refuses is 422: understood, and not possible as asked."""


FIELD_OF_REFUSAL: Final[Mapping[str, str]] = {
    "issue_date_in_future": "/issue_date",
    "due_date_before_issue": "/due_date",
    "due_date_too_late": "/due_date",
    "payment_terms_invalid": "/payment_terms_days",
    "date_in_future": "/date",
    "allocation_before_invoice": "/date",
    "allocation_before_payment": "/date",
    "application_before_credit": "/date",
    "deallocation_before_application": "/date",
    "deallocation_before_payment": "/date",
    "refund_before_credit": "/date",
    "refund_before_payment": "/date",
    "reversal_before_payment": "/date",
    "currency_unknown": "/currency",
    "country_unknown": "/delivery_country",
    "note_empty": "/text",
    "series_prefix_invalid": "/prefix",
    "series_prefix_taken": "/prefix",
    "series_validity_invalid": "/valid_to",
    "recurring_start_invalid": "/rhythm/starts_on",
    "recurring_without_lines": "/lines",
    "reason_missing": "/reason",
    "order_id_missing": "/order/id",
}
"""The field that a refusal is about, where it is always the same one."""


class ProblemView(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    facts: dict[str, Any] = {}


class Problem(Exception):  # noqa: N818 - the name of the standard
    """An answer other than the one hoped for."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        facts: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.facts = dict(facts or {})
        self.headers = dict(headers or {})


def invalid(pointer: str, detail: str, code: str = "invalid") -> Problem:
    """A field that cannot be taken as it is."""
    return of_misread(misread(pointer, detail, code))


def of_misread(error: Misread) -> Problem:
    return Problem(422, "validation_failed", str(error), errors=error.errors)


def of_refusal(refusal: Refusal) -> Problem:
    status = STATUS_OF_REFUSAL.get(refusal.code, 422)
    field = FIELD_OF_REFUSAL.get(refusal.code)
    errors = (FieldError(pointer=field, code=refusal.code, detail=refusal.message),) if field else ()
    return Problem(status, refusal.code, refusal.message, errors=errors, facts=refusal.facts)


def of_unavailable() -> Problem:
    detail = "the database does not answer; whether the request took effect is unknown: repeat it with the same key"
    return Problem(503, "unavailable", detail, headers={"Retry-After": "2"})


def problem_of(error: Exception, request_id: str = "") -> Problem:
    """The problem that an exception stands for; an unexpected one is logged and told without its inner life."""
    match error:
        case Problem():
            return error
        case Misread():
            return of_misread(error)
        case Refusal():
            return of_refusal(error)
        case StoreUnavailable() | psycopg.OperationalError() | psycopg.InterfaceError() | PoolTimeout():
            log.warning("the database does not answer request %s: %s", request_id, error)
            return of_unavailable()
        case falcon.HTTPMethodNotAllowed():
            allowed = {"Allow": str(dict(error.headers or {}).get("Allow", ""))}
            return Problem(405, "method_not_allowed", "this method is not for this path", headers=allowed)
        case falcon.HTTPNotFound():
            return Problem(404, "not_found", "there is nothing here")
        case falcon.HTTPError():
            return Problem(error.status_code, "bad_request", error.description or error.title or "bad request")
        case _:
            log.error("unexpected error in request %s", request_id, exc_info=error)
            return Problem(500, "internal", "something went wrong on our side; it was logged under this request id")


def write(resp: falcon.Response, problem: Problem, request_id: str) -> None:
    view = ProblemView(
        type=f"urn:izvor:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        request_id=request_id,
        errors=problem.errors,
        facts=problem.facts,
    )
    resp.status = problem.status
    resp.content_type = "application/problem+json"
    resp.data = msgspec.json.encode(view)
    for name, value in problem.headers.items():
        resp.set_header(name, value)
