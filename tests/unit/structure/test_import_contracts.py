"""The import contracts in pyproject.toml bite: each is broken by one line that it is there to refuse."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]
FOLDERS = (
    "contracts",
    "kernel",
    "services/sampler",
    "services/findings",
    "services/reporting",
    "client",
    "deploy/local",
)

OFFENCES = {
    "Contracts import nothing of ours": ("contracts/stickprov_contracts/offence.py", "import stickprov_kernel"),
    "The kernel knows no service": ("kernel/stickprov_kernel/offence.py", "import stickprov_sampler"),
    "No service imports another": ("services/sampler/stickprov_sampler/offence.py", "import stickprov_findings"),
    "Client, launcher and backups import no service": ("client/stickprov_client/offence.py", "import stickprov_kernel"),
    "The verifier of a bundle stands alone": (
        "client/stickprov_client/bundle/verifying/offence.py",
        "import pydantic",
    ),
    "Sampler: app over adapters over domain": (
        "services/sampler/stickprov_sampler/domain/offence.py",
        "import stickprov_sampler.adapters",
    ),
    "Findings: app over adapters over domain": (
        "services/findings/stickprov_findings/domain/offence.py",
        "import stickprov_findings.adapters",
    ),
    "Reporting: app over adapters over domain": (
        "services/reporting/stickprov_reporting/adapters/offence.py",
        "import stickprov_reporting.app",
    ),
    "The domain asks the world nothing: no I/O, no clock, no randomness": (
        "services/reporting/stickprov_reporting/domain/offence.py",
        "import random",
    ),
}


@pytest.fixture
def copy(tmp_path):
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    for folder in FOLDERS:
        for package in (REPOSITORY / folder).glob("stickprov_*"):
            shutil.copytree(package, tmp_path / folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_every_contract_is_broken_by_the_import_it_refuses_and_by_nothing_else(copy):
    for path, line in OFFENCES.values():
        (copy / path).write_text(f"{line}\n")

    told = _lint_imports(copy)

    assert {name for name in OFFENCES if f"{name} BROKEN" in told} == set(OFFENCES)
    assert f"Contracts: 0 kept, {len(OFFENCES)} broken." in told


def test_without_offences_every_contract_is_kept(copy):
    assert f"Contracts: {len(OFFENCES)} kept, 0 broken." in _lint_imports(copy)


def _lint_imports(folder):
    places = os.pathsep.join(str(folder / place) for place in FOLDERS)
    answer = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout
