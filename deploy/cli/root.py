"""The tree of commands, and how a command may end: 0 done, 1 failed, 2 refused or misused; errors in one line."""

import logging
import sys
from collections.abc import Callable

import click
import typer

from deploy.cli import access, inspecting, running
from deploy.errors import OperatorError
from deploy.safety import UnsafeStartError
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import UnsafeSetting

app = typer.Typer(
    name="izvor",
    help="Event-sourced invoicing. `izvor up --demo` starts everything on this machine.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
COMMANDS: tuple[Callable[..., None], ...] = (
    running.up,
    running.serve,
    running.project,
    running.work,
    running.migrate,
    inspecting.replay,
    inspecting.rebuild,
    inspecting.check,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(access.tokens, name="token")
app.add_typer(access.organizations, name="organization")


def main() -> None:
    """Entry point of the script."""
    try:
        sys.exit(app(standalone_mode=False))
    except click.exceptions.Exit as end:
        sys.exit(end.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(2)
    except (UnsafeStartError, UnsafeSetting) as unsafe:
        _say(unsafe)
        sys.exit(2)
    except (OperatorError, Refusal) as error:
        _say(error)
        sys.exit(1)


def _say(error: Exception) -> None:
    logging.getLogger("izvor").debug("refused", exc_info=error)
    sys.stderr.write(f"izvor: {error}\n")
