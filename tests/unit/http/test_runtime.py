"""A service process starts clearly, answers whom it has let in, and is gone when it should be."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from stickprov_local.ports import free_port
from support.programs import runs
from support.tokens import ISSUER, Issuer, issuer
from support.waiting import eventually, wait_until

TESTS = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "support.trial_service"]
PATIENCE = 30


class Service:
    """One process of the trial service."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.issuer: Issuer = issuer()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")},
            "PYTHONPATH": str(TESTS),
            "STICKPROV_TRIAL_DATABASE_URL": "postgresql://localhost/nowhere",
            "STICKPROV_TRIAL_KAFKA_BOOTSTRAP": "nowhere:1",
            "STICKPROV_TRIAL_TOKEN_ISSUER": ISSUER,
            "STICKPROV_TRIAL_TOKEN_KEYS": str(self.issuer.keys_file(folder)),
            "STICKPROV_TRIAL_STAFF_KEY": "ab" * 32,
            "STICKPROV_TRIAL_HTTP_PORT": str(self.port),
            "STICKPROV_TRIAL_FOLDER": str(folder),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *arguments], env=self.environment | environment, stdout=log, stderr=log
            )
        return self.process

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            return False
        return True

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(base_url=self.url, timeout=PATIENCE) as client:
            return await client.get(path, headers=self.issuer.bearer("anna", "reviewer"))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    yield service
    if service.process is not None and service.process.poll() is None:
        service.process.kill()
        service.process.wait()


def as_condition(check: Callable[[], bool]) -> Any:
    async def condition() -> bool:
        return check()

    return condition


async def in_flight(service: Service, path: str = "/v1/slow") -> asyncio.Task[httpx.Response]:
    request = asyncio.create_task(service.get(path))
    await eventually(as_condition(lambda: service.has("in-flight")), what="the request")
    return request


