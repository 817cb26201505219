"""Mails that came back, from the mail server of the house: piped in one by one, or swept from a Maildir.

Exit codes speak to mail servers too: 75 (EX_TEMPFAIL) lets one bring the same notice again later.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

import psycopg
import typer

from deploy.cli.options import Data, Database, database_of, settings_of
from deploy.errors import OperatorError, RefusedError
from deploy.first_start import operator_context
from deploy.safety import unreachable
from invoicing_domain.bounces import LONGEST_NOTICE, NotABounce, read_notice
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.patience import StoreUnavailable
from invoicing_domain.service import InvoicingService
from projections.jobs.mails import mail_of
from projections.rows import Connection

_STANDARD_INPUT: Final = "-"
_PASSING: Final = frozenset({"mail_not_sent", "contended"})
_READ: Final = ":2,S"
"""How a Maildir marks what was seen to; with F, what somebody should look at."""
_FOR_PEOPLE: Final = ":2,FS"


class LaterError(OperatorError):
    """The same notice may succeed later: whoever brought it keeps it."""

    exit_code: ClassVar[int] = 75


@dataclass(frozen=True, slots=True)
class Desk:
    """Where notices are taken in, of all organizations."""

    connection: Connection
    service: InvoicingService

    def take(self, raw: bytes) -> str:
        """What came of a notice, in words. Raises RefusedError for what is none of ours, LaterError to come again."""
        try:
            notice = read_notice(raw)
        except NotABounce as error:
            raise RefusedError(str(error)) from None
        mail = mail_of(self.connection, notice)
        if mail is None:
            raise RefusedError(f"{notice.message_id} is no mail of this installation")
        command = mail.bounce(notice) if notice.action == "failed" else None
        if command is None:
            return f"{notice.action}: nothing to record about {mail.effect_key}"
        try:
            self.service.execute(command, operator_context(mail.organization_id))
        except Refusal as refusal:
            ending = LaterError if refusal.code in _PASSING else RefusedError
            raise ending(f"{mail.effect_key}: {refusal.message}") from None
        return f"recorded: {mail.effect_key} came back: {notice.diagnostic or notice.status}"


def bounces(
    source: Annotated[
        str, typer.Argument(help="A file, - for standard input, or a Maildir.", metavar="FILE|-|MAILDIR")
    ],
    data: Data = None,
    database: Database = None,
) -> None:
    """Take in notices of mails that came back; what came of each stands in the history of its document.

    A Maildir is swept: what is seen to moves from new/ to cur/, what is no notice of ours is flagged there.
    Ends with 0, with 2 when something was refused, with 75 when something has to come again later.

    Example: izvor bounces ~/Maildir
    """
    with _desk(data, database) as desk:
        if source != _STANDARD_INPUT and Path(source).is_dir():
            _sweep(desk, Path(source))
        else:
            typer.echo(desk.take(_read(source)))


@contextmanager
def _desk(data: Data, database: Database) -> Iterator[Desk]:
    settings = settings_of(data, database)
    try:
        with database_of(settings) as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
            ledger = Ledger(conninfo, secret_key=settings.secret_key)
            try:
                yield Desk(connection, InvoicingService(ledger))
            finally:
                ledger.close()
    except psycopg.OperationalError as error:
        raise LaterError(unreachable(error)) from None
    except (RefusedError, LaterError):
        raise
    except (OperatorError, StoreUnavailable) as error:
        raise LaterError(str(error)) from None


def _read(source: str) -> bytes:
    if source == _STANDARD_INPUT:
        return sys.stdin.buffer.read(LONGEST_NOTICE + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(LONGEST_NOTICE + 1)
    except OSError as error:
        raise RefusedError(f"{source} cannot be read: {error.strerror}") from None


def _sweep(desk: Desk, maildir: Path) -> None:
    new, seen = maildir / "new", maildir / "cur"
    if not (new.is_dir() and seen.is_dir()):
        raise RefusedError(f"{maildir} is no Maildir: it has no new/ and cur/")
    later = refused = 0
    for path in sorted(new.iterdir()):
        try:
            said, mark = _seen_to(desk, path)
            # A crash before this line brings the notice again, which is silent.
            path.rename(seen / f"{path.name}{mark}")
        except (psycopg.OperationalError, StoreUnavailable):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one file must not stop the others
            later += 1
            said = f"later: {error if isinstance(error, LaterError) else type(error).__name__}"
        else:
            refused += mark == _FOR_PEOPLE
        typer.echo(f"{path.name}: {said}")
    if later:
        raise LaterError(f"{maildir}: {later} have to come again later")
    if refused:
        raise RefusedError(f"{maildir}: {refused} refused, and flagged in cur/")


def _seen_to(desk: Desk, path: Path) -> tuple[str, str]:
    """What came of a file, in words, and how it is marked. Raises LaterError."""
    try:
        return desk.take(_read(str(path))), _READ
    except RefusedError as error:
        return f"refused: {error}", _FOR_PEOPLE
