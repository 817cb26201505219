"""The tree of commands, and how a command may end.

0 done; 1 failed, and may succeed later; 2 refused or misused: somebody must change what the line says. Errors are one
line on standard error, whoever found them: we, the command line library, or the database.
"""

import logging
import sys
from collections.abc import Callable

import psycopg
import typer

from deploy.cli import (
    access,
    bounces,
    dead_letters,
    demo_data,
    describing,
    exporting,
    importing,
    inspecting,
    jobs,
    parts,
    running,
)
from deploy.errors import OperatorError
from deploy.safety import unreachable
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import UnsafeSetting
from invoicing_domain.recording.keyring import WrongSecretKey
from invoicing_domain.recording.patience import StoreUnavailable

DONE = 0
FAILED = 1
REFUSED = 2
INTERRUPTED = 130

app = typer.Typer(name="izvor", rich_markup_mode="rich", pretty_exceptions_enable=False)
COMMANDS: tuple[Callable[..., None], ...] = (
    running.up,
    parts.serve,
    parts.project,
    parts.work,
    running.migrate,
    inspecting.replay,
    inspecting.rebuild,
    inspecting.check,
    exporting.export,
    importing.import_rates,
    bounces.bounces,
    demo_data.demo_data,
    describing.schemas,
)
for command in COMMANDS:
    app.command()(command)
app.add_typer(access.tokens, name="token")
app.add_typer(access.organizations, name="organization")
app.add_typer(jobs.jobs, name="jobs")
app.add_typer(dead_letters.letters, name="dead-letters")


@app.callback(invoke_without_command=True)
def izvor(context: typer.Context) -> None:
    """Event-sourced invoicing. `izvor up --demo` starts everything on this machine.

    Example: izvor up --demo
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Entry point of the script."""
    sys.exit(run())


def run() -> int:
    try:
        # The name is given because shell completion is made for it, also under `python -m`.
        return app(prog_name="izvor", standalone_mode=False) or DONE
    except typer.Abort:
        return INTERRUPTED
    except typer.TyperException as misuse:
        return _say(misuse.format_message(), misuse, REFUSED)
    except OperatorError as error:
        return _say(str(error), error, error.exit_code)
    except (UnsafeSetting, WrongSecretKey) as unsafe:
        return _say(str(unsafe), unsafe, REFUSED)
    except (Refusal, StoreUnavailable) as error:
        return _say(str(error), error, FAILED)
    except psycopg.OperationalError as error:
        return _say(unreachable(error), error, FAILED)


def _say(text: str, error: Exception, code: int) -> int:
    logging.getLogger("izvor").debug("ended by", exc_info=error)
    context = getattr(error, "ctx", None)
    hint = f" (see `{context.command_path} --help`)" if context is not None else ""
    sys.stderr.write(f"izvor: {' '.join(text.split()).removesuffix('.')}{hint}\n")
    return code
