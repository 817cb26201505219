from datetime import date
from decimal import Decimal

import pytest

from api.translation.rates_xml import MAX_BYTES, NotRatesError, read_rates

WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<DataSet xmlns="http://www.bnr.ro/xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://www.bnr.ro/xsd nbrfxrates.xsd">
 <Header><Publisher>National Bank of Romania</Publisher><PublishingDate>2026-11-20</PublishingDate>
  <MessageType>DR</MessageType></Header>
 <Body><Subject>Reference rates</Subject><OrigCurrency>RON</OrigCurrency>
  <Cube date="2026-11-20"><Rate currency="EUR">5.0912</Rate><Rate currency="HUF" multiplier="100">1.3142</Rate>
   <Rate currency="XDR">-</Rate></Cube>
  <Cube date="2026-11-19"><Rate currency="EUR">5.0900</Rate></Cube>
 </Body></DataSet>"""


def body(text: str) -> bytes:
    return f"<DataSet><Body>{text}</Body></DataSet>".encode()


def cube(rate: str = '<Rate currency="EUR">5.0912</Rate>', day: str = "2026-11-20") -> bytes:
    return body(f'<Cube date="{day}">{rate}</Cube>')


def test_the_file_of_a_bank_is_read_day_by_day() -> None:
    first, second = read_rates(WHOLE.encode())
    assert (first.date, first.rates) == (date(2026, 11, 19), {"EUR": Decimal("5.0900")})
    assert (second.date, second.rates) == (
        date(2026, 11, 20),
        {"EUR": Decimal("5.0912"), "HUF": Decimal("0.013142")},
    )


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not XML"),
        (b"{}", "not XML"),
        (b"<DataSet><Body>", "not XML"),
        (b'<?xml version="1.0" encoding="no-such"?><DataSet/>', "not XML"),
        (b"<DataSet/>", "no Cube"),
        (body('<Rate currency="EUR">5</Rate>'), "outside a Cube"),
        (body("<OrigCurrency>EUR</OrigCurrency>"), "not of RON"),
        (cube(day="20.11.2026"), "not the date"),
        (cube(day="2026-13-01"), "not the date"),
        (cube('<Rate currency="EUR">5,09</Rate>'), "not a rate"),
        (cube('<Rate currency="EUR">-5.09</Rate>'), "not a rate"),
        (cube('<Rate currency="EUR">1e9</Rate>'), "not a rate"),
        (cube('<Rate currency="EUR">0.0000</Rate>'), "not a rate"),
        (cube('<Rate currency="eur">5</Rate>'), "not a currency"),
        (cube('<Rate currency="RON">1</Rate>'), "not a currency"),
        (cube('<Rate currency="HUF" multiplier="0">1</Rate>'), "not a multiplier"),
        (cube('<Rate currency="HUF" multiplier="7">1</Rate>'), "not a multiplier"),
        (cube('<Rate currency="EUR">5</Rate><Rate currency="EUR">5</Rate>'), "twice"),
        (body("<a>" * 20 + "</a>" * 20), "nested"),
        (b" " * (MAX_BYTES + 1), "at most"),
        (
            body("".join(f'<Cube date="{1600 + n}-01-01"><Rate currency="EUR">5</Rate></Cube>' for n in range(401))),
            "days",
        ),
    ],
)
def test_what_is_no_file_of_rates_is_refused(content: bytes, word: str) -> None:
    with pytest.raises(NotRatesError, match=word):
        read_rates(content)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE DataSet [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE DataSet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE DataSet SYSTEM "http://example.com/evil.dtd">',
    ],
)
def test_no_document_type_is_let_in(doctype: str) -> None:
    text = f'{doctype}<DataSet><Body><Cube date="2026-11-20"><Rate currency="EUR">&a;</Rate></Cube></Body></DataSet>'
    with pytest.raises(NotRatesError, match="document type"):
        read_rates(text.encode())
