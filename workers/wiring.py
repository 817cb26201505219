"""How the worker process is put together: the only place where its parts are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from uuid import uuid4

from psycopg_pool import ConnectionPool

from invoicing_domain.bulk_runs import Bulk
from invoicing_domain.clock import Clock, SystemClock
from invoicing_domain.figures import MeasuredLedger, MeasuredService
from invoicing_domain.outside import Outside
from invoicing_domain.publishing import Publishing
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.clock import TestClock
from invoicing_domain.recording.datastore import Datastore
from invoicing_domain.recording.webhook_secrets import WebhookSecrets
from invoicing_domain.recurrence import Billing
from invoicing_domain.service import InvoicingService
from workers.bell import Bell
from workers.bridge.dead_letters import QUEUE as DEAD_LETTERS
from workers.bulk import BulkWorker, ListedRuns
from workers.figures import WorkFigures
from workers.following.documents import DocumentWorker
from workers.following.follower import NAME as JOBS_FOLLOW
from workers.following.follower import JobFollower
from workers.jobs.book import Jobs
from workers.jobs.enqueue import CHANNEL
from workers.jobs.job import Handler
from workers.jobs.runner import JobRunner
from workers.kafka.cluster import Cluster
from workers.kafka_wiring import KAFKA_NAMES, feed_of, kafka_workers
from workers.lookout import Lookout
from workers.loop import EVERY_MINUTE, EVERY_SECOND, run_forever
from workers.mail.envelope import mailbox, parse_mailbox
from workers.mail.mailing import Mailing
from workers.mail.transport import transport_from_url
from workers.printing import Printing
from workers.recurring import ListedSchedules, RecurringWorker
from workers.reminding.candidates import ListedCandidates
from workers.reminding.handler import Reminding
from workers.reminding.sweep import ReminderSweep
from workers.webhooks.delivery import WebhookDelivery
from workers.webhooks.notice import EndpointNotices
from workers.webhooks.post import Poster
from workers.webhooks.wishes import QUEUE as WEBHOOKS

NAMES: Final = (
    *(ReminderSweep.name, JobFollower.name, JobRunner.name),
    *(RecurringWorker.name, BulkWorker.name, DocumentWorker.name, WEBHOOKS),
)
"""The workers there are; `all` stands for each of them."""

JOB_RUNNERS: Final = {JobRunner.name, WEBHOOKS, DEAD_LETTERS}
"""They are woken up by a bell, and may be busy with one job as long as its lease."""

FOLLOWERS: Final = {JobFollower.name: JOBS_FOLLOW, DocumentWorker.name: DocumentWorker.name}
"""The workers that follow facts, and the name that each follows under."""

NOBODY: Final = mailbox("izvor@localhost", "Izvor")
"""The sender where none is set: mails go to files then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSettings:
    """What workers are told from outside; mails go to files in `outbox` where no server is named."""

    conninfo: str = field(repr=False)
    outbox: Path
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    mail_bounces: str | None = None
    """Where mails come back to; None: to the sender."""
    test_clock: bool = False
    public_url: str | None = None
    """Where the world finds the API, for links in mails."""
    kafka: Cluster | None = None
    outside: Outside = field(default_factory=Outside)

    @property
    def sender(self) -> Address:
        return parse_mailbox(self.mail_from) if self.mail_from else NOBODY


def run(
    names: Sequence[str],
    settings: WorkSettings,
    stop: Event,
    figures: WorkFigures | None = None,
    stops: Mapping[str, Event] | None = None,
) -> None:
    """Run workers until `stop` is set, and return when each has ended what it was at. ValueError for unknown names.

    `stops`: the same `stop`, as each worker is to get it.
    """
    wanted = chosen(names, kafka=settings.kafka is not None)
    with workers(settings, figures) as passes:
        stop_of = {name: (stops or {}).get(name, stop) for name in wanted}
        threads = [
            Thread(target=partial(_run, name, passes[name], settings, stop_of[name]), name=name) for name in wanted
        ]
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()


def _run(name: str, once: Callable[[Event], object], settings: WorkSettings, stop: Event) -> None:
    waited_for = settings.test_clock or name in {BulkWorker.name, DocumentWorker.name, JobFollower.name, *KAFKA_NAMES}
    interval = EVERY_SECOND if waited_for else EVERY_MINUTE
    if name in JOB_RUNNERS:
        with closing(Bell(settings.conninfo, CHANNEL)) as bell:
            run_forever(once, stop, name=name, interval_seconds=interval, pause=bell.wait)
    else:
        run_forever(once, stop, name=name, interval_seconds=interval)


