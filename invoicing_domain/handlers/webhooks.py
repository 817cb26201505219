"""Handlers of webhook endpoints."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from invoicing_domain.categories import WEBHOOK_ENDPOINT
from invoicing_domain.model.context import Context
from invoicing_domain.model.webhook_endpoint import commands, decide
from invoicing_domain.work import Work


def register(command: commands.RegisterWebhookEndpoint, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.register(state, command))


def change(command: commands.ChangeWebhookEndpoint, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.change(state, command))


def rotate(command: commands.RotateWebhookSecret, context: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.rotate(state, command, context))


def disable(command: commands.DisableWebhookEndpoint, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.disable(state, command))


def enable(command: commands.EnableWebhookEndpoint, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.enable(state))


def remove(command: commands.RemoveWebhookEndpoint, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.remove(state))


def request_test(command: commands.RequestWebhookTest, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.request_test(state))


def request_replay(command: commands.RequestWebhookReplay, _: Context, work: Work) -> None:
    state = work.load(WEBHOOK_ENDPOINT, command.endpoint_id)
    work.record(WEBHOOK_ENDPOINT, command.endpoint_id, decide.request_replay(state, command))


HANDLES: Final[Mapping[type, Callable[[Any, Context, Work], None]]] = {
    commands.RegisterWebhookEndpoint: register,
    commands.ChangeWebhookEndpoint: change,
    commands.RotateWebhookSecret: rotate,
    commands.DisableWebhookEndpoint: disable,
    commands.EnableWebhookEndpoint: enable,
    commands.RemoveWebhookEndpoint: remove,
    commands.RequestWebhookTest: request_test,
    commands.RequestWebhookReplay: request_replay,
}
