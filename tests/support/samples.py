"""One whole sample of every fact, with every optional field filled in; golden files are first written from these."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from invoicing_domain.model.bulk_run import events as bulk_run
from invoicing_domain.model.credit_note import events as credit_note
from invoicing_domain.model.credit_note.events import Applied, CreditRefunded, Issued, Unapplied
from invoicing_domain.model.customer.events import (
    CustomerChanged,
    CustomerProfile,
    CustomerRegistered,
    PersonalDataErased,
)
from invoicing_domain.model.document import Document
from invoicing_domain.model.exchange.amounts import InBase
from invoicing_domain.model.exchange.events import DayRates, Exchange, RatesPublished
from invoicing_domain.model.invoice import events as invoice
from invoicing_domain.model.invoice.lines import Line, as_input
from invoicing_domain.model.job.events import JobCancelled, JobDecided, JobRetried
from invoicing_domain.model.letter_template.events import LetterTemplate, TemplateChanged, TemplateReset
from invoicing_domain.model.number_series.events import Series, SeriesClosed
from invoicing_domain.model.order.events import OrderInvoiced
from invoicing_domain.model.organization.events import (
    OrganizationChanged,
    OrganizationProfile,
    OrganizationRegistered,
)
from invoicing_domain.model.party import Address
from invoicing_domain.model.payment.events import Allocated, Deallocated, ReferenceClaimed, Refunded, Reversed
from invoicing_domain.model.proforma import events as proforma
from invoicing_domain.model.recurring import events as recurring
from invoicing_domain.model.vat import Charge, Discount, Exemption, Vat, VatSubtotal
from invoicing_domain.model.webhook_endpoint import events as webhook_endpoint
from tests.support import facts

_IBAN: Final = "RO49AAAA1B31007593840000"
_ADDRESS = Address(street="Str. Ștefan cel Mare 5", city="Iași", county="RO-IS", postal_code="700028", country="RO")
_BUYER = replace(facts.BUYER, email="contabilitate@turda.example", language="en", kind="public")
_SELLER = replace(facts.SELLER, ibans=(_IBAN,), email="facturi@izvor.example")
_TRANSPORT = Charge(description="Transport", vat=facts.STANDARD, amount=Decimal("15.50"), rate_by_law=True)
_HEADER = invoice.Header(
    customer=_BUYER,
    currency="RON",
    issue_date=date(2026, 11, 20),
    due_date=date(2026, 12, 20),
    payment_terms_days=30,
    discount=Discount(percent=Decimal("2.5")),
    notes="Livrare parțială, „etapa 1”",
    buyer_reference="PO-2026-117",
    payment_reference="IZV-17",
    order=invoice.OrderReference(id="ord-9", number="CMD 9/2026", date=date(2026, 11, 2)),
    number_claim=17,
    metadata={"crm": "8812"},
    charges=(_TRANSPORT,),
    tax_point_date=date(2026, 11, 18),
    delivery_date=date(2026, 11, 19),
    delivery_country="RO",
)
_LINE: Line = replace(
    facts.line("1", "0.333333", "99.123456", Vat("S", Decimal("21.00")), Discount(amount=Decimal("1.50"))),
    unit="KGM",
    details="lot 7",
    gross_price=Decimal("119.939382"),
    rate_by_law=True,
)
_TOTALS = facts.totals("200.00", "5.00", "195.00", "40.95", "235.95")
_BREAKDOWN = (
    VatSubtotal(category="S", rate=Decimal("21.00"), base=facts.ron("195.00"), vat=facts.ron("40.95")),
    VatSubtotal(
        category="AE",
        rate=Decimal(0),
        base=facts.ron("0.00"),
        vat=facts.ron("0.00"),
        exemption=Exemption(code="VATEX-EU-AE", reason="Taxare inversă"),
    ),
)
_CREDITED = (invoice.CreditedLine(line_id="1", quantity=Decimal("0.333333"), net=facts.ron("31.54")),)
_PROFILE = CustomerProfile(
    name="Primăria Iași",
    kind="public",
    tax_id="RO4541580",
    email="taxe@iasi.example",
    phone="+40 232 267 582",
    ibans=(_IBAN,),
    language="en",
    address=_ADDRESS,
    contact_name="Ana Pop",
    identifier="C-4471",
    legal_registration="J22/10/2004",
    declined_notices=("reminders",),
)
_COMPANY = OrganizationProfile(
    name="Izvor Demo SRL",
    tax_id="RO14399840",
    email="facturi@izvor.example",
    ibans=(_IBAN,),
    address=_ADDRESS,
    time_zone="Europe/Chisinau",
    currency="EUR",
    payment_terms_days=15,
    reminder_steps=(3, 10),
    invoice_series="CJ/26-",
    credit_note_series="CJC",
    legal_registration="J12/345/2010",
    phone="+40 264 595 000",
    logo="1a" * 32,
    cash_accounting=True,
)

_EXCHANGE = Exchange(base="RON", rate=Decimal("5.0912"), date=date(2026, 11, 20), source="BNR")
_IN_BASE = InBase(exchange=_EXCHANGE, vat=facts.ron("208.48"), gross=facts.ron("1201.27"))
_DOCUMENT = Document(sha256="5e" * 32, media_type="application/pdf", size=48_213, language="en", template="document/1")

_INVOICE_FACTS: tuple[object, ...] = (
    invoice.Drafted(
        reference=17,
        header=_HEADER,
        replaces=facts.SECOND,
        origin=invoice.Origin(kind="recurring_invoice", id=facts.RECURRING, period=date(2026, 11, 30)),
    ),
    invoice.DraftChanged(header=_HEADER),
    invoice.LineAdded(line=_LINE),
    invoice.LineChanged(line=_LINE),
    invoice.LineRemoved(line_id="2"),
    invoice.Discarded(reason="Comandă anulată"),
    facts.sent(
        _LINE,
        charges=(_TRANSPORT,),
        totals=_TOTALS,
        vat_breakdown=_BREAKDOWN,
        seller=_SELLER,
        customer=_BUYER,
        deliver="email",
        in_base=_IN_BASE,
    ),
    facts.received("100.00", "135.95"),
    invoice.PaymentReversed(
        payment_id=facts.PAYMENT,
        amount=facts.ron("100.00"),
        date=facts.TODAY,
        reason="Plată returnată de bancă",
        customer_id=facts.CUSTOMER,
        balance=facts.ron("235.95"),
    ),
    invoice.CreditNoteIssued(
        credit_note_id=facts.NOTE,
        number="IZC000001",
        date=facts.TODAY,
        amount=facts.ron("235.95"),
        applied=facts.ron("135.95"),
        balance=facts.ron("0.00"),
        reason="Marfă returnată",
        lines=_CREDITED,
        totals=_TOTALS,
        vat_breakdown=_BREAKDOWN,
        customer_id=facts.CUSTOMER,
    ),
    invoice.PaymentDeallocated(
        payment_id=facts.PAYMENT,
        amount=facts.ron("100.00"),
        date=facts.TODAY,
        reason="Factura greșită",
        customer_id=facts.CUSTOMER,
        balance=facts.ron("235.95"),
    ),
    invoice.ExchangeDifference(
        payment_id=facts.PAYMENT,
        amount=facts.ron("100.00"),
        date=facts.TODAY,
        rate=_EXCHANGE,
        at_issue=facts.ron("505.00"),
        at_payment=facts.ron("509.12"),
        difference=facts.ron("4.12"),
    ),
    invoice.CreditApplied(
        credit_note_id=facts.NOTE,
        number="IZC000001",
        amount=facts.ron("100.00"),
        date=facts.TODAY,
        customer_id=facts.CUSTOMER,
        balance=facts.ron("135.95"),
    ),
    invoice.CreditUnapplied(
        credit_note_id=facts.NOTE,
        number="IZC000001",
        amount=facts.ron("100.00"),
        date=facts.TODAY,
        reason="Altă factură",
        customer_id=facts.CUSTOMER,
        balance=facts.ron("235.95"),
    ),
    invoice.Cancelled(date=facts.TODAY, reason="Comandă anulată", credit_note_id=facts.NOTE, number="IZC000001"),
    invoice.DueDateExtended(
        due_date=date(2027, 1, 20), previous=date(2026, 12, 20), date=facts.TODAY, reason="Convenit la telefon"
    ),
    invoice.NoteAdded(text="Clientul a promis plata", date=facts.TODAY),
    invoice.ReminderSent(
        step=30,
        date=facts.TODAY,
        sent_at=facts.NOW,
        to="contabilitate@turda.example",
        balance=facts.ron("135.95"),
        message_id="<reminder-30@izvor.example>",
        passed_over=(7, 14),
        request=2,
        customer_id=facts.CUSTOMER,
    ),
    invoice.ReminderRequested(request=2),
    invoice.ReminderDropped(request=2, reason="paid"),
    invoice.RemindersHeld(reason="Litigiu"),
    invoice.RemindersResumed(reason="Litigiu încheiat"),
    invoice.EFacturaSubmitted(attempt=2, xml_sha256="ab" * 32, upload_index="5001130140"),
    invoice.EFacturaAcknowledged(
        upload_index="5001130140", status="nok", response_code="BR-CO-10", answer_sha256="cd" * 32
    ),
    invoice.DocumentProduced(document=_DOCUMENT),
    invoice.EmailRequested(request=2, customer_id=facts.CUSTOMER, to="contabilitate@turda.example"),
    invoice.Emailed(
        to="contabilitate@turda.example",
        message_id="<mail-2@izvor.example>",
        sent_at=facts.NOW,
        customer_id=facts.CUSTOMER,
        request=2,
    ),
    invoice.EmailFailed(
        to="contabilitate@turda.example",
        reason="550 5.1.1 no such mailbox",
        failed_at=facts.NOW,
        customer_id=facts.CUSTOMER,
        request=2,
    ),
    invoice.EmailBounced(
        message_id="<5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e@izvor.example>",
        letter="reminder",
        status="5.1.1",
        diagnostic="550 5.1.1 (an address): no such mailbox",
        bounced_at=facts.NOW,
    ),
)

_OTHER_FACTS: tuple[object, ...] = (
    Issued(
        reference=3,
        number="IZC000001",
        series="IZC",
        issue_date=facts.TODAY,
        invoice_id=facts.INVOICE,
        invoice_number="IZV000017",
        seller=_SELLER,
        customer=_BUYER,
        currency="RON",
        lines=_CREDITED,
        totals=_TOTALS,
        vat_breakdown=_BREAKDOWN,
        reason="Marfă returnată",
        applied=facts.ron("135.95"),
        unapplied=facts.ron("100.00"),
        in_base=_IN_BASE,
    ),
    Applied(date=facts.TODAY, allocations=facts.allocations((facts.SECOND, "40.00")), unapplied=facts.ron("60.00")),
    Unapplied(
        date=facts.TODAY,
        reason="Altă factură",
        allocations=facts.allocations((facts.SECOND, "40.00")),
        unapplied=facts.ron("100.00"),
    ),
    CreditRefunded(
        date=facts.TODAY,
        amount=facts.ron("60.00"),
        method="bank_transfer",
        reference="OP 77",
        reason="La cerere",
        unapplied=facts.ron("40.00"),
    ),
    replace(
        facts.recorded("100.00", "40.00", (facts.INVOICE, "60.00")),
        note="extras 44",
        external_reference="pi_3Nf",
        exchange=_EXCHANGE,
    ),
    credit_note.DocumentProduced(document=_DOCUMENT),
    credit_note.EmailRequested(request=2, customer_id=facts.CUSTOMER, to="contabilitate@turda.example"),
    credit_note.Emailed(
        to="contabilitate@turda.example",
        message_id="<mail-2@izvor.example>",
        sent_at=facts.NOW,
        customer_id=facts.CUSTOMER,
        request=2,
    ),
    credit_note.EmailFailed(
        to="contabilitate@turda.example",
        reason="550 5.1.1 no such mailbox",
        failed_at=facts.NOW,
        customer_id=facts.CUSTOMER,
        request=2,
    ),
    credit_note.EmailBounced(
        message_id="<5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f@izvor.example>",
        letter="document",
        status="5.1.1",
        diagnostic="550 5.1.1 (an address): no such mailbox",
        bounced_at=facts.NOW,
    ),
    TemplateChanged(
        kind="reminder",
        language="ro",
        template=LetterTemplate(subject="Factura {{ mail.number }}", text="Bună ziua", html="<p>Bună ziua</p>"),
    ),
    TemplateReset(kind="reminder", language="ro"),
    JobRetried(reference=9, effect_key="reminder:17:30", attempt=3, reason="Cutia poștală există din nou"),
    JobCancelled(reference=9, effect_key="reminder:17:30", attempt=3, reason="Clientul a sunat"),
    JobDecided(reference=9, effect_key="reminder:17:30", attempt=3, went_out=True, reason="Clientul confirmă"),
    Allocated(date=facts.TODAY, allocations=facts.allocations((facts.SECOND, "40.00")), unallocated=facts.ron("0.00")),
    Deallocated(
        date=facts.TODAY,
        reason="Factura greșită",
        allocations=facts.allocations((facts.SECOND, "40.00")),
        unallocated=facts.ron("40.00"),
    ),
    Refunded(
        date=facts.TODAY,
        amount=facts.ron("40.00"),
        method="bank_transfer",
        reference="OP 78",
        reason="Plătit de două ori",
        unallocated=facts.ron("0.00"),
    ),
    ReferenceClaimed(payment_id=facts.PAYMENT, method="card", external_reference="pi_3Nf"),
    RatesPublished(
        base="RON",
        source="BNR",
        days=(DayRates(date=date(2026, 11, 20), rates={"EUR": Decimal("5.0912"), "HUF": Decimal("0.013142")}),),
    ),
    Reversed(
        date=facts.TODAY,
        reason="Plată returnată de bancă",
        allocations=facts.allocations((facts.INVOICE, "60.00"), (facts.SECOND, "40.00")),
        unallocated=facts.ron("0.00"),
    ),
    facts.opened(Series(document="credit_note", prefix="CJC", first=100, width=8)),
    facts.allocated(17),
    CustomerRegistered(reference=5, profile=_PROFILE),
    CustomerChanged(profile=_PROFILE),
    PersonalDataErased(erased_at=facts.NOW, reason="Cerere de ștergere"),
    OrganizationRegistered(profile=_COMPANY),
    OrganizationChanged(profile=_COMPANY),
)

_PLAN = recurring.Plan(
    name="Abonament mentenanță",
    header=replace(_HEADER, issue_date=None, due_date=None, tax_point_date=None, delivery_date=None, order=None),
    lines=(replace(as_input(_LINE), price_includes_vat=True, rate_by_law=True, exemption=facts.EXEMPTION),),
    rhythm=recurring.Rhythm(
        every=3, unit="month", starts_on=date(2026, 11, 30), end_of_month=True, ends_on=date(2028, 11, 30), count=8
    ),
    catch_up="all",
    send=True,
    deliver="email",
    series="CJ/26-",
)
_CLOSED = Series(
    document="invoice",
    prefix="CJ/26-",
    first=100,
    width=8,
    decision="Decizia 3/2026",
    valid_from=date(2026, 1, 1),
    valid_to=date(2026, 12, 31),
)

_ISSUING_FACTS: tuple[object, ...] = (
    SeriesClosed(
        series=_CLOSED,
        next_value=118,
        last_issue_date=date(2026, 11, 20),
        date=facts.TODAY,
        reason="Punct de lucru închis",
    ),
    OrderInvoiced(
        order=invoice.OrderReference(id="ord-9", number="CMD 9/2026", date=date(2026, 11, 2)), invoice_id=facts.INVOICE
    ),
    proforma.ProformaDrafted(reference=4, header=_HEADER, lines=(_LINE,)),
    proforma.ProformaSent(
        number="IZP000004",
        series="IZP",
        sent_at=facts.NOW,
        issue_date=facts.TODAY,
        due_date=date(2026, 12, 23),
        seller=_SELLER,
        customer=_BUYER,
        totals=_TOTALS,
        vat_breakdown=_BREAKDOWN,
    ),
    proforma.ProformaCancelled(date=facts.TODAY, reason="Ofertă refuzată"),
    proforma.ProformaInvoiced(date=facts.TODAY, invoice_id=facts.INVOICE),
    recurring.RecurringScheduled(reference=6, plan=_PLAN),
    recurring.RecurringChanged(plan=_PLAN),
    recurring.RecurringPaused(date=facts.TODAY, reason="Contract suspendat"),
    recurring.RecurringResumed(date=facts.TODAY, reason="Contract reluat"),
    recurring.InvoiceGenerated(
        period=date(2026, 11, 30),
        date=date(2026, 12, 1),
        invoice_id=facts.INVOICE,
        problem="series_closed: series CJ/26- was closed on 2026-11-30; choose another one",
    ),
    recurring.PeriodsPassedOver(first=date(2026, 8, 31), last=date(2026, 10, 31), count=3, reason="catch_up"),
    bulk_run.BulkRunStarted(
        reference=2,
        work=bulk_run.Work(action="send", deliver="email", series="CJ"),
        items=("17", facts.INVOICE, "999"),
    ),
    bulk_run.BulkRunAdvanced(
        results=(
            bulk_run.Result(item="17", number="CJ000118"),
            bulk_run.Result(
                item=facts.INVOICE,
                code="invoice_already_sent",
                detail="invoice IZV000001 is sent and cannot be changed",
                facts={"number": "IZV000001"},
            ),
        ),
        left=1,
    ),
)

_SUBSCRIPTION = webhook_endpoint.Subscription(
    url="https://erp.atelier.example/izvor", description="ERP", events=("invoice.sent", "payment.*")
)

_WEBHOOK_FACTS: tuple[object, ...] = (
    webhook_endpoint.WebhookEndpointRegistered(
        reference=3, subscription=_SUBSCRIPTION, salt="00112233445566778899aabbccddeeff"
    ),
    webhook_endpoint.WebhookEndpointChanged(subscription=_SUBSCRIPTION),
    webhook_endpoint.WebhookSecretRotated(salt="ffeeddccbbaa99887766554433221100", previous_until=facts.NOW),
    webhook_endpoint.WebhookEndpointDisabled(
        reason="failing", detail="answered 503", since=facts.NOW - timedelta(days=5)
    ),
    webhook_endpoint.WebhookEndpointEnabled(),
    webhook_endpoint.WebhookEndpointRemoved(),
    webhook_endpoint.WebhookTestRequested(request=1),
    webhook_endpoint.WebhookReplayRequested(
        request=2,
        message=webhook_endpoint.Message(
            event_id="5bd5b7c2-9d3f-5a34-8a39-6a1f1d0f5f44", type="invoice.sent", position=17
        ),
    ),
)

_ALL_FACTS: Final = (*_INVOICE_FACTS, *_OTHER_FACTS, *_ISSUING_FACTS, *_WEBHOOK_FACTS)

SAMPLES: Final[dict[type, object]] = {type(fact): fact for fact in _ALL_FACTS}