def test_an_address_is_taken_from_a_proxy_that_is_trusted_and_from_nobody_else(service: Service):
    few = {"STICKPROV_TRIAL_STRANGER_REQUESTS_AT_ONCE": "2", "STICKPROV_TRIAL_STRANGER_REQUESTS_PER_SECOND": "0.001"}
    service.start(**few, STICKPROV_TRIAL_TRUSTED_PROXIES="127.0.0.0/8")
    wait_until(service.listens, what="the service")

    def asked(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        answer = httpx.get(f"{service.url}/metrics", headers=headers)
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        return answer.status_code

    assert [asked("198.51.100.7") for _ in range(3)] == [200, 200, 429]
    # What a client writes stands before what the proxy adds, and is not believed.
    assert asked("203.0.113.1, 198.51.100.7") == 429
    assert asked("198.51.100.8") == 200


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_a_request_that_was_taken_in_is_answered_before_the_process_ends(service: Service, stop):
    process = service.start()
    wait_until(service.answers, what="the service")
    request = await in_flight(service)

    process.send_signal(stop)
    await eventually(as_condition(lambda: not service.listens()), what="the closed door")
    assert not service.has("closed")
    (service.folder / "go").touch()

    assert (await request).json() == "done"
    assert process.wait(PATIENCE) == 0
    assert service.has("closed")


async def test_a_request_that_waits_for_news_is_answered_when_a_stop_is_asked_for(service: Service):
    process = service.start(TRIAL_GRACE_SECONDS="60")
    wait_until(service.answers, what="the service")
    request = await in_flight(service, "/v1/news")

    process.terminate()

    assert (await request).json() == "no news"
    assert await asyncio.to_thread(process.wait, PATIENCE) == 0


async def test_a_request_without_end_does_not_keep_the_process(service: Service):
    process = service.start(TRIAL_GRACE_SECONDS="1")
    wait_until(service.answers, what="the service")
    request = await in_flight(service)

    process.terminate()
    assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    assert service.has("closed")
    (answer,) = await asyncio.gather(request, return_exceptions=True)
    assert isinstance(answer, httpx.TransportError) or answer.status_code == 500


async def test_a_service_whose_background_work_failed_finishes_its_requests_and_ends_with_a_failure(service: Service):
    process = service.start()
    wait_until(service.answers, what="the service")
    request = await in_flight(service)

    (service.folder / "fail").touch()
    await eventually(as_condition(lambda: not service.listens()), what="the closed door")
    (service.folder / "go").touch()

    assert (await request).json() == "done"
    assert process.wait(PATIENCE) == 1
    assert service.has("closed")
    [line] = [line for line in map(json.loads, service.log().splitlines()) if line["event"] == "background-work-ended"]
    assert (line["work"], line["error"], line["level"]) == ("trial-work", "RuntimeError", "critical")
    assert "the work cannot go on" in line["traceback"]


def test_background_work_that_just_stops_is_a_failure_too(service: Service):
    process = service.start()
    wait_until(service.answers, what="the service")

    (service.folder / "return").touch()

    assert process.wait(PATIENCE) == 1
    assert '"background-work-ended"' in service.log()


def test_a_service_that_was_asked_to_stop_reports_no_ended_work(service: Service):
    process = service.start()
    wait_until(service.answers, what="the service")

    process.terminate()

    assert process.wait(PATIENCE) == 0
    assert "background-work-ended" not in service.log()


def test_every_line_of_a_run_is_json_and_a_request_is_one_of_them(service: Service):
    process = service.start()
    wait_until(service.answers, what="the service")
    httpx.get(f"{service.url}/v1/slow?like=Svea")
    process.terminate()
    process.wait(PATIENCE)

    lines = [json.loads(line) for line in service.log().splitlines()]
    assert {line["service"] for line in lines} == {"trial"}
    assert [(line["route"], line["status"]) for line in lines if line["event"] == "request"] == [("unmatched", 401)]
    assert "Svea" not in service.log()


def test_a_service_that_crashes_leaves_nothing_of_its_memory_on_the_disk(service: Service):
    process = service.start()
    wait_until(service.answers, what="the service")

    assert psutil.Process(process.pid).rlimit(psutil.RLIMIT_CORE) == (0, 0)


def test_an_upload_that_is_too_large_gets_its_answer_over_a_real_connection(service: Service):
    service.start()
    wait_until(service.answers, what="the service")
    headers = service.issuer.bearer("anna", "reviewer") | {"Content-Type": "application/json"}

    def chunks() -> Iterator[bytes]:
        yield from (b"1" * 100_000 for _ in range(15))

    for body in (b"1" * 1_500_000, chunks()):
        answer = httpx.post(f"{service.url}/v1/things", content=body, headers=headers, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


LAUNCHER = """
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], env={**os.environ, "STICKPROV_PARENT_PID": str(os.getpid())})
print(child.pid, flush=True)
child.wait()
"""


def test_a_service_whose_launcher_was_killed_closes_what_it_opened_and_goes(service: Service):
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, *COMMAND],
        env=service.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert launcher.stdout is not None
    with launcher.stdout:
        child = int(launcher.stdout.readline())
    try:
        wait_until(service.answers, what="the service")
        launcher.kill()
        launcher.wait(PATIENCE)
        wait_until(lambda: not runs(child), what="the end of the service")
        assert service.has("closed")
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def test_serving_migrates_first_when_it_may(service: Service):
    process = service.start("serve", STICKPROV_TRIAL_MIGRATION_DATABASE_URL="postgresql://localhost/works")
    wait_until(service.answers, what="the service")
    assert service.has("migrated")
    process.terminate()
    assert process.wait(PATIENCE) == 0


def test_serving_does_not_migrate_when_it_may_not(service: Service):
    service.start("serve")
    wait_until(service.answers, what="the service")
    assert not service.has("migrated")


def test_a_failed_migration_ends_the_start_and_the_log_says_why(service: Service):
    process = service.start("serve", STICKPROV_TRIAL_MIGRATION_DATABASE_URL="postgresql://localhost/broken")
    assert process.wait(PATIENCE) == 1
    [line] = [json.loads(line) for line in service.log().splitlines()]
    assert (line["event"], line["error"]) == ("migration-failed", "RuntimeError")
    assert "the migration cannot be done" in line["traceback"]
    assert not service.has("opened")


def test_migrating_is_a_command_of_its_own(service: Service):
    assert (
        service.start("migrate", STICKPROV_TRIAL_MIGRATION_DATABASE_URL="postgresql://localhost/works").wait(PATIENCE)
        == 0
    )
    assert service.has("migrated")
    assert not service.has("opened")


def test_a_service_that_cannot_open_what_it_needs_ends_and_says_so(service: Service):
    (service.folder / "cannot-open").touch()
    assert service.start().wait(PATIENCE) != 0
    assert "ConnectionRefusedError" in service.log()


def test_a_port_that_is_taken_ends_the_start_and_is_named(service: Service):
    with socket.create_server(("127.0.0.1", service.port)):
        assert service.start().wait(PATIENCE) != 0
    assert str(service.port) in service.log()


def test_wrong_settings_end_the_start_with_exit_code_2(service: Service):
    assert service.start(STICKPROV_TRIAL_HTTP_PORT="many").wait(PATIENCE) == 2
    assert "STICKPROV_TRIAL_HTTP_PORT" in service.log()


def test_a_wrong_command_line_ends_with_exit_code_2_and_the_right_ones(service: Service):
    assert service.start("sevre").wait(PATIENCE) == 2
    assert "serve | migrate | openapi | settings" in service.log()


@pytest.mark.parametrize("command", ["openapi", "settings"])
def test_what_the_service_is_can_be_asked_without_settings_or_servers(command):
    environment = {"PYTHONPATH": str(TESTS), "PATH": os.environ["PATH"]}
    printed = subprocess.run([*COMMAND, command], env=environment, capture_output=True, check=True).stdout.decode()
    if command == "openapi":
        assert set(json.loads(printed)["paths"]) == {"/v1/slow", "/v1/things", "/v1/news"}
    else:
        assert "| `STICKPROV_TRIAL_FOLDER` | path | required |" in printed


def test_a_process_with_the_sampling_engine_ends_without_a_word():
    code = "import duckdb; from stickprov_kernel.garbage import settle; settle(); duckdb.sql('SELECT 1').fetchall()"

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert ended.stderr == b""
