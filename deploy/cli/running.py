"""Commands that start everything on this machine, and that make the database ready."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.panel import Panel

from deploy import first_start
from deploy.cli.options import CLUSTER, Data, Database, settings_of, with_secret_key
from deploy.demo import PROFILE, load_demo
from deploy.erasures import settle_erasures
from deploy.errors import RefusedError
from deploy.migrate import migrate as bring_up_to_date
from deploy.ports import port_trouble
from deploy.postgres.embedded import DATABASE, EmbeddedPostgres
from deploy.private_files import secret_key
from deploy.roles import HOW_TO_MAKE_THEM, acting_as, are_missing, let_log_in
from deploy.safety import connect_or_refuse, refuse_unsafe_program, refuse_unsafe_server, refuse_unsafe_start
from deploy.settings import Settings
from deploy.stack import children, tell_prometheus
from deploy.supervisor import Supervisor
from invoicing_domain.model.organization.events import OrganizationProfile
from invoicing_domain.recording.application import Ledger
from projections.install import install

console = Console()


def up(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8080,
    data: Data = None,
    database: Database = None,
    kafka: Annotated[
        str | None, typer.Option(help="Kafka to publish facts to and take commands from.", metavar="HOST:PORT,...")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Load a small believable company.")] = False,
    test_clock: Annotated[
        bool, typer.Option("--test-clock", help="Sandbox: time is moved by PUT /api/v1/test-clock.")
    ] = False,
    yes_really: Annotated[
        bool, typer.Option("--yes-really", help="Allow --test-clock on a database of your own.")
    ] = False,
) -> None:
    """Start everything on this machine: database, API, projections, workers. Ctrl-C stops it all.

    Example: izvor up --demo --port 8080
    """
    settings = settings_of(data, database, kafka)
    settings = replace(settings, bind=f"{host}:{port}", data=settings.data.absolute(), test_clock=test_clock)
    if test_clock and settings.database_url is not None and not yes_really:
        raise RefusedError("--test-clock moves the time of everything in this database: add --yes-really to mean it")
    refuse_unsafe_program(os.environ)
    if trouble := port_trouble(host, port):
        raise RefusedError(f"{trouble}: choose another --host or --port")
    settings.data.mkdir(parents=True, exist_ok=True)
    server = None
    if settings.database_url is None:
        server = EmbeddedPostgres(settings.data / CLUSTER)
        console.print(f"[dim]starting PostgreSQL in {settings.data / CLUSTER}[/]", soft_wrap=True)
        settings = replace(settings, database_url=server.start())
    try:
        code = _run(settings, server, demo=demo)
    finally:
        if server is not None:
            server.stop()
    raise typer.Exit(code)


def _run(settings: Settings, server: EmbeddedPostgres | None, *, demo: bool) -> int:
    settings = with_secret_key(settings, settings.secret_key or secret_key(settings.data))
    conninfo = settings.required_database_url()
    refuse_unsafe_server(conninfo)
    bring_up_to_date(conninfo)
    install_read_models(conninfo)
    settle_erasures(conninfo)
    refuse_unsafe_start(conninfo, os.environ)
    profile = PROFILE if demo else OrganizationProfile(name="My company")
    ledger = Ledger(conninfo)
    try:
        greeting = first_start.welcome(ledger, conninfo, settings.data, profile)
        if demo and load_demo(ledger, greeting.organization_id):
            console.print("[dim]demo data loaded[/]")
    finally:
        ledger.close()
    supervisor = Supervisor(
        children(settings, _ways_in(conninfo, server), tell_prometheus(settings)),
        database=server,
        is_ready=lambda: _is_ready(settings.base_url_local),
        on_ready=lambda: _greet(settings, greeting),
    )
    return supervisor.run()


def _ways_in(conninfo: str, server: EmbeddedPostgres | None) -> Callable[[str], str]:
    """How the parts reach the database with the rights of their roles; on our own server they log in as them."""
    if server is None:
        return lambda role: acting_as(conninfo, role)
    let_log_in(conninfo)
    return lambda role: server.url_of(DATABASE, role)


def _is_ready(url: str) -> bool:
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows nothing of this machine
    try:
        with straight.open(f"{url}/health/ready", timeout=2) as response:
            return bool(json.load(response)["status"] == "ok")
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _greet(settings: Settings, greeting: first_start.Welcome) -> None:
    lines = [
        f"URL    {settings.base_url}",
        f"Token  {greeting.token}",
        f"       (kept in {settings.data / first_start.TOKEN_FILE})",
        "Stop   Ctrl-C",
    ]
    if console.is_terminal:
        console.print(Panel("\n".join(lines), title="Izvor is ready", expand=False, border_style="green"))
    else:
        sys.stdout.write("Izvor is ready\n" + "\n".join(lines) + "\n")
        sys.stdout.flush()


def migrate(database: Database = None, data: Data = None) -> None:
    """Bring the database to the schema of this version. Safe to repeat.

    Example: IZVOR_DATABASE_URL=postgresql://... izvor migrate
    """
    from deploy.cli.options import database_of  # noqa: PLC0415 - beside its only use

    with database_of(settings_of(data, database), migrated=False) as conninfo:
        refuse_unsafe_server(conninfo)
        applied = bring_up_to_date(conninfo)
        install_read_models(conninfo)
        erased = settle_erasures(conninfo)
        with connect_or_refuse(conninfo) as connection:
            without_roles = are_missing(connection)
    for step in applied:
        console.print(f"applied {step.number:04d} {step.name}")
    if not applied:
        console.print("the schema is up to date")
    if erased:
        console.print(f"erased again after a restore: {erased} customers")
    if without_roles:
        console.print(f"[yellow]not isolated:[/] this role may not make roles; as one that may: {HOW_TO_MAKE_THEM}")


def install_read_models(conninfo: str) -> None:
    """Make tables and views of the read side that are missing; the runner fills them."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        install(connection)
