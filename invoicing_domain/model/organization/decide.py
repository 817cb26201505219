"""Registering and changing organizations."""

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from invoicing_domain.model.dates import LONGEST_TERMS_DAYS, terms_fit
from invoicing_domain.model.money import minor_digits
from invoicing_domain.model.organization.commands import ChangeOrganization, RegisterOrganization
from invoicing_domain.model.organization.events import (
    OrganizationChanged,
    OrganizationFact,
    OrganizationProfile,
    OrganizationRegistered,
)
from invoicing_domain.model.organization.state import Organization
from invoicing_domain.model.refusal import Refusal

_SHOWN: Final = 60
"""Letters of a wrong name that a refusal repeats."""


def register(state: Organization | None, command: RegisterOrganization) -> tuple[OrganizationFact, ...]:
    if state is not None:
        raise Refusal("organization_exists", "this organization exists already")
    _check(command.profile)
    return (OrganizationRegistered(profile=command.profile),)


def change(state: Organization | None, command: ChangeOrganization) -> tuple[OrganizationFact, ...]:
    if state is None:
        raise Refusal("not_found", "there is no such organization")
    profile = replace(state.profile, **command.changes)
    _check(profile)
    return () if profile == state.profile else (OrganizationChanged(profile=profile),)


def _check(profile: OrganizationProfile) -> None:
    if not profile.name.strip():
        raise Refusal("name_missing", "an organization has a name (BT-27)")
    try:
        minor_digits(profile.currency)
    except ValueError as error:
        raise Refusal("profile_invalid", str(error)) from None
    try:
        ZoneInfo(profile.time_zone)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # OSError: the name of a folder, or too long for a file
        name = profile.time_zone[:_SHOWN]
        raise Refusal("profile_invalid", f"{name!r} is not a time zone of the IANA database") from None
    if not terms_fit(profile.payment_terms_days):
        raise Refusal("profile_invalid", f"payment terms are 0 to {LONGEST_TERMS_DAYS} days")
    steps = profile.reminder_steps
    if any(step < 1 for step in steps) or list(steps) != sorted(set(steps)):
        raise Refusal("reminder_steps_invalid", "reminder steps are days overdue, each larger than the one before")
