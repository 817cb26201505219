"""The middle of a document: lines, sums, VAT, and the mentions that the law wants."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from invoicing_domain.model.invoice.lines import Line
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Language
from invoicing_domain.model.vat import Discount, Vat, VatSubtotal
from invoicing_domain.paper import figures
from invoicing_domain.paper.content import Content
from invoicing_domain.paper.sheet import Entry, InBaseBlock, Item, VatRow
from invoicing_domain.paper.vocabulary import Words
from invoicing_domain.wording import day, money


def items(content: Content, words: Words, language: Language) -> tuple[Item, ...]:
    sums: Iterator[Money] = accumulate(line.net for line in content.lines)
    return tuple(
        Item(
            position=str(position),
            description=line.description,
            details=tuple(_details(line, content.currency, words, language)),
            quantity=figures.quantity(line.quantity, language),
            unit=words.units.get(line.unit, line.unit),
            price=figures.price(line.unit_price, content.currency, language),
            vat=_vat(line.vat, words, language),
            net=figures.amount(line.net, language),
            carried=figures.amount(so_far, language),
        )
        for position, (line, so_far) in enumerate(zip(content.lines, sums, strict=True), start=1)
    )


def _details(line: Line, currency: str, words: Words, language: Language) -> Iterator[str]:
    if line.details.strip():
        yield line.details.strip()
    if line.discount is not None:
        yield words.discount.format(_discount(line.discount, currency, language))


def _discount(discount: Discount, currency: str, language: Language) -> str:
    if discount.percent is not None:
        return figures.percent(discount.percent, language)
    return money(discount.amount or Decimal(0), currency, language)


def _vat(vat: Vat, words: Words, language: Language) -> str:
    return words.categories.get(vat.category) or figures.percent(vat.rate, language)


def vat_rows(content: Content, words: Words, language: Language) -> tuple[VatRow, ...]:
    return tuple(
        VatRow(
            name=words.groups[group.category].format(figures.percent(group.rate, language)),
            base=figures.amount(group.base, language),
            vat=figures.amount(group.vat, language),
        )
        for group in content.breakdown
    )


def sums(content: Content, words: Words, language: Language) -> tuple[Entry, ...]:
    """From the lines to the gross; the sum of the lines only where it is not the net already."""
    totals = content.totals
    steps: list[tuple[str, Money]] = []
    if totals.discount or content.charges:
        steps.append((words.lines_net, totals.lines_net))
    if totals.discount:
        steps.append((words.document_discount, -totals.discount))
    steps += [*content.charges, (words.net, totals.net), (words.vat, totals.vat)]
    return tuple(Entry(label=label, value=figures.amount(amount, language)) for label, amount in steps)


def total(content: Content, label: str, language: Language) -> Entry:
    """The gross, the one figure that says its currency."""
    gross = content.totals.gross
    return Entry(label=label, value=f"{figures.amount(gross, language)}\u00a0{gross.currency}")


def in_base(content: Content, words: Words, language: Language) -> InBaseBlock | None:
    """Net, VAT and gross in the currency of the books (BT-111; Cod fiscal art. 319 (23)), and at which rate of when."""
    if content.in_base is None:
        return None
    booked, used = content.in_base, content.in_base.exchange
    named = ((words.net, booked.net), (words.vat, booked.vat), (words.gross, booked.gross))
    return InBaseBlock(
        title=words.in_base.format(used.base),
        entries=tuple(Entry(label=label, value=figures.amount(amount, language)) for label, amount in named),
        rate=words.exchange[used.source].format(
            date=day(used.date, language),
            currency=content.currency,
            rate=figures.rate(used.rate, language),
            base=used.base,
        ),
    )


def mentions(content: Content, words: Words) -> tuple[str, ...]:
    """What the law wants said of VAT (Cod fiscal art. 319 (20)): why none is charged, when what is falls due."""
    said = [_mention(group, words) for group in content.breakdown]
    if content.seller.cash_accounting and content.totals.vat:
        said.append(words.cash_accounting)
    return tuple(dict.fromkeys(mention for mention in said if mention))


def _mention(group: VatSubtotal, words: Words) -> str:
    mention = words.mentions.get(group.category, "")
    if not mention or group.exemption is None:
        return mention
    if group.exemption.reason:
        return f"{mention}: {group.exemption.reason}"
    return f"{mention} ({group.exemption.code})" if group.category == "E" else mention
