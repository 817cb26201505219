"""Registering, changing and erasing customers."""

from dataclasses import replace

from invoicing_domain.model.context import Context
from invoicing_domain.model.customer.commands import ChangeCustomer, EraseCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import (
    CustomerChanged,
    CustomerFact,
    CustomerProfile,
    CustomerRegistered,
    PersonalDataErased,
)
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.personal import refuse_erased
from invoicing_domain.model.refusal import Refusal


def register(state: Customer | None, command: RegisterCustomer) -> tuple[CustomerFact, ...]:
    if state is not None:
        raise Refusal("customer_exists", "this customer exists already", reference=command.reference)
    _check(command.profile)
    return (CustomerRegistered(reference=command.reference, profile=command.profile),)


def change(state: Customer | None, command: ChangeCustomer) -> tuple[CustomerFact, ...]:
    if state is None:
        raise Refusal("not_found", "there is no such customer")
    refuse_erased(is_erased=state.erased_at is not None)
    profile = replace(state.profile, **command.changes)
    _check(profile)
    return () if profile == state.profile else (CustomerChanged(profile=profile),)


def erase(state: Customer | None, command: EraseCustomer, context: Context) -> tuple[CustomerFact, ...]:
    """Once and for all; who asks again changes nothing."""
    if state is None:
        raise Refusal("not_found", "there is no such customer")
    if not command.reason.strip():
        raise Refusal("reason_missing", "say why the personal data are erased")
    return () if state.erased_at else (PersonalDataErased(erased_at=context.at, reason=command.reason),)


def _check(profile: CustomerProfile) -> None:
    if not profile.name.strip():
        raise Refusal("name_missing", "a customer has a name (BT-44)")
