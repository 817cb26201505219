"""The job that tells a company by mail that one of its endpoints was disabled, and not by anybody who asked for it."""

import logging
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from invoicing_domain.categories import WEBHOOK_ENDPOINT
from invoicing_domain.letters.endpoint_disabled import EndpointDisabledMail, render_endpoint_disabled
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.model.webhook_endpoint.events import WebhookEndpointDisabled
from invoicing_domain.model.webhook_endpoint.state import WebhookEndpoint
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.envelope import Recorded
from workers.jobs.job import Answer, Call, Dead, Job, Later, Unwanted, Wish
from workers.lookout import Lookout
from workers.mail.envelope import build_message, mailbox
from workers.mail.handover import AGAIN_AFTER, DESTINATION, hand_over
from workers.mail.letters import named
from workers.mail.transport import MailTransport

QUEUE: Final = "notices"

_log = logging.getLogger(__name__)


class EndpointNotices:
    """The handler of notices about disabled endpoints."""

    queue = QUEUE

    def __init__(
        self,
        *,
        ledger: Ledger,
        lookout: Lookout,
        transport: MailTransport,
        mail_from: Address,
        public_url: str | None = None,
    ) -> None:
        self._ledger = ledger
        self._lookout = lookout
        self._transport = transport
        self._mail_from = mail_from
        self._public_url = public_url

    def prepare(self, job: Job) -> Answer | Call:
        endpoint = self._ledger.load(WEBHOOK_ENDPOINT, job.payload["endpoint_id"]).state
        (told,) = self._ledger.feed(job.payload["position"] - 1, 1, job.organization_id)
        if endpoint is None or endpoint.removed or endpoint.disabled != told.fact:
            return Unwanted("the endpoint was enabled again or removed")
        profile = self._lookout.profile(job.organization_id)
        if profile is None or not profile.email:
            _log.warning("webhook endpoint %s is disabled, and its company has no e-mail address", endpoint.reference)
            return Unwanted("the organization has no e-mail address")
        try:
            message = self._message(job, profile, profile.email, endpoint, told)
        except ValueError as error:
            return Dead(f"the mail cannot be written: {error}")
        now = self._lookout.now()
        return Call({}, lambda: hand_over(self._transport, message, now))

    def resolve(self, job: Job) -> Answer | None:
        """It has to arrive, and a second one is recognized by its Message-ID."""
        del job
        return Later("sent again under the same Message-ID", AGAIN_AFTER, unreachable=False)

    def record(self, job: Job) -> int:
        """No fact: that the endpoint is disabled is one already."""
        del job
        return 0

    def _message(
        self, job: Job, profile: OrganizationProfile, address: str, endpoint: WebhookEndpoint, told: Recorded
    ) -> EmailMessage:
        fact: WebhookEndpointDisabled = told.fact
        content = render_endpoint_disabled(
            EndpointDisabledMail(
                language=profile.language,
                company=profile.name,
                time_zone=profile.time_zone,
                reference=endpoint.reference,
                url=endpoint.subscription.url,
                description=endpoint.subscription.description,
                reason=fact.reason,
                answer=fact.detail,
                disabled_at=told.meta.at,
                failing_since=fact.since,
                position=told.position,
                api=self._public_url or "",
            )
        )
        return build_message(
            content,
            effect_key=job.effect_key,
            sender=self._mail_from,
            to=named(address, profile.name) or mailbox(address),
            at=self._lookout.now(),
        )


def notice_of(recorded: Recorded) -> Wish:
    """One for each time that an endpoint is disabled."""
    endpoint_id = recorded.originator_id
    return Wish(
        effect_key=f"notice:webhook_disabled:{endpoint_id}:{recorded.originator_version}",
        organization_id=recorded.meta.organization_id,
        queue=QUEUE,
        lock_key=f"notice:{endpoint_id}",
        destination=DESTINATION,
        payload={"endpoint_id": endpoint_id, "position": recorded.position},
    )
