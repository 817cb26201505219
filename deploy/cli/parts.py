"""Commands that start the parts of Izvor one by one, as they run under systemd or in containers."""

import os
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.options import Database, cluster_of, settings_of
from deploy.errors import OperatorError, RefusedError
from deploy.logs import configure
from deploy.ports import port_trouble
from deploy.pulse import LONGEST_TURN_SECONDS, Pulse
from deploy.safety import refuse_unsafe_start
from deploy.settings import Settings
from deploy.stopping import told_to_stop
from invoicing_domain.outside import Outside

if TYPE_CHECKING:
    from deploy.watch import Check, Watched
    from workers.figures import WorkFigures
    from workers.wiring import WorkSettings


def serve(database: Database = None) -> None:
    """Serve the API (gunicorn). Configured by environment; see deploy/izvor.env.

    Example: IZVOR_DATABASE_URL=postgresql://... izvor serve
    """
    from deploy.http import Server  # noqa: PLC0415 - other commands start faster without

    settings = _part("api", database, isolated=True)
    if trouble := port_trouble(settings.host, settings.port):
        # Not a refusal for good: under a supervisor our own predecessor may be on its way out.
        raise OperatorError(f"{trouble}: set IZVOR_BIND")
    Server(settings).run()


def project(database: Database = None) -> None:
    """Follow the facts and keep the read models up to date.

    Example: IZVOR_DATABASE_URL=postgresql://... izvor project
    """
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    from deploy.watch import Watched, connecting, watching  # noqa: PLC0415
    from projections.figures import ProjectionFigures  # noqa: PLC0415
    from projections.readiness import projections  # noqa: PLC0415
    from projections.runner import Runner  # noqa: PLC0415 - other commands start faster without

    settings = _part("projections", database)
    conninfo, figures, stop = settings.required_database_url(), CollectorRegistry(), told_to_stop()
    figures.register(ProjectionFigures(lambda: connecting(conninfo)))
    pulse, checks = Pulse(stop), {"projections": projections}
    watched = Watched(conninfo, [figures], pulses={"projections": pulse}, checks=checks, stop=stop)
    with watching(settings.watch, watched):
        Runner(conninfo).run(pulse)


def work(
    names: Annotated[
        list[str],
        typer.Argument(
            help="Any of reminders, follower, jobs, recurring, bulk, documents, webhooks, relay, commands,"
            " dead-letters; or all.",
            metavar="NAME...",
        ),
    ],
    database: Database = None,
) -> None:
    """Run workers: things that happen by time or follow facts.

    relay, commands and dead-letters need Kafka (IZVOR_KAFKA).

    Example: izvor work all
    """
    from deploy.watch import watching  # noqa: PLC0415 - other commands start faster without
    from workers.figures import WorkFigures  # noqa: PLC0415
    from workers.wiring import chosen  # noqa: PLC0415
    from workers.wiring import run as run_workers  # noqa: PLC0415

    settings = settings_of(None, database)
    try:
        wanted = chosen(names, kafka=settings.kafka is not None)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    settings = _part("workers", database)
    work_settings, figures, stop = _work_settings(settings), WorkFigures(), told_to_stop()
    pulses = _pulses(wanted, stop)
    with watching(settings.watch, _watched(work_settings, figures, pulses, stop)):
        run_workers(wanted, work_settings, stop, figures, pulses)


def _pulses(names: Sequence[str], stop: Event) -> Mapping[str, Pulse]:
    """One for each worker; a job may take as long as its lease."""
    from workers.jobs.book import LEASE  # noqa: PLC0415 - other commands start faster without
    from workers.wiring import JOB_RUNNERS  # noqa: PLC0415

    return {name: Pulse(stop, LEASE.total_seconds() if name in JOB_RUNNERS else LONGEST_TURN_SECONDS) for name in names}


def _watched(settings: "WorkSettings", figures: "WorkFigures", pulses: Mapping[str, Pulse], stop: Event) -> "Watched":
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - other commands start faster without

    from deploy.watch import Watched, connecting  # noqa: PLC0415
    from workers.bridge.consumer import CommandConsumer  # noqa: PLC0415
    from workers.bridge.figures import ConsumerLag  # noqa: PLC0415
    from workers.bridge.relay import Relay  # noqa: PLC0415
    from workers.figures import BookFigures  # noqa: PLC0415

    book, kafka = CollectorRegistry(), settings.kafka
    book.register(BookFigures(lambda: connecting(settings.conninfo), kafka.topic("events") if kafka else None))
    if kafka is not None:
        book.register(ConsumerLag(kafka, CommandConsumer.name))
    return Watched(
        settings.conninfo,
        [figures.registry, book],
        pulses=pulses,
        checks=checks_of(pulses, figures),
        roles={Relay.name: lambda: "leader" if figures.leads else "standby"} if Relay.name in pulses else {},
        stop=stop,
    )


def checks_of(names: Collection[str], figures: "WorkFigures") -> Mapping[str, "Check"]:
    """Whether the workers of this process do their work: what others run is theirs to tell."""
    from workers.bridge.consumer import CommandConsumer  # noqa: PLC0415 - other commands start faster without
    from workers.following.feed import catching_up  # noqa: PLC0415
    from workers.wiring import FOLLOWERS  # noqa: PLC0415

    followers = [followed for name, followed in FOLLOWERS.items() if name in names]
    checks: dict[str, Check] = {"followers": partial(catching_up, names=followers)}
    if CommandConsumer.name in names:
        checks[CommandConsumer.name] = lambda _: figures.halted
    return checks


def _work_settings(settings: Settings) -> "WorkSettings":
    from workers.wiring import WorkSettings  # noqa: PLC0415 - other commands start faster without

    return WorkSettings(
        conninfo=settings.required_database_url(),
        outbox=settings.data / "outbox",
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        mail_bounces=settings.mail_bounces,
        public_url=settings.public_url,
        test_clock=settings.test_clock,
        outside=Outside(allow_private=settings.webhook_allow_private),
        kafka=cluster_of(settings),
    )


def _part(service: str, database: str | None, *, isolated: bool = False) -> Settings:
    """Settings of one process, after the start-up gates."""
    settings = settings_of(None, database)
    configure(settings.log_level, service)
    refuse_unsafe_start(settings.required_database_url(), os.environ, isolated=isolated)
    settings.required_secret_key()
    return settings
