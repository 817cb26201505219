"""Mails that came back, brought by a mail server: one by one through a pipe, or swept from a Maildir."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from deploy.cli.bounces import Desk, LaterError
from invoicing_domain.model.refusal import Refusal
from invoicing_domain.recording.application import Ledger
from invoicing_domain.recording.keyring import VARIABLE
from invoicing_domain.service import InvoicingService, Outcome
from tests.integration.cli.conftest import Cli
from tests.support.notices import postfix
from tests.support.sent_mails import TO, record, sent_mail
from tests.support.stack import IZVOR, plain_environment

LATER = 75
REFUSED = 2


class Crowded(InvoicingService):
    """Others are always faster."""

    def execute(self, *_: object, **__: object) -> Outcome:
        raise Refusal("contended", "too many others are changing the same document; try again")


@pytest.fixture
def invoice(company: str) -> str:
    with psycopg.connect(company) as connection:
        row = connection.execute(
            "SELECT originator_id::text FROM izvor.events WHERE topic LIKE 'invoice.sent/%' ORDER BY notification_id"
        ).fetchone()
    assert row is not None
    return str(row[0])


def mailed(company: str, organization: str, invoice: str, *, recorded: bool = True) -> str:
    with Ledger(company) as ledger:
        return sent_mail(ledger, company, organization, invoice, recorded=recorded)


def facts(company: str, invoice: str) -> list[str]:
    with Ledger(company) as ledger:
        return [type(one.fact).__name__ for one in ledger.history(invoice)]


def test_a_notice_in_a_file_is_recorded_once(
    cli: Cli, company: str, organization: str, invoice: str, tmp_path: Path
) -> None:
    file = tmp_path / "notice.eml"
    file.write_text(postfix(mailed(company, organization, invoice), TO))
    answers = [cli("bounces", str(file)) for _ in range(2)]
    assert [answer.returncode for answer in answers] == [0, 0]
    assert f"recorded: mail:invoice:{invoice}:sent came back: 550 5.1.1 (the recipient)" in answers[0].stdout
    assert facts(company, invoice).count("EmailBounced") == 1
    with Ledger(company) as ledger:
        assert ledger.history(invoice)[-1].meta.source == "command line"


def test_a_mail_server_may_pipe_it_in(company: str, organization: str, invoice: str, tmp_path: Path) -> None:
    notice = postfix(mailed(company, organization, invoice), TO)
    environment = plain_environment(IZVOR_DATABASE_URL=company, **{VARIABLE: os.environ[VARIABLE]})
    ended = subprocess.run(
        [IZVOR, "bounces", "-"], input=notice.encode(), cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert facts(company, invoice)[-1] == "EmailBounced"


def test_what_is_none_of_ours_is_refused_in_one_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "spam.eml"
    file.write_text("Subject: Hi\n\nBuy now")
    answer = cli("bounces", str(file))
    assert (answer.returncode, len(answer.stderr.splitlines())) == (REFUSED, 1)
    assert "no delivery status notification" in answer.stderr
    assert cli("bounces", str(tmp_path / "none.eml")).returncode == REFUSED
    assert cli("bounces", str(tmp_path)).returncode == REFUSED


def test_what_comes_too_early_or_finds_no_database_is_brought_again(
    cli: Cli, company: str, organization: str, invoice: str, tmp_path: Path
) -> None:
    file = tmp_path / "notice.eml"
    message_id = mailed(company, organization, invoice, recorded=False)
    file.write_text(postfix(message_id, TO))
    early = cli("bounces", str(file))
    assert (early.returncode, "not recorded as sent" in early.stderr) == (LATER, True)
    away = cli("bounces", str(file), IZVOR_DATABASE_URL="postgresql://izvor@127.0.0.1:1/izvor")
    assert (away.returncode, len(away.stderr.splitlines())) == (LATER, 1)
    with Ledger(company) as ledger:
        record(ledger, organization, invoice, message_id)
    assert cli("bounces", str(file)).returncode == 0


def test_what_finds_its_document_busy_is_brought_again(company: str, organization: str, invoice: str) -> None:
    notice = postfix(mailed(company, organization, invoice), TO).encode()
    with Ledger(company) as ledger, psycopg.connect(company, autocommit=True) as connection:
        with pytest.raises(LaterError, match="others are changing"):
            Desk(connection, Crowded(ledger)).take(notice)
        assert Desk(connection, InvoicingService(ledger)).take(notice).startswith("recorded")


def test_a_maildir_is_swept_and_what_is_seen_to_is_not_looked_at_again(
    cli: Cli, company: str, organization: str, invoice: str, tmp_path: Path
) -> None:
    box = maildir(tmp_path)
    (box / "new" / "1.spam").write_text("Subject: Hi\n\nBuy now")
    (box / "new" / "2.notice").write_text(postfix(mailed(company, organization, invoice), TO))
    (box / "new" / "3.delayed").write_text(postfix(mailed(company, organization, invoice), TO, action="delayed"))
    first = cli("bounces", str(box))
    assert first.returncode == REFUSED
    assert list((box / "new").iterdir()) == []
    assert sorted(path.name for path in (box / "cur").iterdir()) == ["1.spam:2,FS", "2.notice:2,S", "3.delayed:2,S"]
    again = cli("bounces", str(box))
    assert (again.returncode, again.stdout) == (0, "")
    assert facts(company, invoice).count("EmailBounced") == 1


def test_what_has_to_come_again_stays_in_the_maildir(
    cli: Cli, company: str, organization: str, invoice: str, tmp_path: Path
) -> None:
    box = maildir(tmp_path)
    message_id = mailed(company, organization, invoice, recorded=False)
    (box / "new" / "1.early").write_text(postfix(message_id, TO))
    (box / "new" / "2.spam").write_text("Subject: Hi\n\nBuy now")
    assert cli("bounces", str(box)).returncode == LATER
    assert [path.name for path in (box / "new").iterdir()] == ["1.early"]
    with Ledger(company) as ledger:
        record(ledger, organization, invoice, message_id)
    assert cli("bounces", str(box)).returncode == 0


def test_a_file_that_nothing_can_be_done_with_does_not_stand_in_the_way_of_the_next(
    cli: Cli, company: str, organization: str, invoice: str, tmp_path: Path
) -> None:
    box = maildir(tmp_path)
    unmovable = "1" * 253  # with a mark it is longer than a name may be
    (box / "new" / unmovable).write_text("Subject: Hi\n\nBuy now")
    (box / "new" / "2.notice").write_text(postfix(mailed(company, organization, invoice), TO))
    swept = cli("bounces", str(box))
    assert (swept.returncode, f"{unmovable}: later: OSError" in swept.stdout) == (LATER, True)
    assert [path.name for path in (box / "new").iterdir()] == [unmovable]
    assert facts(company, invoice)[-1] == "EmailBounced"


def maildir(folder: Path) -> Path:
    box = folder / "Maildir"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    return box
