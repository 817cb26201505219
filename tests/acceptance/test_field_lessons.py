"""What went wrong in other invoicing systems, and does not here: one test for each lesson, over HTTP.

The number of a test is that of its lesson; the comment names public threads where users told of it. 6 to 8 are about
sending to the tax office, which is not there yet; 11 is about a million invoices: `tests/benchmarks`.
"""

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from hashlib import sha256
from typing import Any

from tests.support.processes import wait_until
from tests.support.receiver import receiver
from tests.support.seller import API, Seller, line, rates
from tests.support.stack import one

BUCKETS = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_plus")


def ages(row: dict[str, Any]) -> dict[str, str]:
    """What is not zero of an ageing row."""
    return {name: row[name] for name in (*BUCKETS, "unapplied") if Decimal(row[name])}


def series(seller: Seller, prefix: str = "IZV") -> Any:
    return next(row for row in seller.read("/reports/series")["data"] if row["prefix"] == prefix)


def mails_to(seller: Seller, receiver: str) -> int:
    files = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in outbox(seller)]
    return sum(receiver in str(mail["To"]) for mail in files)


def outbox(seller: Seller) -> list[Any]:
    return sorted((seller.stack.data / "outbox").glob("*.eml"))


def steps(seller: Seller, invoice: Any) -> list[int]:
    return [reminder["step"] for reminder in seller.invoice(invoice)["reminders"]]


# crater-invoice-inc/crater #1032, Paymenter #1244, invoiceninja #2148
def test_01_two_simultaneous_posts_got_the_same_number(seller: Seller) -> None:
    customer = seller.customer()["id"]
    drafts = seller.at_once(lambda _: seller.draft(customer_id=customer), range(200))
    numbers = [sent["number"] for sent in seller.at_once(seller.send, drafts)]
    assert sorted(numbers) == [f"IZV{n:06}" for n in range(1, 201)]
    proof = series(seller)
    assert (proof["first"], proof["last"], proof["count"], proof["holes"], proof["dense"]) == (1, 200, 200, [], True)


# odoo #11859, erpnext #8765, erpnextswiss #82, invoiceninja #2395
def test_02_a_deleted_draft_left_a_hole_in_the_numbers(seller: Seller) -> None:
    first = seller.sent()
    deleted, kept = seller.draft(), seller.draft()
    assert deleted["number"] is None
    one(seller.ask("DELETE", f"/invoices/{deleted['id']}"))
    assert (first["number"], seller.send(kept)["number"]) == ("IZV000001", "IZV000002")
    seller.refused("DELETE", f"/invoices/{first['id']}", None, 409, "invoice_already_sent")
    proof = series(seller)
    assert (proof["count"], proof["expected"], proof["holes"], proof["dense"]) == (2, 2, [], True)


# OCA/server-tools #2040
def test_03_numbers_and_dates_drifted_out_of_order(seller: Seller) -> None:
    seller.sent(issue_date=seller.day(-2))
    cancelled = seller.sent(issue_date=seller.day(-2))
    seller.post(f"/invoices/{cancelled['id']}/cancel", {"reason": "renunțare"})
    early = seller.draft(issue_date=seller.day(-3))
    seller.refused("POST", f"/invoices/{early['id']}/send", None, 409, "issue_date_before_last")
    assert seller.sent(issue_date=seller.day(-1))["number"] == "IZV000003"  # 2 is never given again
    assert series(seller)["in_order"] is True


