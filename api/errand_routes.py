"""The native routes of what leaves the house: documents by mail, their words, jobs, one line each."""

from api.doors import Doors
from api.resources import bounces, emails, jobs, mail_templates, unsubscribing


def errand_routes(doors: Doors, prefix: str) -> dict[str, object]:
    return {
        f"{prefix}/invoices/{{document}}/emails": emails.InvoiceEmails(doors),
        f"{prefix}/credit-notes/{{document}}/emails": emails.CreditNoteEmails(doors),
        f"{prefix}/mail/bounces": bounces.Bounces(doors),
        f"{prefix}/settings/mail-templates/{{kind}}/{{language}}": mail_templates.MailTemplate(doors),
        f"{prefix}/settings/mail-templates/{{kind}}/{{language}}/preview": mail_templates.MailTemplatePreview(doors),
        f"{prefix}/unsubscribe/{{token}}": unsubscribing.Unsubscribe(doors),
        f"{prefix}/jobs": jobs.Jobs(doors),
        f"{prefix}/jobs/decisions": jobs.JobDecisions(doors),
        f"{prefix}/jobs/{{document}}": jobs.Job(doors),
        f"{prefix}/jobs/{{document}}/retry": jobs.JobRetry(doors),
        f"{prefix}/jobs/{{document}}/cancel": jobs.JobCancelling(doors),
        f"{prefix}/jobs/{{document}}/decision": jobs.JobDecision(doors),
    }
