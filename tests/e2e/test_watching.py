"""`izvor up`, watched: every part tells its figures and its health, and the log says nothing that it should not."""

import json
import subprocess
from pathlib import Path

import httpx
import psycopg

from api import figures as api_figures
from deploy.roles import ONE, acting_as
from deploy.stack import TARGETS
from invoicing_domain import figures as domain_figures
from projections import figures as projection_figures
from tests.integration.api.test_metrics import samples
from tests.support.processes import wait_until
from tests.support.stack import IZVOR, Stack, izvor, one, plain_environment, quiet_port
from workers import figures as work_figures
from workers.wiring import NAMES

IBAN, CNP, MAIL = "RO49AAAA1B31007593840000", "1960229123456", "canary.popescu@example.ro"
DRAFT = {
    "customer": {"name": "Ion Canary", "email": MAIL, "kind": "person", "ibans": [IBAN], "tax_id": CNP},
    "lines": [{"description": "Canary body", "quantity": "1", "unit_price": "10.00", "vat": {"rate": "21"}}],
}
REQUESTS = 40


def get(address: str, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.get(f"http://{address}{path}", headers=headers, timeout=30, trust_env=False)


def drains(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and "draining" in answer.json()["checks"]["doors"]


def test_every_part_tells_its_figures_and_the_log_keeps_its_secrets(tmp_path: Path) -> None:
    with Stack(tmp_path, quiet_port(), "--demo") as stack:
        targets = json.loads((stack.data / TARGETS).read_text())
        at = {target["labels"]["service"]: target["targets"][0] for target in targets}
        with stack.client() as client:
            body = {name: value for name, value in DRAFT.items() if name != "customer"} | {"customer": {"name": "X"}}
            draft = one(client.post("/api/v1/invoices", json=body), 201)
            client.post("/api/v1/customers", json=DRAFT["customer"])
            client.post("/api/v1/invoices", json=DRAFT)
            client.post(f"/api/v1/invoices/{draft['id']}/send", json={"deliver": "none"})
        for _ in range(REQUESTS):
            get(at["api"], f"/canary/{MAIL}", {"User-Agent": IBAN})
            get(at["api"], "/api/v1/events", {"Authorization": f"Bearer {stack.token}x"})
        api = get(at["api"], "/metrics").text
        told = samples(api)
        assert {domain_figures.COMMANDS, domain_figures.CONFLICTS, *api_figures.POOL} <= set(told)
        wanted = f'{api_figures.REQUEST_SECONDS}_count{{method="GET",route="unknown",status="404"}} {REQUESTS}.0'
        assert wanted in api  # added up over both workers
        wait_until(lambda: get(at["projections"], "/health/ready").status_code == 200)
        wait_until(lambda: get(at["workers"], "/health/ready").status_code == 200)
        projected = samples(get(at["projections"], "/metrics").text)
        names = vars(projection_figures)
        assert {names[name] for name in ("POSITION", "LAG_EVENTS", "LAG_SECONDS", "HALTED")} <= set(projected)
        worked = samples(get(at["workers"], "/metrics").text)
        assert {work_figures.RELAY_LEADER, work_figures.RELAY_PUBLISHED, domain_figures.CONFLICTS} <= set(worked)
        assert [get(address, "/health/live").status_code for address in at.values()] == [200, 200, 200]
        alive = [get(at[part], "/health/live").json()["checks"] for part in ("workers", "projections")]
        assert alive == [dict.fromkeys(NAMES, "ok"), {"projections": "ok"}]
        assert stack.izvor("check").returncode == 0
        checked = samples(get(at["projections"], "/metrics").text)
        assert (checked[projection_figures.CHECK_OK], checked[projection_figures.CHECK_AGE] >= 0) == (1, True)
        said = stack.log.read_text().replace(stack.token, "", 1)
        assert stack.stop() == 0
    assert not [canary for canary in (IBAN, CNP, MAIL, "Canary", stack.token) if canary in said]
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert any(line.get("route") == "/api/v1/invoices/{document}/send" and line["organization"] for line in lines)


def test_figures_of_jobs_are_told_by_queue(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO work.destination (name) VALUES ('mail') ON CONFLICT DO NOTHING")
        connection.commit()
        figures = work_figures.BookFigures(lambda: psycopg.connect(database), "izvor.events")
        names = {metric.name for metric in figures.collect()}
    assert names == {
        work_figures.JOBS_READY,
        work_figures.JOBS_OLDEST,
        work_figures.JOBS_DEAD,
        work_figures.JOBS_IN_DOUBT,
        work_figures.CIRCUIT,
        work_figures.RELAY_LAG,
        work_figures.RELAY_OLDEST,
    }


def test_a_server_that_is_told_to_end_is_not_ready_first_and_closes_later(empty_database: str, tmp_path: Path) -> None:
    port = quiet_port()
    settings = {
        "IZVOR_DATABASE_URL": empty_database,
        "IZVOR_BIND": f"127.0.0.1:{port}",
        "IZVOR_SECRET_KEY": "k" * 40,
        "IZVOR_DRAIN_SECONDS": "5",
    }
    assert izvor("migrate", folder=tmp_path, **settings).returncode == 0
    isolated = plain_environment(**{**settings, "IZVOR_DATABASE_URL": acting_as(empty_database, ONE)})
    with subprocess.Popen([IZVOR, "serve"], cwd=tmp_path, env=isolated, stderr=subprocess.DEVNULL) as server:
        try:
            stack = Stack(tmp_path, port)
            wait_until(stack.is_ready)
            server.terminate()
            wait_until(lambda: drains(get(f"127.0.0.1:{port}", "/health/ready")))
            assert server.wait(60) == 0
        finally:
            server.kill()