# invoiceninja #4370, #10856, #3195, invoiceninja/ui #2863, #3022
def test_04_totals_were_off_by_a_cent_and_a_full_discount_left_minus_one(seller: Seller) -> None:
    half = seller.sent(line("1", "8180", "9.98"), line("1", "0.125"), line("1", "2.625"))
    assert [one_line["net"] for one_line in half["lines"]] == ["8180.00", "0.13", "2.63"]
    assert half["totals"]["net"] == "8182.76"
    assert sorted(part["vat"] for part in half["vat_breakdown"]) == ["0.58", "816.36"]  # 0.5796 and 816.364
    nothing = seller.sent(line("3", "33.335", discount={"percent": "100"}))
    assert (nothing["totals"]["net"], nothing["totals"]["vat"], nothing["totals"]["gross"]) == ("0.00", "0.00", "0.00")
    for invoice in (half, nothing):
        totals = {name: Decimal(value) for name, value in invoice["totals"].items()}
        assert sum(Decimal(one_line["net"]) for one_line in invoice["lines"]) == totals["lines_net"]
        assert totals["net"] + totals["vat"] == totals["gross"]


# odoo #251155, #272524, #253625, #231276, #259070, #266745
def test_05_rounding_broke_the_rules_of_the_european_norm(seller: Seller) -> None:
    lines = [line(q, p, r) for q, p, r in itertools.product(("0.333", "7", "13.5"), ("0.005", "19.99"), ("21", "11"))]
    charge = {"description": "Transport", "percent": "3.33", "vat": {"rate": "21"}}
    sent = seller.sent(*lines, discount={"percent": "7.77"}, charges=[charge])
    totals = {name: Decimal(value) for name, value in sent["totals"].items()}
    groups = [{name: Decimal(part[name]) for name in ("rate", "base", "vat")} for part in sent["vat_breakdown"]]
    charges = sum(Decimal(one_charge["amount"]) for one_charge in sent["charges"])
    assert sum(Decimal(one_line["net"]) for one_line in sent["lines"]) == totals["lines_net"]  # BR-CO-10
    assert totals["lines_net"] - totals["discount"] + charges == totals["net"]  # BR-CO-13
    assert sum(part["base"] for part in groups) == totals["net"]  # BR-S-08
    assert sum(part["vat"] for part in groups) == totals["vat"]  # BR-CO-14
    assert totals["net"] + totals["vat"] == totals["gross"]  # BR-CO-15
    for part in groups:  # BR-CO-17, BR-S-09
        assert abs(part["base"] * part["rate"] / 100 - part["vat"]) <= Decimal("0.005")


# OCA/account-financial-reporting #707, OCA/account-payment #386, odoo #16016, #15786, #247538
def test_09_ageing_of_a_past_date_forgot_invoices_paid_since(seller: Seller) -> None:
    begun, customer = seller.today, seller.customer()["id"]
    invoice = seller.sent(customer_id=customer, payment_terms_days=5)
    seller.live_until(begun + timedelta(days=20))
    knew = seller.read("/test-clock")["now"]
    seller.live_until(begun + timedelta(days=40))
    seller.pay(invoice, "242.00", (begun + timedelta(days=10)).isoformat())

    def age(days: int, **query: object) -> list[dict[str, str]]:
        rows = seller.read("/reports/aging", as_of=begun + timedelta(days=days), **query)["rows"]
        return [ages(row) for row in rows]

    assert age(-1) == []
    assert age(5) == [{"not_due": "242.00"}]
    assert age(9) == [{"days_1_30": "242.00"}]
    assert age(10) == age(15) == age(40) == []
    assert age(15, known_at=knew) == [{"days_1_30": "242.00"}]  # the payment was made, and nobody knew
    for days in (-1, 0, 5, 9, 10, 40):  # equals the account of the customer on that day
        until = (begun + timedelta(days=days)).isoformat()
        accounts = seller.read(f"/customers/{customer}/statement", to=until)["accounts"]
        owed = sum(Decimal(account["closing"]) for account in accounts)
        assert owed == sum(Decimal(amount) for row in age(days) for amount in row.values())


