"""Handlers of what people decide about jobs."""

from invoicing_domain.categories import JOB
from invoicing_domain.model.context import Context
from invoicing_domain.model.job import decide
from invoicing_domain.model.job.commands import JobCommand
from invoicing_domain.work import Work


def decide_about_job(command: JobCommand, _: Context, work: Work) -> None:
    work.load(JOB, command.job_id)
    work.record(JOB, command.job_id, decide.about(command))
