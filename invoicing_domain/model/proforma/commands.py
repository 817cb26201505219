"""What one may ask of a proforma."""

from dataclasses import dataclass

from invoicing_domain.model.customer.commands import RegisterCustomer
from invoicing_domain.model.identity import StreamId
from invoicing_domain.model.invoice.events import Header
from invoicing_domain.model.invoice.lines import LineInput
from invoicing_domain.model.party import Seller


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProforma:
    proforma_id: StreamId
    reference: int
    header: Header
    lines: tuple[LineInput, ...] = ()
    registers: RegisterCustomer | None = None
    """A customer met for the first time, registered in the same step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendProforma:
    """Give it a number of `series`, which is opened with its first number when `opens` it."""

    proforma_id: StreamId
    series: str
    seller: Seller
    default_terms_days: int
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelProforma:
    proforma_id: StreamId
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceProforma:
    """Start an invoice with what the proforma says, under a prepared reference."""

    proforma_id: StreamId
    invoice_id: StreamId
    reference: int
