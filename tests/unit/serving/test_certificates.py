"""When a certificate expires is what its file says now; a file that says nothing is told as expired."""

import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from stickprov_client.web.counting import watch_certificate
from stickprov_contracts.serving.certificates import expiry
from support.certificates import Authority

DAY = 86400


def test_a_certificate_expires_when_it_says(tmp_path: Path):
    certificate = Authority(tmp_path).certify("stickprov.example").certificate
    assert expiry(certificate) == pytest.approx(time.time() + DAY, abs=600)


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"\xff\xfe"])
def test_a_file_without_a_certificate_is_like_one_that_has_expired(tmp_path: Path, content):
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    assert expiry(file) == 0


def test_the_first_one_to_expire_counts(tmp_path: Path):
    both = tmp_path / "both.pem"
    one, other = (Authority(tmp_path, name).certify("localhost").certificate for name in ("first", "second"))
    both.write_bytes(other.read_bytes() + one.read_bytes())
    assert expiry(both) == min(expiry(one), expiry(other))


def test_a_certificate_that_is_replaced_is_told_without_a_restart(tmp_path: Path):
    registry, file = CollectorRegistry(), tmp_path / "proxy.crt"
    watch_certificate(registry, file)

    def told() -> float | None:
        name = "stickprov_web_certificate_expires_timestamp_seconds"
        return registry.get_sample_value(name, {"certificate": "address"})

    assert told() == 0
    file.write_bytes(Authority(tmp_path).certify("stickprov.example").certificate.read_bytes())
    assert told() == expiry(file) > 0