# erpnext #49262, #51596, #47580, #7407
def test_10_buckets_did_not_add_up_to_what_was_owed(seller: Seller) -> None:
    customer = seller.customer()["id"]
    for days in (200, 91, 90, 61, 60, 31, 30, 1, 0):
        seller.sent(customer_id=customer, issue_date=seller.day(-days), payment_terms_days=0)
    seller.sent(customer_id=customer, payment_terms_days=30)
    today = seller.read("/reports/aging")
    (row,) = today["rows"]
    assert [row[bucket] for bucket in BUCKETS] == ["484.00"] * 5
    assert sum(Decimal(row[bucket]) for bucket in BUCKETS) + Decimal(row["unapplied"]) == Decimal(row["balance"])
    assert {name: today["totals"][0][name] for name in BUCKETS} == {name: row[name] for name in BUCKETS}
    (earlier,) = seller.read("/reports/aging", as_of=seller.day(-31))["rows"]
    assert ages(earlier) == {
        "not_due": "242.00",
        "days_1_30": "484.00",
        "days_31_60": "484.00",
        "days_91_plus": "242.00",
    }


# lago-front #4148, lago-api #6165, Pinelab #466
def test_12_pages_far_down_the_list_could_not_be_reached(seller: Seller) -> None:
    customer = seller.customer()["id"]
    seller.at_once(lambda _: seller.draft(customer_id=customer), range(60))
    page = seller.read("/invoices", limit=1)
    assert set(page) == {"data", "has_more", "next"}  # nothing that would have to be counted
    found = seller.all_pages("/invoices", limit=1, sort="reference")
    assert [invoice["reference"] for invoice in found] == list(range(1, 61))


# invoiceninja #9573, #11415, #11024
def test_13_any_credit_marked_the_invoice_paid(seller: Seller) -> None:
    invoice = seller.sent()
    after = seller.credit(invoice, lines=[{"line_id": "1", "quantity": "1"}])["invoice"]
    assert (after["status"], after["totals"]["credited"], after["totals"]["balance"]) == (
        "partially_paid",
        "121.00",
        "121.00",
    )
    part = seller.pay(invoice, "21.00")
    assert (part["status"], part["totals"]["balance"]) == ("partially_paid", "100.00")
    assert seller.pay(invoice, "100.00")["status"] == "paid"


# invoiceninja #9007, #5423, #313, erpnext #31138, #40877
def test_14_an_overpayment_was_refused_or_left_a_negative_invoice(seller: Seller) -> None:
    customer = seller.customer()["id"]
    first, second = (seller.sent(customer_id=customer) for _ in range(2))
    paid = seller.pay(first, "300.00")
    assert (paid["status"], paid["totals"]["balance"]) == ("paid", "0.00")
    (payment,) = seller.read("/payments", customer_id=customer)["data"]
    assert (payment["unallocated"], seller.read(f"/customers/{customer}")["credit"]) == ("58.00", "58.00")
    rest = {"date": seller.day(0), "allocations": [{"invoice_id": second["id"]}]}
    assert seller.post(f"/payments/{payment['id']}/allocations", rest)["unallocated"] == "0.00"
    assert seller.invoice(second)["totals"]["balance"] == "184.00"
    back = {"date": seller.day(0), "reason": "altă factură", "allocations": [{"invoice_id": second["id"]}]}
    assert seller.post(f"/payments/{payment['id']}/deallocations", back)["unallocated"] == "58.00"
    assert seller.invoice(second)["totals"]["balance"] == "242.00"