def chosen(names: Sequence[str], *, kafka: bool = False) -> Sequence[str]:
    """The workers that are meant; those that need Kafka only where there is one."""
    known = (*NAMES, *KAFKA_NAMES) if kafka else NAMES
    unknown = sorted(set(names) - {*known, "all"})
    if not kafka and (homeless := [name for name in unknown if name in KAFKA_NAMES]):
        raise ValueError(f"{', '.join(homeless)} needs Kafka: set IZVOR_KAFKA to HOST:PORT")
    if unknown or not names:
        raise ValueError(f"no such worker: {', '.join(unknown) or 'none named'}; there are: {', '.join(known)}, all")
    return known if "all" in names else tuple(dict.fromkeys(names))


@contextmanager
def workers(
    settings: WorkSettings, figures: WorkFigures | None = None
) -> Iterator[Mapping[str, Callable[[Event], object]]]:
    """One pass of each worker, by name."""
    figures = figures or WorkFigures()
    ledger = MeasuredLedger(settings.conninfo, figures.commands)
    clock_store = Datastore(settings.conninfo, pool_size=1, max_overflow=1)
    clock: Clock = TestClock(clock_store) if settings.test_clock else SystemClock()
    try:
        with _pool(settings.conninfo) as pool:
            jobs = Jobs(pool, worker_id=str(uuid4()))
            lookout = Lookout(ledger, clock)
            service = MeasuredService(ledger, figures.commands)
            feed = feed_of(settings.conninfo, ledger, settings.kafka)
            publishing = Publishing(ledger, service)
            printing = Printing(publishing=publishing, service=service, lookout=lookout)
            handlers = [*_letters(settings, ledger, lookout, service, publishing), printing]
            runner = JobRunner(jobs=jobs, handlers=handlers, clock=clock, attempted=figures.attempted)
            delivery = WebhookDelivery(
                ledger=ledger,
                lookout=lookout,
                service=service,
                pool=pool,
                poster=Poster(settings.outside),
                secrets=WebhookSecrets(),
            )
            webhooks = JobRunner(jobs=jobs, handlers=[delivery], clock=clock, attempted=figures.attempted)
            follower = JobFollower(feed=feed, pool=pool, clock=clock)
            reminders = ReminderSweep(
                lookout=lookout, service=service, jobs=jobs, pool=pool, candidates=ListedCandidates(pool)
            )
            recurring = RecurringWorker(
                lookout=lookout, billing=Billing(ledger, service), schedules=ListedSchedules(pool)
            )
            bulk = BulkWorker(lookout=lookout, bulk=Bulk(ledger, service), runs=ListedRuns(pool))
            documents = DocumentWorker(lookout=lookout, publishing=publishing, feed=feed, pool=pool)
            made = (reminders, follower, runner, recurring, bulk, documents)
            passes: dict[str, Callable[[Event], object]] = {worker.name: worker.run_once for worker in made}
            passes[WEBHOOKS] = webhooks.run_once
            if settings.kafka is not None:
                passes |= kafka_workers(
                    conninfo=settings.conninfo,
                    ledger=ledger,
                    service=service,
                    clock=clock,
                    pool=pool,
                    jobs=jobs,
                    cluster=settings.kafka,
                    figures=figures,
                )
            yield passes
    finally:
        clock_store.close()
        ledger.close()


def _letters(
    settings: WorkSettings, ledger: Ledger, lookout: Lookout, service: InvoicingService, publishing: Publishing
) -> Sequence[Handler]:
    """What goes out by mail; reminders after what people wait for."""
    returns = mailbox(settings.mail_bounces) if settings.mail_bounces else None
    transport = transport_from_url(settings.smtp_url, settings.outbox, returns)
    mailing = Mailing(
        ledger=ledger,
        lookout=lookout,
        service=service,
        publishing=publishing,
        transport=transport,
        mail_from=settings.sender,
    )
    reminding = Reminding(
        lookout=lookout,
        service=service,
        transport=transport,
        mail_from=settings.sender,
        public_url=settings.public_url,
    )
    notices = EndpointNotices(
        ledger=ledger,
        lookout=lookout,
        transport=transport,
        mail_from=settings.sender,
        public_url=settings.public_url,
    )
    return mailing, notices, reminding


def _pool(conninfo: str) -> ConnectionPool[Any]:
    """A connection is tried before it is lent, since hours may lie between two mails."""
    return ConnectionPool(
        conninfo,
        min_size=1,
        max_size=8,
        kwargs={"autocommit": True},
        check=ConnectionPool.check_connection,
        open=False,
        name="work",
    )
