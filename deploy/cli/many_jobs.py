"""One decision about every job that fits, in batches; what was decided already is not decided twice."""

from enum import StrEnum
from typing import Annotated, Final

import typer

from deploy.cli.job_parts import (
    WILL,
    Error,
    OfQueue,
    Organization,
    Reason,
    Since,
    Status,
    console,
    deciding,
    filter_of,
    jobs_table,
    seller_of,
)
from deploy.cli.options import Data, Database
from deploy.errors import OperatorError
from deploy.first_start import operator_context
from invoicing_domain.job_decisions import MOST_AT_ONCE, Decided, check, decide_each
from invoicing_domain.model.job.commands import Decision
from projections.jobs.query import MOST_COUNTED, count_jobs, following_jobs

SHOWN: Final = 20
"""So many are shown before anything is done."""


class Choice(StrEnum):
    RETRY = "retry"
    CANCEL = "cancel"
    WENT_OUT = "went-out"
    NOT_SENT = "not-sent"


DECISIONS: Final[dict[Choice, Decision]] = {
    Choice.RETRY: "retry",
    Choice.CANCEL: "cancel",
    Choice.WENT_OUT: "went_out",
    Choice.NOT_SENT: "not_sent",
}


def many(
    choice: Annotated[Choice, typer.Argument(metavar="DECISION", help="What is decided about each.")],
    status: Annotated[Status, typer.Option(help="Only these.")],
    reason: Reason,
    queue: OfQueue = None,
    since: Since = None,
    error: Error = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else it is only shown what would be done.")] = False,
    organization: Organization = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Decide about every job that fits: retry, cancel, went-out or not-sent.

    Without --yes nothing is done. Interrupted, say it again: what was decided is not decided twice.

    Example: izvor jobs many retry --status dead --queue mails --error 550 --reason "the server is repaired"
    """
    decision, wanted = DECISIONS[choice], filter_of(status, queue, since, error)
    with deciding(data, database) as (connection, service):
        seller = seller_of(connection, organization)
        context = operator_context(seller)
        check(decision, status.value, reason, context)
        if not yes:
            console.print(jobs_table(following_jobs(connection, seller, wanted, limit=SHOWN)))
            matching = count_jobs(connection, seller, wanted)
            told = f"{matching} or more" if matching == MOST_COUNTED else str(matching)
            console.print(f"{told} in all: each {WILL[decision]} when you add --yes", soft_wrap=True)
            return
        refused, asked, after = 0, 0, 0
        while rows := following_jobs(connection, seller, wanted, after=after, limit=MOST_AT_ONCE):
            decided = decide_each(service, decision, [row.seen for row in rows], reason, context)
            for one in decided:
                console.print(_said(one, decision), soft_wrap=True)
            asked += len(decided)
            refused += sum(one.refusal is not None for one in decided)
            after = rows[-1].id
    if refused:
        raise OperatorError(f"{refused} of {asked} were refused")


def _said(of: Decided, decision: Decision) -> str:
    told = WILL[decision] if of.refusal is None else f"is left as it is: {of.refusal.message}"
    return f"{of.job.reference} {of.job.effect_key} {told}"
