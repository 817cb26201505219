"""How to pay: bank accounts, what to write on the transfer, and a code for the telephone."""

from typing import Final

from invoicing_domain.model.identifiers import compact, is_iban
from invoicing_domain.model.money import Money
from invoicing_domain.model.party import Seller
from invoicing_domain.paper.sheet import Code, Entry, Payment
from invoicing_domain.paper.vocabulary import Words
from invoicing_domain.wording import grouped_iban, one_line

_EPC_CURRENCY: Final = "EUR"
_EPC_LARGEST_MINOR: Final = 99_999_999_999
_EPC_NAME_CHARS: Final = 70
_EPC_TEXT_CHARS: Final = 140


def payment(seller: Seller, to_pay: Money, reference: str, link: str | None, words: Words) -> Payment | None:
    """None where nothing is to be paid, or nobody said how."""
    if to_pay.minor <= 0 or not (seller.ibans or link):
        return None
    return Payment(
        title=words.payment,
        accounts=tuple(Entry(label=words.bank_account, value=grouped_iban(iban)) for iban in seller.ibans),
        entries=(Entry(label=words.payment_reference, value=reference),) if reference else (),
        code=_code(seller, to_pay, reference, link, words),
    )


def _code(seller: Seller, to_pay: Money, reference: str, link: str | None, words: Words) -> Code | None:
    """The page where one pays; without one, a transfer, for which there is a standard in euro alone."""
    if link is not None:
        return Code(payload=link, caption=words.pay_online, is_link=True)
    iban = compact(seller.ibans[0])
    if to_pay.currency != _EPC_CURRENCY or not is_iban(iban) or to_pay.minor > _EPC_LARGEST_MINOR:
        return None
    return Code(payload=transfer(seller.name, iban, to_pay, reference), caption=words.pay_by_transfer, is_link=False)


def transfer(name: str, iban: str, amount: Money, text: str) -> str:
    """A SEPA credit transfer as EPC069-12 has it: version 002, UTF-8, no BIC, an unstructured text."""
    lines = ("BCD", "002", "1", "SCT", "", one_line(name)[:_EPC_NAME_CHARS], iban, f"{amount.currency}{amount.decimal}")
    return "\n".join((*lines, "", "", one_line(text)[:_EPC_TEXT_CHARS]))
