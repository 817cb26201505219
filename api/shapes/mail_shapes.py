"""Bodies, queries and answers about what leaves the house: documents by mail, and the jobs of the workers."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from api.shapes.issuing_views import BulkProblemView
from api.shapes.queries import Cursor, Limit, Query
from api.shapes.view_parts import View
from invoicing_domain.bounces import Action
from invoicing_domain.job_decisions import MOST_AT_ONCE
from invoicing_domain.model.job.commands import Decision, JobStatus
from invoicing_domain.model.letter_template.events import LetterKind
from invoicing_domain.model.mailing import MailedKind
from invoicing_domain.model.party import Language
from invoicing_domain.requests.bodies import Body
from invoicing_domain.requests.texts import Email, Id, Line

Reason = Annotated[str, Meta(min_length=1, max_length=500)]
Source = Annotated[str, Meta(min_length=1, max_length=50_000)]
Queue = Literal["mails", "reminders", "notices", "webhooks", "papers", "dead-letters"]


class EmailBody(Body, frozen=True, kw_only=True):
    """`to`: another address than the customer's."""

    to: Email | None = None


class BounceView(View, frozen=True, kw_only=True):
    """`ignored`: news of a mail that is on its way or has arrived, or one to the company itself."""

    outcome: Literal["recorded", "ignored"]
    action: Action
    message_id: str
    status: str
    diagnostic: str
    document_kind: MailedKind | None
    document_id: str | None


class TemplateBody(Body, frozen=True, kw_only=True):
    """Jinja; what is left out or null stays as the house writes it. It is given `mail`, `words` and `labels`."""

    subject: Source | None = None
    text: Source | None = None
    html: Source | None = None


class PreviewBody(TemplateBody, frozen=True, kw_only=True):
    """`document_id`: an invoice, or a credit note, to show it with; without one an example is shown."""

    document_id: Id | None = None


class TemplateView(View, frozen=True, kw_only=True):
    kind: LetterKind
    language: Language
    subject: str | None
    text: str | None
    html: str | None


class PreviewView(View, frozen=True, kw_only=True):
    subject: str
    text: str
    html: str


class JobQuery(Query, frozen=True, kw_only=True):
    limit: Limit = 25
    after: Cursor | None = None
    status: JobStatus | None = None
    queue: Queue | None = None
    since: datetime | None = None
    error: Line | None = None


class JobReasonBody(Body, frozen=True, kw_only=True):
    reason: Reason


class DecisionBody(Body, frozen=True, kw_only=True):
    """`went_out`: false does it again, if it is still wanted."""

    went_out: bool
    reason: Reason


class JobFilterBody(Body, frozen=True, kw_only=True):
    """`since`: jobs that stand like that since then; `error`: anywhere in what was said last, in capitals or not."""

    status: JobStatus
    queue: Queue | None = None
    since: datetime | None = None
    error: Line | None = None


class DecisionsBody(Body, frozen=True, kw_only=True):
    """`went_out`, `not_sent`: about what is in doubt. `dry_run` shows what would be decided about."""

    decision: Decision
    filter: JobFilterBody
    reason: Reason
    dry_run: bool = False
    limit: Limit = MOST_AT_ONCE
    after: Cursor | None = None


class JobAttemptView(View, frozen=True, kw_only=True):
    attempt: int
    started_at: datetime
    ended_at: datetime | None
    status: str | None
    answer: str | None


class JobView(View, frozen=True, kw_only=True):
    """`effect_key` names what is done and why. `run_at` null: it goes on only when a person says so, or not at all."""

    id: int
    queue: str
    effect_key: str
    destination: str
    status: JobStatus
    attempt: int
    max_attempts: int
    run_at: datetime | None
    expires_at: datetime
    reason: str | None
    answer: str | None
    created_at: datetime
    changed_at: datetime


class JobDetailView(JobView, frozen=True, kw_only=True):
    attempts: tuple[JobAttemptView, ...]


class JobsView(View, frozen=True, kw_only=True):
    data: tuple[JobView, ...]
    has_more: bool
    next: str | None


class JobOrderView(View, frozen=True, kw_only=True):
    """What was decided is recorded; the workers do it within a second."""

    id: int
    effect_key: str
    decision: Decision
    reason: Line


class JobResultView(View, frozen=True, kw_only=True):
    """`ok`: the decision is recorded, `replayed`: it was before; null where nothing was tried (dry run)."""

    id: int
    effect_key: str
    ok: bool | None = None
    replayed: bool | None = None
    problem: BulkProblemView | None = None


class JobDecisionsView(View, frozen=True, kw_only=True):
    """`results` of the first from `after` on, and `next` to go on after.

    `matching`: how many there were from `after` on; 10000 are so many or more.
    """

    decision: Decision
    dry_run: bool
    matching: int
    results: tuple[JobResultView, ...]
    next: str | None