# erpnext #50797, #33462
def test_15_two_tabs_reconciled_the_same_payment_twice(seller: Seller) -> None:
    customer = seller.customer()["id"]
    invoices = [seller.sent(customer_id=customer) for _ in range(3)]
    body = {"customer_id": customer, "amount": "242.00", "date": seller.day(0)}
    payment = seller.post("/payments", body)
    version = f'"{payment["version"]}"'

    def allocate(invoice: Any, **headers: str) -> int:
        wish = {"date": body["date"], "allocations": [{"invoice_id": invoice["id"], "amount": "242.00"}]}
        path = f"/payments/{payment['id']}/allocations"
        return seller.ask("POST", path, wish, **headers).status_code

    answers = seller.at_once(lambda invoice: allocate(invoice, **{"If-Match": version}), invoices)
    assert sorted(answers) == [201, 412, 412]
    assert allocate(invoices[0]) in {409, 422}  # nor without the version: a payment gives no more than it has
    owed = [Decimal(seller.invoice(invoice)["totals"]["balance"]) for invoice in invoices]
    assert sorted(owed) == [0, 242, 242]
    cleared = invoices[owed.index(Decimal(0))]
    note = seller.credit(cleared)["credit_note"]
    wish = {"invoice_id": invoices[owed.index(Decimal(242))]["id"], "amount": "10000.00"}
    body = {"date": seller.day(0), "allocations": [wish]}
    assert seller.ask("POST", f"/credit-notes/{note['id']}/applications", body).status_code == 409
    assert seller.read(f"/credit-notes/{note['id']}")["unapplied"] == "242.00"


# erpnext #34680, #35301, #34676, #15174
def test_16_the_exchange_difference_counted_as_payment(seller: Seller) -> None:
    content = rates((seller.day(-31), "5.00"), (seller.day(-2), "5.10"))
    one(seller.client.post(f"{API}/exchange-rates", content=content, headers={"Content-Type": "application/xml"}))
    sent = seller.sent(currency="EUR", issue_date=seller.day(-30))
    assert sent["exchange"]["gross"] == "1210.00"
    part = seller.pay(sent, "100.00")
    assert (part["totals"]["balance"], part["exchange"]["difference"]) == ("142.00", "10.00")
    paid = seller.pay(sent, "142.00")
    assert (paid["status"], paid["totals"]["balance"], paid["exchange"]["difference"]) == ("paid", "0.00", "24.20")
    assert [row["type"] for row in seller.history(sent)].count("invoice.exchange_difference") == 2


# woocommerce-gateway-stripe #889, pay-rails #612, lago-api #1374, invoiceninja #6819, Couchers #1664
def test_17_a_payment_told_twice_was_recorded_twice(seller: Seller) -> None:
    invoice = seller.sent()
    path = f"/invoices/{invoice['id']}/payments"
    body = {"amount": "100.00", "date": seller.day(0), "method": "card", "external_reference": "ch_3N"}
    told = seller.at_once(lambda _: seller.ask("POST", path, body).status_code, range(12))
    assert sorted(told) == [200] * 11 + [201]
    after = seller.invoice(invoice)
    assert (len(after["payments"]), after["totals"]["balance"]) == (1, "142.00")


# invoiceninja #6578, n8n #8147, lago-api #4226
def test_18_receivers_were_told_twice_and_again_when_a_payment_was_repeated(seller: Seller) -> None:
    with receiver() as ear:
        endpoint = seller.post("/webhook-endpoints", {"url": ear.url, "events": ["invoice.*"]})
        invoice = seller.sent()
        body = {"amount": "242.00", "date": seller.day(0), "method": "card", "external_reference": "ch_18"}
        path = f"/invoices/{invoice['id']}/payments"
        assert [seller.ask("POST", path, body).status_code for _ in range(3)] == [201, 200, 200]
        recorded = sorted(entry["position"] for entry in seller.history(invoice) if "document" not in entry["type"])
        witness = seller.draft()

        def told(about: Any) -> list[int]:
            events = [one.event["data"] for one in ear.received]
            kept = [event for event in events if event["subject"] == about["id"] and "document" not in event["type"]]
            return sorted(event["position"] for event in kept)

        wait_until(lambda: len(told(invoice)) >= len(recorded) and told(witness) != [])
        assert told(invoice) == recorded
        assert len(set(ear.ids)) == len(ear.ids)
        again = ear.received[0].headers["webhook-id"]
        deliveries = seller.all_pages(f"/webhook-endpoints/{endpoint['id']}/deliveries")
        first = next(delivery for delivery in deliveries if delivery["event_id"] == again)
        one(seller.ask("POST", f"/webhook-endpoints/{endpoint['id']}/deliveries/{first['id']}/replay"), 202)
        wait_until(lambda: ear.ids.count(again) == 2)  # the same id, by which a receiver knows it


