"""The kinds of streams, and how the facts of each fold."""

from typing import Final

from invoicing_domain.model.bulk_run import state as bulk_run
from invoicing_domain.model.credit_note import state as credit_note
from invoicing_domain.model.customer import state as customer
from invoicing_domain.model.exchange import state as exchange_state
from invoicing_domain.model.invoice import state as invoice
from invoicing_domain.model.job import state as job
from invoicing_domain.model.letter_template import state as letter_template
from invoicing_domain.model.number_series import state as number_series
from invoicing_domain.model.order import state as order
from invoicing_domain.model.organization import state as organization
from invoicing_domain.model.payment import state as payment
from invoicing_domain.model.proforma import state as proforma
from invoicing_domain.model.recurring import state as recurring
from invoicing_domain.model.webhook_endpoint import state as webhook_endpoint
from invoicing_domain.recording.application import Category

INVOICE: Final = Category("invoice", invoice.evolve)
CREDIT_NOTE: Final = Category("credit_note", credit_note.evolve)
PAYMENT: Final = Category("payment", payment.evolve)
NUMBER_SERIES: Final = Category("number_series", number_series.evolve, last_fact_is_state=True)
PAYMENT_CLAIM: Final = Category("payment_reference", payment.evolve_claim)
EXCHANGE_RATES: Final = Category("exchange_rates", exchange_state.evolve)
CUSTOMER: Final = Category("customer", customer.evolve)
ORGANIZATION: Final = Category("organization", organization.evolve, last_fact_is_state=True)
ORDER: Final = Category("order", order.evolve, last_fact_is_state=True)
PROFORMA: Final = Category("proforma", proforma.evolve)
BULK_RUN: Final = Category("bulk_run", bulk_run.evolve)
JOB: Final = Category("job", job.evolve, last_fact_is_state=True)
LETTER_TEMPLATE: Final = Category("letter_template", letter_template.evolve, last_fact_is_state=True)
RECURRING: Final = Category("recurring_invoice", recurring.evolve)
WEBHOOK_ENDPOINT: Final = Category("webhook_endpoint", webhook_endpoint.evolve)
