"""What we ship may be shipped: no package of the runtime's lock is under a licence that reaches into our own code."""

import re

import pytest

from support.supply_chain.lock import LOCK, locked

ALLOWED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",  # its own files alone
    "PSF-2.0",
    "Zlib",
}


def test_every_package_of_the_runtime_is_under_a_licence_that_we_may_ship():
    said = {one.name: one.licence for one in locked()}

    assert len(said) > 50
    assert {name for name, licence in said.items() if licence is None} == set()
    parts = {name: set(re.split(r" (?:AND|OR|WITH) |[()]", licence or "")) - {""} for name, licence in said.items()}
    assert {name: licence for name, licence in parts.items() if not licence <= ALLOWED} == {}


def test_the_lock_file_pins_every_package_with_a_hash(tmp_path):
    assert len(list(locked(LOCK))) > 50
    broken = tmp_path / "broken.lock"
    for line in ("anyio>=4.0\n    --hash=sha256:00\n", "anyio==4.0\n", "anyio @ https://example.org/anyio.zip\n"):
        broken.write_text(line)
        with pytest.raises(ValueError, match=r"line 1: no exact version with a hash"):
            list(locked(broken))