# akaunting #259, invoiceninja #1921, OCA/credit-control #330, #460, erpnext #41752
def test_19_and_20_reminders_for_the_paid_none_for_the_part_paid_and_one_skipped_stopped_all(seller: Seller) -> None:
    begun = seller.today + timedelta(days=1)
    seller.live_until(begun)
    terms = {"plătit": 5, "parțial": 5, "oprit": 5, "restant": 5, "martor": 6}
    debts = [
        seller.sent(customer={"name": name, "email": f"{n}@lectia19.ro"}, payment_terms_days=days)
        for n, (name, days) in enumerate(terms.items())
    ]
    paid, part, held, late, witness = debts
    seller.pay(paid, "242.00")
    seller.pay(part, "42.00")
    one(seller.ask("PUT", f"/invoices/{held['id']}/reminders/hold", {"reason": "litigiu"}))
    seller.live_until(begun + timedelta(days=12))
    wait_until(lambda: steps(seller, part) == steps(seller, late) == [7])
    seller.live_until(begun + timedelta(days=13))  # a later pass, which has looked at all when it reminds of the last
    wait_until(lambda: steps(seller, witness) == [7])
    assert [steps(seller, debt) for debt in debts] == [[], [7], [], [7], [7]]
    assert [mails_to(seller, f"{n}@lectia19.ro") for n in range(5)] == [0, 1, 0, 1, 1]


# invoiceninja #2883, #9997, #12013, #10863, #3644, akaunting #2251, #2334
def test_21_a_recurring_invoice_was_made_several_times_or_for_a_year_at_once(seller: Seller) -> None:
    rhythm = {"unit": "month", "starts_on": seller.day(-365)}
    buyer = {"name": "Abonat SRL"}
    body = {"name": "Abonament", "customer": buyer, "lines": [line()], "rhythm": rhythm, "send": True}
    schedule = seller.post("/recurring-invoices", body)
    path = f"/recurring-invoices/{schedule['id']}"
    seller.at_once(lambda _: seller.post(f"{path}/run", None, 200), range(8))
    after = seller.read(path)
    assert after["generated"] == 1  # the newest period; the worker tried at the same time
    assert after["passed_over"] >= 11
    assert len(seller.read(f"{path}/invoices")["data"]) == 1
    assert series(seller)["count"] == 1


# invoiceninja #792, odoo #72027, #236769, nango #7168, itflow #75
def test_22_an_invoice_due_today_was_overdue_in_the_evening(seller: Seller) -> None:
    sending = next(day for day in days_from(seller.today + timedelta(days=1)) if is_last_sunday_of_march(ten_on(day)))
    due = ten_on(sending)
    seller.live_until(sending)
    invoice = seller.sent(due_date=due.isoformat())
    assert invoice["due_date"] == due.isoformat()
    seller.live_until(due, 23, 59)  # 20:59 in UTC: the clocks went forward in the night before
    assert (seller.invoice(invoice)["status"], seller.invoice(invoice)["overdue"]) == ("sent", False)
    assert overdue(seller) == []
    seller.live_until(due + timedelta(days=1), 0, 0)
    assert (seller.invoice(invoice)["status"], seller.invoice(invoice)["overdue"]) == ("overdue", True)
    assert overdue(seller) == [invoice["id"]]
    assert [ages(row) for row in seller.read("/reports/aging")["rows"]] == [{"days_1_30": "242.00"}]


def ten_on(day: date) -> date:
    return day + timedelta(days=10)


def overdue(seller: Seller) -> list[str]:
    return [row["id"] for row in seller.read("/invoices", status="overdue")["data"]]


def days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in itertools.count())


def is_last_sunday_of_march(day: date) -> bool:
    return day.month == 3 and day.weekday() == 6 and (day + timedelta(days=7)).month == 4


