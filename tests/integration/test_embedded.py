import os
import pwd
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from deploy.errors import OperatorError
from deploy.postgres.accounts import SERVER_USER, let_pass, server_account
from deploy.postgres.embedded import EmbeddedPostgres, running_url, wheel_binaries
from deploy.postgres.leftovers import cluster_name, server_processes
from tests.support.processes import finish, is_alive, line_of, python, wait_until

RUN = """
import os, pathlib, sys
from deploy.postgres.embedded import EmbeddedPostgres
if len(sys.argv) > 2:  # become an ordinary user, now that everything is imported
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[2]))
with EmbeddedPostgres(pathlib.Path(sys.argv[1])) as server:
    print(server.url, flush=True)
    print(server.pid, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data" / "postgres"


def value(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def processes(data_dir: Path) -> list[tuple[int, bool]]:
    return server_processes(cluster_name(data_dir), data_dir.stat().st_uid)


def test_what_was_committed_is_there_after_stop_and_start(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert server.pid is None
    assert processes(data_dir) == []
    with server:
        assert value(server.url, "SELECT number FROM kept") == 7


def test_the_server_is_durable_utf8_and_without_a_network_door(server: EmbeddedPostgres) -> None:
    shown = {
        name: value(server.url, f"SHOW {name}")
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums", "server_encoding", "timezone")
    }
    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "timezone": "UTC",
    }
    assert value(server.url, "SHOW listen_addresses") == ""
    assert value(server.url, "SELECT lower('ȘȚĂÎÂ')") == "șțăîâ"


def test_only_the_two_owners_get_in(server: EmbeddedPostgres) -> None:
    rules = value(
        server.url, "SELECT string_agg(type || ' ' || auth_method || ' ' || options[1], ';') FROM pg_hba_file_rules"
    )
    assert rules == "local peer map=izvor"
    socket_dir = Path(str(value(server.url, "SHOW unix_socket_directories")))
    assert socket_dir.stat().st_mode & 0o777 == 0o700


def test_a_second_start_on_the_same_data_is_refused_in_one_line(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        with pytest.raises(OperatorError, match=rf"in use by another Izvor \(process {os.getpid()}\): stop it"):
            EmbeddedPostgres(data_dir).start()
        assert value(server.url, "SELECT 1") == 1


def test_the_url_of_a_running_server_is_found_beside_it_and_not_after_it(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        assert running_url(data_dir) == server.url
    assert running_url(data_dir) is None
    assert running_url(data_dir / "elsewhere") is None


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    data_dir = tmp_path / ("a-long-name-" * 12) / "data"
    with EmbeddedPostgres(data_dir) as server:
        assert value(server.url, "SELECT 1") == 1
        assert running_url(data_dir) == server.url
        socket_dir = Path(str(value(server.url, "SHOW unix_socket_directories")))
        assert socket_dir.stat().st_mode & 0o777 == 0o700
    assert not socket_dir.exists()


@pytest.fixture
def owner(data_dir: Path) -> Iterator[tuple[int, str]]:
    """Another process that runs a server on the data directory: the server's process and its URL."""
    process = python(RUN, str(data_dir))
    url = line_of(process)
    assert url.startswith("postgresql://"), url
    pid = int(line_of(process))
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    process.kill()
    process.wait()
    yield pid, url
    finish(process)


def test_the_server_dies_with_its_parent(owner: tuple[int, str]) -> None:
    wait_until(lambda: not is_alive(owner[0]))


def test_after_the_parent_was_killed_the_next_start_has_everything(data_dir: Path, owner: tuple[int, str]) -> None:
    assert owner[1]
    with EmbeddedPostgres(data_dir) as server:
        assert value(server.url, "SELECT number FROM kept") == 7


def test_an_orphaned_server_is_stopped_before_a_new_one_starts(data_dir: Path) -> None:
    orphan = EmbeddedPostgres(data_dir)
    orphan.start()
    pid = orphan.pid
    assert orphan._lock is not None
    orphan._lock.close()  # as if its owner had died and the kernel had not told the server
    with EmbeddedPostgres(data_dir) as server:
        assert orphan.pid is None
        assert server.pid not in {None, pid}
        assert value(server.url, "SELECT 1") == 1
    orphan.stop()


def test_a_killed_server_starts_again_while_its_backends_are_busy(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    busy = psycopg.connect(server.start())
    busy.execute("CREATE TABLE kept AS SELECT 7 AS number")
    busy.commit()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: server.pid is None)
    server.start()
    assert value(server.url, "SELECT number FROM kept") == 7
    server.stop()
    busy.close()


def test_everything_killed_at_once_recovers(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    for pid, _ in processes(data_dir):
        with suppress(ProcessLookupError):  # some end with the first one by themselves
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.pid is None)
    assert value(server.start(), "SELECT number FROM kept") == 7
    server.stop()


def test_a_number_in_postmaster_pid_that_belongs_to_a_stranger_is_ignored(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    stale = (data_dir / "postmaster.pid").read_text().splitlines()
    server.stop()
    (data_dir / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
    with server:
        assert value(server.url, "SELECT 1") == 1


def test_a_start_killed_half_way_leaves_no_half_database(data_dir: Path) -> None:
    unfinished = data_dir.with_name("postgres.new")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir) as server:
        assert value(server.url, "SELECT 1") == 1


def test_a_directory_with_other_files_is_left_alone(data_dir: Path) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "thesis.txt").write_text("precious")
    with pytest.raises(OperatorError, match="has files in it but no database: choose another --data"):
        EmbeddedPostgres(data_dir).start()
    assert (data_dir / "thesis.txt").read_text() == "precious"


def test_data_of_another_major_version_is_refused(data_dir: Path) -> None:
    EmbeddedPostgres(data_dir).__enter__().stop()
    (data_dir / "PG_VERSION").write_text("17\n")
    with pytest.raises(OperatorError, match="was made by PostgreSQL 17, the embedded one is 18"):
        EmbeddedPostgres(data_dir).start()


def test_what_the_server_complains_about_is_told_in_one_line(data_dir: Path) -> None:
    with pytest.raises(OperatorError, match=r"did not start on .*shared_buffers") as refused:
        EmbeddedPostgres(data_dir, settings={"shared_buffers": "much"}).start()
    assert "\n" not in str(refused.value)


def test_an_ordinary_user_can_run_it_too(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    account = server_account(tmp_path / "home")  # when root runs the tests: the account that is certainly there
    if account is not None:
        os.chown(tmp_path / "home", account.uid, account.gid)
        let_pass(tmp_path / "home", account)
        let_pass(wheel_binaries() / "postgres", account)
    become = [str(account.uid), str(account.gid)] if account else []
    process = python(RUN, str(tmp_path / "home" / "data"), *become)
    try:
        url = line_of(process)
        assert url.startswith("postgresql://izvor@/izvor?host="), url
        user = pwd.getpwuid((tmp_path / "home" / "data").stat().st_uid).pw_name
        assert user == (SERVER_USER if account else pwd.getpwuid(os.geteuid()).pw_name)
    finally:
        process.communicate("\n", timeout=60)
        finish(process)
    assert process.returncode == 0


def test_a_name_map_lets_the_two_owners_in_and_nobody_else(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir):
        mapped = {line.split('"')[1] for line in (data_dir / "pg_ident.conf").read_text().splitlines()}
    owners = {pwd.getpwuid(os.geteuid()).pw_name, pwd.getpwuid(data_dir.stat().st_uid).pw_name}
    assert mapped == owners
