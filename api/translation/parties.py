"""From bodies to parties, in their one spelling; faults of a party are told all at once, each at its field."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast

from api.shapes import bodies
from api.translation.patches import converted, given_fields
from invoicing_domain.model.customer.commands import ProfileChanges
from invoicing_domain.model.customer.events import CustomerProfile
from invoicing_domain.model.organization.commands import SettingsChanges
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.party_checks import Fault, tidy_customer, tidy_organization
from invoicing_domain.requests.misread import refuse


def profile_changes(body: bodies.CustomerPatch, before: CustomerProfile) -> ProfileChanges:
    """What to change, in its one spelling; faults that were there before are nobody's business now."""
    given = converted(body, address=lambda part: replace(before.address, **given_fields(part)))
    tidy, faults = tidy_customer(replace(before, **given))
    refuse(_of_fields(faults, given))
    return cast("ProfileChanges", {name: getattr(tidy, name) for name in given})


def _of_fields(faults: Iterable[Fault], given: Mapping[str, Any]) -> tuple[Fault, ...]:
    """The faults in fields that were given; what a tax id has to look like depends on the kind of customer too."""
    judged = {*given, "tax_id"} if "kind" in given else set(given)
    return tuple(fault for fault in faults if fault.field.partition("/")[0] in judged)


def organization_changes(body: bodies.OrganizationPatch, before: OrganizationProfile) -> SettingsChanges:
    given = converted(body, address=lambda part: replace(before.address, **given_fields(part)))
    tidy, faults = tidy_organization(replace(before, **given))
    refuse(_of_fields(faults, given))
    return cast("SettingsChanges", {name: getattr(tidy, name) for name in given})
