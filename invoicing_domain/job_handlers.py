"""Handlers of what people decide about jobs."""

from invoicing_domain.categories import JOB
from invoicing_domain.model.context import Context
from invoicing_domain.model.job import decide
from invoicing_domain.model.job.commands import CancelJob, DecideJob, RetryJob
from invoicing_domain.work import Work


def retry_job(command: RetryJob, _: Context, work: Work) -> None:
    work.load(JOB, command.job_id)
    work.record(JOB, command.job_id, decide.retry(command))


def cancel_job(command: CancelJob, _: Context, work: Work) -> None:
    work.load(JOB, command.job_id)
    work.record(JOB, command.job_id, decide.cancel(command))


def decide_job(command: DecideJob, _: Context, work: Work) -> None:
    work.load(JOB, command.job_id)
    work.record(JOB, command.job_id, decide.decide(command))