# invoiceninja #1487, invoiceninja/ui #2035, crater #514, jverein #1330
def test_23_sent_invoices_could_be_edited(seller: Seller) -> None:
    customer = seller.customer("Vechiul Nume SRL")
    sent = seller.sent(customer_id=customer["id"])
    here = f"/invoices/{sent['id']}"
    paper = seller.fetch(f"{here}/document.pdf")
    assert paper.headers["etag"] == f'"{sha256(paper.content).hexdigest()}"'
    edits = [
        ("PATCH", here, {"notes": "x"}),
        ("POST", f"{here}/lines", line()),
        ("PATCH", f"{here}/lines/1", {"quantity": "9"}),
        ("DELETE", f"{here}/lines/1", None),
        ("DELETE", here, None),
    ]
    for method, path, body in edits:
        assert "credit" in seller.refused(method, path, body, 409, "invoice_already_sent")["detail"]
    one(seller.ask("PATCH", f"/customers/{customer['id']}", {"name": "Noul Nume SRL"}))
    one(seller.ask("PATCH", "/organization", {"name": "Altă Firmă SRL"}))
    assert seller.fetch(f"{here}/document.pdf").content == paper.content
    after = seller.invoice(sent)
    for told in (after, sent):  # all but what tells that its paper was made meanwhile
        for beside in ("position", "version", "document"):
            del told[beside]
    assert after == sent
    assert after["customer"]["name"] == "Vechiul Nume SRL"
    for entry in seller.history(sent):
        assert entry["actor"]["kind"]
        assert entry["recorded_at"]
        assert entry["request_id"]


# InvoiceShelf #317, #53, crater #233, #597, invoiceninja #9148
def test_24_there_was_no_storno_with_a_series_of_its_own(seller: Seller) -> None:
    sent = seller.sent(line("4", "25.00"), line("1", "50.00"))
    part = seller.credit(sent, lines=[{"line_id": "1", "quantity": "1"}])["credit_note"]
    assert (part["number"], part["invoice_number"], part["totals"]["gross"]) == ("IZC000001", sent["number"], "30.25")
    whole = seller.credit(sent, full=True, reissue=True)
    note, after, again = whole["credit_note"], whole["invoice"], whole["reissued"]
    assert (note["number"], note["invoice_id"], note["totals"]["gross"]) == ("IZC000002", sent["id"], "151.25")
    assert [one_note["number"] for one_note in after["credit_notes"]] == ["IZC000001", "IZC000002"]
    assert (after["status"], after["totals"]["balance"]) == ("credited", "0.00")
    assert (again["status"], again["number"], again["replaces"]) == ("draft", None, sent["id"])
    assert (seller.send(again)["number"], series(seller, "IZC")["count"]) == ("IZV000002", 2)


# erpnext #51023, OCA/bank-statement-import #499
def test_25_allocations_left_no_trace_and_equal_payments_were_taken_for_one(seller: Seller) -> None:
    invoice = seller.sent()
    for _ in range(2):  # two real bookings of one day, alike in everything
        seller.pay(invoice, "50.00", reference="OP 7")
    assert seller.invoice(invoice)["totals"]["paid"] == "100.00"
    first, second = seller.read("/payments")["data"]
    gone = {"date": seller.day(0), "reason": "dublă"}
    one(seller.ask("POST", f"/payments/{second['id']}/reversal", gone))
    assert seller.invoice(invoice)["totals"]["paid"] == "50.00"
    told = [(entry["type"], entry["data"].get("payment_id")) for entry in seller.history(invoice)]
    trace = [(kind, payment) for kind, payment in told if "payment" in kind]
    assert [kind for kind, _ in trace] == ["invoice.payment_received"] * 2 + ["invoice.payment_reversed"]
    assert {payment for _, payment in trace} == {first["id"], second["id"]}


