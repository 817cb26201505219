"""Shapes of settings, as they are asked for and changed one subject at a time."""

from typing import Annotated

from msgspec import Meta

from api.shapes.view_parts import View
from invoicing_domain.requests.bodies import Body

ReminderSteps = Annotated[tuple[Annotated[int, Meta(ge=1, le=3650)], ...], Meta(max_length=10)]
"""Days overdue, each more than the one before; none: nobody is reminded unless somebody asks for it."""


class ReminderSettingsBody(Body, frozen=True, kw_only=True):
    steps: ReminderSteps


class ReminderSettingsView(View, frozen=True, kw_only=True):
    steps: tuple[int, ...]
    version: int
