"""Handlers of a seller's own templates of letters."""

from invoicing_domain.categories import LETTER_TEMPLATE
from invoicing_domain.model.context import Context
from invoicing_domain.model.letter_template import decide
from invoicing_domain.model.letter_template.commands import ChangeTemplate, ResetTemplate
from invoicing_domain.work import Work


def change_template(command: ChangeTemplate, _: Context, work: Work) -> None:
    state = work.load(LETTER_TEMPLATE, command.template_id)
    work.record(LETTER_TEMPLATE, command.template_id, decide.change(state, command))


def reset_template(command: ResetTemplate, _: Context, work: Work) -> None:
    state = work.load(LETTER_TEMPLATE, command.template_id)
    work.record(LETTER_TEMPLATE, command.template_id, decide.reset(state, command))