# invoiceninja #11590
def test_a_burst_of_payments_was_answered_with_redirects(seller: Seller) -> None:
    customer = seller.customer()["id"]
    invoice = seller.sent(line("10"), customer_id=customer)
    seller.at_once(lambda _: seller.pay(invoice, "10.00"), range(30))
    after = seller.invoice(invoice)
    assert (len(after["payments"]), after["totals"]["paid"]) == (30, "300.00")


# Tripletex api2 #76, pyxero #328, SolidInvoice #2305
def test_a_repeated_request_was_carried_out_again(seller: Seller) -> None:
    body = {"customer": {"name": "Nerăbdător SRL"}, "lines": [line()]}
    made = seller.at_once(lambda _: until_settled(seller, body), range(12))
    assert len(set(made)) == 1
    assert len(seller.all_pages("/invoices")) == 1
    other = {**body, "notes": "altceva"}
    answer = seller.ask("POST", "/invoices", other, **{"Idempotency-Key": "comanda-1"})
    assert one(answer, 422)["code"] == "idempotency_key_reused"


def until_settled(seller: Seller, body: Any) -> str:
    """Repeat while the same key is in flight, as clients are told to."""
    while (answer := seller.ask("POST", "/invoices", body, **{"Idempotency-Key": "comanda-1"})).status_code == 409:
        assert answer.json()["code"] == "idempotency_in_flight"
    made: str = one(answer, 201)["id"]
    return made


# killbill #1863, #1922
def test_lines_were_lost_when_many_wrote_to_one_invoice(seller: Seller) -> None:
    draft = seller.draft()
    path = f"/invoices/{draft['id']}/lines"
    seller.at_once(lambda n: seller.post(path, line("1", f"{n}.00")), range(1, 21))
    lines = seller.invoice(draft)["lines"]
    assert len({one_line["id"] for one_line in lines}) == 21
    assert sorted(Decimal(one_line["net"]) for one_line in lines)[:20] == list(range(1, 21))


# bookie #94, Paymenter #659
def test_erasing_a_person_took_the_invoices_along_that_the_law_keeps(seller: Seller) -> None:
    person = seller.customer("Ileana Cosânzeana", kind="person", email="ileana@zmeu.ro", phone="+40 722 111 222")
    sent = seller.sent(customer_id=person["id"])
    here = f"/customers/{person['id']}"
    erased = seller.post(f"{here}/erasure", {"reason": "cerere din 20 noiembrie"}, 200)
    (kept,) = erased["kept"]
    assert (kept["what"], kept["documents"]) == ("invoices", 1)
    assert date.fromisoformat(kept["until"]) > seller.today + timedelta(days=5 * 365)
    assert {"email", "phone"} <= set(erased["erased"])
    after = seller.invoice(sent)
    assert (after["number"], after["customer"]["name"]) == (sent["number"], "Ileana Cosânzeana")
    assert after["totals"] == sent["totals"]
    for path in (here, f"/invoices/{sent['id']}", f"/invoices/{sent['id']}/events", "/events"):
        assert "ileana@zmeu" not in str(seller.read(path))
    reasons = [fact["data"]["reason"] for fact in seller.read("/events")["data"] if "erased" in fact["type"]]
    assert reasons == ["cerere din 20 noiembrie"]
    seller.refused("POST", "/invoices", {"customer_id": person["id"], "lines": [line()]}, 409, "customer_erased")
    assert [ages(row) for row in seller.read("/reports/aging")["rows"]] == [{"not_due": "242.00"}]
    assert seller.pay(sent, "242.00")["status"] == "paid"


# Not of one thread but of all lists above: what one company does is nobody else's business.
def test_two_companies_never_see_each_other(register: Callable[..., Seller]) -> None:
    ours, theirs = register("Prima SRL"), register("A Doua SRL")
    invoice = ours.sent()
    theirs.read(f"/invoices/{invoice['id']}", 404)
    assert (theirs.sent()["number"], ours.sent()["number"]) == ("IZV000001", "IZV000002")
    assert [row["customer_name"] for row in theirs.read("/invoices")["data"]] == ["Atelierul Ștefănescu SRL"]
