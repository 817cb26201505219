"""What workers learn comes back as commands: facts with the worker as their actor and the job as their cause."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from invoicing_domain.model.context import Actor, Context
from invoicing_domain.service import ClientKey, InvoicingService
from workers.jobs.job import Job
from workers.lookout import Lookout

_NOTHING_TO_SAY: Final = (200, b"{}")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Records in the name of one worker."""

    service: InvoicingService
    lookout: Lookout
    actor: Actor

    def of_job(self, job: Job, command: object) -> int:
        """Record what follows from an attempt, once; the position of the fact."""
        return self.report(job.organization_id, command, cause=job.effect_key, name=f"{job.effect_key}/{job.attempt}")

    def report(self, organization_id: str, command: object, *, cause: str, name: str) -> int:
        """Record under a name, once; the position of the fact."""
        context = self.context(organization_id, cause, name)
        key = ClientKey(
            key=f"effect:{name}", fingerprint=sha256(name.encode()).digest(), render=lambda _: _NOTHING_TO_SAY
        )
        return self.service.execute(command, context, key=key).position

    def context(self, organization_id: str, cause: str, name: str = "") -> Context:
        """Who acts, when, and because of what; under a name that is the same for every repeat."""
        command_id = str(uuid5(NAMESPACE_URL, name or cause))
        return Context(
            at=self.lookout.now(),
            today=self.lookout.today_of(organization_id),
            organization_id=organization_id,
            actor=self.actor,
            command_id=command_id,
            correlation_id=command_id,
            causation_id=cause,
            source="worker",
        )
