"""Printing again: the job of a paper that could not be made at once."""

from typing import Final

from invoicing_domain.model.context import Actor
from invoicing_domain.model.document import PaperKind
from invoicing_domain.model.identity import StreamId
from invoicing_domain.publishing import Publishing
from invoicing_domain.service import InvoicingService
from workers.jobs.job import Answer, Done, Job, Later, Wish
from workers.lookout import Lookout
from workers.reporting import Reporter

QUEUE: Final = "papers"
ACTOR: Final = Actor(kind="worker", id="documents", name="Documents")


class Printing:
    """The handler of papers. Nothing leaves the house, and a paper made twice is the same: there is no doubt."""

    queue = QUEUE

    def __init__(self, *, publishing: Publishing, service: InvoicingService, lookout: Lookout) -> None:
        self._publishing = publishing
        self._reporter = Reporter(service, lookout, ACTOR)

    def prepare(self, job: Job) -> Answer:
        context = self._reporter.context(job.organization_id, job.effect_key)
        self._publishing.paper(job.payload["kind"], StreamId(job.payload["document_id"]), context)
        return Done()

    def resolve(self, job: Job) -> Answer | None:
        """Its worker died: whatever it made comes out the same."""
        del job
        return Later("made again: it comes out the same", unreachable=False)

    def record(self, job: Job) -> int:
        """No fact of its own: the paper's stands on its document."""
        del job
        return 0


def wish_of(organization_id: str, kind: PaperKind, document_id: str) -> Wish:
    key = f"paper:{kind}:{document_id}"
    return Wish(
        effect_key=key,
        organization_id=organization_id,
        queue=QUEUE,
        lock_key=key,
        destination=QUEUE,
        payload={"kind": kind, "document_id": document_id},
    )
