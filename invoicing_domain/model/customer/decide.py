"""Registering and changing customers."""

from dataclasses import replace

from invoicing_domain.model.customer.commands import ChangeCustomer, RegisterCustomer
from invoicing_domain.model.customer.events import CustomerChanged, CustomerFact, CustomerProfile, CustomerRegistered
from invoicing_domain.model.customer.state import Customer
from invoicing_domain.model.refusal import Refusal


def register(state: Customer | None, command: RegisterCustomer) -> tuple[CustomerFact, ...]:
    if state is not None:
        raise Refusal("customer_exists", "this customer exists already", reference=command.reference)
    _check(command.profile)
    return (CustomerRegistered(reference=command.reference, profile=command.profile),)


def change(state: Customer | None, command: ChangeCustomer) -> tuple[CustomerFact, ...]:
    if state is None:
        raise Refusal("not_found", "there is no such customer")
    profile = replace(state.profile, **command.changes)
    _check(profile)
    return () if profile == state.profile else (CustomerChanged(profile=profile),)


def _check(profile: CustomerProfile) -> None:
    if not profile.name.strip():
        raise Refusal("name_missing", "a customer has a name (BT-44)")
