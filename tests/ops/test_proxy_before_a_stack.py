"""The whole of Stickprov behind the proxy: pages, and the command that is given one address."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.proxy import NAME, Proxy, https_port, running_proxy
from support.stack import LocalStack


@pytest.fixture(scope="module")
def stack_and_proxy(
    session_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[LocalStack, Proxy]]:
    folder = session_folder / "behind-a-proxy"
    folder.mkdir()
    port = https_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STICKPROV_WEB_SERVICES_URL", f"https://{NAME}:{port}/services")
        for name in ("WEB", "SAMPLER", "FINDINGS", "REPORTING"):
            environment.setenv(f"STICKPROV_{name}_TRUSTED_PROXIES", "127.0.0.1")
        stack = LocalStack(folder)
        with closing(stack):
            stack.start()
            urls = json.loads((stack.data / "stack.json").read_text())["urls"]
            behind = {name: urlsplit(url).netloc for name, url in urls.items()}
            with running_proxy(tmp_path_factory.mktemp("proxy"), behind, port) as proxy:
                yield stack, proxy


def stickprov(stack: LocalStack, proxy: Proxy, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("stickprov"), "--url", proxy.url, "--lang", "en", *arguments],
        env=os.environ | {"SSL_CERT_FILE": str(proxy.authority), "STICKPROV_TOKEN": stack.token("ops")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_pages_are_answered_over_tls(stack_and_proxy):
    _, proxy = stack_and_proxy
    with proxy.browser() as browser:
        page = browser.get("/sign-in")

    assert page.status_code == 200
    assert "<form" in page.text
    assert page.headers.get_list("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_form_of_our_own_is_taken_and_the_cookie_is_for_tls_alone(stack_and_proxy):
    _, proxy = stack_and_proxy
    with proxy.browser() as browser:
        token = browser.get("/sign-in").text.partition('name="form-token" value="')[2].partition('"')[0]
        form = {"form-token": token, "account": "coordinator"}
        signed_in = browser.post("/sign-in", data=form, headers={"Origin": proxy.url})
        queue = browser.get("/", follow_redirects=True)

    assert signed_in.status_code == 303, signed_in.text
    assert all("Secure" in cookie for cookie in signed_in.headers.get_list("Set-Cookie"))
    assert queue.status_code == 200
    assert "coordinator" in queue.text


def test_the_command_finds_its_way_from_the_one_address(stack_and_proxy):
    stack, proxy = stack_and_proxy

    told = stickprov(stack, proxy, "doctor", "--json")

    assert told.returncode == 0, told.stdout + told.stderr
    assert json.loads(told.stdout)["healthy"] is True


def test_the_command_is_sent_through_the_proxy_alone(stack_and_proxy):
    _, proxy = stack_and_proxy
    with proxy.browser() as browser:
        addresses = browser.get("/.well-known/stickprov").json()

    assert {name: addresses[name] for name in ("sampler", "findings", "reporting")} == {
        name: f"{proxy.url}/services/{name}" for name in ("sampler", "findings", "reporting")
    }


def test_a_command_that_does_not_know_the_authority_does_not_go_on(stack_and_proxy):
    stack, proxy = stack_and_proxy

    refused = subprocess.run(
        [Path(sys.executable).with_name("stickprov"), "--url", proxy.url, "--lang", "en", "doctor"],
        env=os.environ | {"STICKPROV_TOKEN": stack.token("ops")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == 1
    assert "certificate" in refused.stdout.lower()


def test_metrics_are_refused_although_they_are_there(stack_and_proxy):
    _, proxy = stack_and_proxy
    with proxy.browser() as browser:
        for path in ("/metrics", "/services/sampler/metrics", "/services/findings/metrics"):
            assert browser.get(path).status_code == 404
        assert browser.get("/services/sampler/health/live").text == "alive\n"
