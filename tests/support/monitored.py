"""A stack watched as in production: a real Prometheus and Alertmanager with the files that operators mount.

What differs is said here: targets are the stack's instead of names, the people who are told are this test, and every
duration is a twentieth (``quicker``), so that an alert that waits three minutes is seen in nine seconds.
"""

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx
import yaml

from stickprov_local import processes
from stickprov_local.ports import LOOPBACK, free_port
from support.operating import DEPLOY, program
from support.waiting import wait_until

QUICKER: Final = 20
"""How many times quicker everything goes."""

_UNITS: Final[Mapping[str, int]] = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION: Final = re.compile(r"(\d+)([smhd])")


@dataclass
class Duty:
    """Who is told of alerts: an address on this machine that keeps what it is sent."""

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)

    def told(self, alert: str, status: str) -> bool:
        """Tell whether a message said that an alert is ``firing`` or ``resolved``."""
        return any(
            one["labels"]["alertname"] == alert and one["status"] == status
            for message in self.messages
            for one in message["alerts"]
        )


@dataclass(frozen=True)
class Monitoring:
    """Addresses of the two programs, and who is told."""

    prometheus: str
    alertmanager: str
    duty: Duty

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """Return the answer to an expression, a list of series. Fails when Prometheus cannot answer it."""
        answer = httpx.get(f"{self.prometheus}/api/v1/query", params={"query": expression}, timeout=30)
        assert answer.status_code == 200, f"{expression}\n{answer.text}"
        result: list[dict[str, Any]] = answer.json()["data"]["result"]
        return result

    def targets(self) -> dict[str, str]:
        """Return the health of each job's targets."""
        active = httpx.get(f"{self.prometheus}/api/v1/targets").json()["data"]["activeTargets"]
        return {one["labels"]["job"]: one["health"] for one in active}

    def alerts(self, name: str) -> list[dict[str, Any]]:
        """Return the alerts of a name that the Alertmanager has now."""
        found: list[dict[str, Any]] = httpx.get(
            f"{self.alertmanager}/api/v2/alerts", params={"filter": f'alertname="{name}"'}
        ).json()
        return found


@contextmanager
def monitoring(folder: Path, targets: Mapping[str, str]) -> Iterator[Monitoring]:
    """Watch some services by their addresses for as long as the block runs, with everything quicker."""
    folder.mkdir(parents=True)
    prometheus, alertmanager = (f"http://{LOOPBACK}:{free_port()}" for _ in range(2))
    with ExitStack() as stack:
        duty = stack.enter_context(_duty())
        told = {**targets, "prometheus": prometheus, "alertmanager": alertmanager}
        _write(folder / "alertmanager.yml", _alertmanager_config(duty.url, folder))
        _write(folder / "prometheus.yml", _prometheus_config(told))
        for rules in (DEPLOY / "prometheus/rules").glob("*.yml"):
            _write(folder / "rules" / rules.name, quicker(yaml.safe_load(rules.read_text())))
        stack.enter_context(
            _running(
                *(folder, "prometheus-alertmanager", alertmanager),
                *(f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alerts"),
                "--cluster.listen-address=",
            )
        )
        stack.enter_context(
            _running(
                *(folder, "prometheus", prometheus),
                *(f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/series"),
                # An alert that came before the Alertmanager was known is sent again, by itself after a minute.
                "--rules.alert.resend-delay=2s",
            )
        )
        yield Monitoring(prometheus, alertmanager, duty)


def quicker(given: Any) -> Any:
    """Return a configuration or rules with every duration a twentieth; half a second at least."""
    match given:
        case dict():
            return {key: quicker(value) for key, value in given.items()}
        case list():
            return [quicker(value) for value in given]
        case str() if _DURATION.fullmatch(given):
            return _twentieth(given)
        case str():
            return re.sub(r"\[(\d+[smhd])\]", lambda found: f"[{_twentieth(found[1])}]", given)
    return given


def _twentieth(duration: str) -> str:
    found = _DURATION.fullmatch(duration)
    assert found is not None
    milliseconds = int(found[1]) * _UNITS[found[2]] * 1000 // QUICKER
    return f"{max(milliseconds, 500) if milliseconds else 0}ms"


def _prometheus_config(targets: Mapping[str, str]) -> dict[str, Any]:
    config = quicker(yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text()))
    for job in config["scrape_configs"]:
        _aim(job, targets[job["job_name"]])
    for alertmanager in config["alerting"]["alertmanagers"]:
        _aim(alertmanager, targets["alertmanager"])
    # A scrape may take its time: it is the machine of the tests that is slow.
    config["global"]["scrape_timeout"] = config["global"]["scrape_interval"] = "2s"
    return dict(config)


def _aim(config: dict[str, Any], address: str) -> None:
    config.pop("dns_sd_configs", None)
    config["static_configs"] = [{"targets": [address.removeprefix("http://")]}]


def _alertmanager_config(duty: str, folder: Path) -> dict[str, Any]:
    config = quicker(yaml.safe_load((DEPLOY / "alertmanager/alertmanager.yml").read_text()))
    token = folder / "token"
    token.write_text("a token of the tests", encoding="utf-8")
    config["global"]["smtp_smarthost"] = f"{LOOPBACK}:9"
    for receiver in config["receivers"]:
        for webhook in receiver.get("webhook_configs", ()):
            webhook["url"] = duty
            webhook["http_config"]["authorization"]["credentials_file"] = str(token)
    return dict(config)


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@contextmanager
def _running(folder: Path, name: str, address: str, *options: str) -> Iterator[None]:
    log = folder / f"{name}.log"
    with log.open("wb") as output:
        child = subprocess.Popen(
            [program(name), *options, f"--web.listen-address={address.removeprefix('http://')}"],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: _answers(child, f"{address}/-/ready", log), bound=60, what=name)
        yield
    finally:
        child.terminate()
        child.wait(30)


def _answers(child: subprocess.Popen[bytes], address: str, log: Path) -> bool:
    assert child.poll() is None, processes.last_lines(log)
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


@contextmanager
def _duty() -> Iterator[Duty]:
    duty = Duty()
    server = ThreadingHTTPServer((LOOPBACK, 0), _keeping(duty.messages.append))
    duty.url = f"http://{LOOPBACK}:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield duty
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _keeping(keep: Callable[[dict[str, Any]], None]) -> type[BaseHTTPRequestHandler]:
    class Keeping(BaseHTTPRequestHandler):
        """Takes a message and says yes."""

        def do_POST(self) -> None:
            keep(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    return Keeping
