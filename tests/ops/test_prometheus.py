"""A whole stack under a real Prometheus and Alertmanager: it is seen, and somebody is told when it stops publishing."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import httpx
import pytest

from stickprov_contracts.http.headers import COMMAND_ID
from support import dashboards
from support.monitored import Monitoring, monitoring
from support.played_stack import PlayedStack
from support.waiting import wait_until

ALERT = "StickprovRelayStopped"
EMPTY_WHEN_WELL = {
    "operations: Conditions that are not met",
    "operations: Alerts",
    "operations: Faults by route",
    "operations: Figures that are stale",
    # It is read for the first time a minute after the start.
    "operations: Last read whole",
    # The first one of a new log is made after five minutes.
    "operations: Age of the newest checkpoint",
    # The local stack has no sign-in provider, and speaks to nobody over TLS.
    "operations: Age of the sign-in's keys",
    "operations: Certificates last",
}


@pytest.fixture(scope="module")
def addresses(played_stack: PlayedStack) -> dict[str, str]:
    found = httpx.get(f"{played_stack.url}/.well-known/stickprov").json()
    return {name: found[name] for name in ("sampler", "findings", "reporting")} | {"web": played_stack.url}


@pytest.fixture(scope="module")
def watched(session_folder, addresses: dict[str, str]) -> Iterator[Monitoring]:
    with monitoring(session_folder / "monitoring", addresses) as running:
        yield running


def test_every_target_is_up(watched: Monitoring) -> None:
    jobs = ("sampler", "findings", "reporting", "web", "prometheus", "alertmanager")
    wait_until(lambda: watched.targets() == dict.fromkeys(jobs, "up"), bound=60, what="every target")


def test_a_stack_that_is_well_is_no_alert_but_the_one_that_always_fires(watched: Monitoring) -> None:
    wait_until(lambda: bool(watched.alerts("StickprovWatchdog")), bound=60, what="the first alert")
    # While everything begins, a service may not have been asked for its metrics yet.
    wait_until(
        lambda: watched.ask('ALERTS{alertstate="firing",severity="page"}') == [], bound=30, what="the end of every page"
    )


def test_every_rule_is_evaluated_without_a_fault(watched: Monitoring) -> None:
    groups = httpx.get(f"{watched.prometheus}/api/v1/rules").json()["data"]["groups"]
    assert len(groups) == 6
    assert [rule for group in groups for rule in group["rules"] if rule.get("lastError")] == []


@pytest.mark.parametrize("dashboard", ["operations", "controls"])
def test_every_panel_of_a_dashboard_is_answered_and_has_data_where_the_stack_makes_it(
    watched: Monitoring, dashboard: str
) -> None:
    asked = [(title, one) for title, one in dashboards.expressions() if title.startswith(f"{dashboard}: ")]

    def empty() -> set[str]:
        return {title for title, one in asked if not watched.ask(one.replace("$__rate_interval", "1m"))}

    with suppress(TimeoutError):
        wait_until(lambda: empty() <= EMPTY_WHEN_WELL, bound=30)
    assert empty() - EMPTY_WHEN_WELL == set()


def test_a_relay_that_stopped_is_an_alert_until_it_publishes_again(
    played_stack: PlayedStack, addresses: dict[str, str], watched: Monitoring
) -> None:
    broker = json.loads((played_stack.data / "stack.json").read_text())["pids"]["broker"]
    with going_on(addresses["sampler"], played_stack):
        os.kill(broker, signal.SIGSTOP)
        try:
            wait_until(lambda: bool(watched.alerts(ALERT)), bound=90, what=f"{ALERT} at the Alertmanager")
            [fired] = [one for one in watched.alerts(ALERT) if one["labels"]["job"] == "sampler"]
            wait_until(lambda: watched.duty.told(ALERT, "firing"), bound=30, what="the duty's being told")
        finally:
            os.kill(broker, signal.SIGCONT)
        wait_until(lambda: not watched.alerts(ALERT), bound=90, what=f"the end of {ALERT}")
        wait_until(lambda: watched.duty.told(ALERT, "resolved"), bound=30, what="the duty's being told of the end")

    assert fired["labels"]["severity"] == "page"
    assert fired["status"]["state"] == "active"
    assert fired["annotations"]["summary"] == "sampler publishes nothing"
    assert fired["annotations"]["runbook_url"].endswith("/docs/runbook/alerts/stickprov-relay-stopped.md")
    assert "docs" not in fired["labels"]


@contextmanager
def going_on(sampler: str, stack: PlayedStack) -> Iterator[None]:
    """Have somebody define control points all the time, as people go on with their work while the broker is away."""
    over = threading.Event()
    token = stack.token_file("coordinator").read_text()
    refused: list[str] = []

    def define() -> None:
        number = 0
        with httpx.Client(base_url=sampler, headers={"Authorization": f"Bearer {token}"}) as client:
            while not over.wait(0.2):
                number += 1
                body = {"number": str(number), "year": 2021, "board": "Socialnämnden", "area": "A", "measure": "M"}
                path = f"/v1/control-points/WATCHED-{number}"
                answer = client.put(path, json=body | {"unit_name": "hushåll"}, headers={COMMAND_ID: str(uuid4())})
                if not answer.is_success:
                    refused.append(answer.text)

    worker = threading.Thread(target=define)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()
    assert not refused, refused[0]
