"""Each package works where the packages it may not know are not installed at all."""

import re
import subprocess
import sys

import pytest

CONTRACTS, KERNEL = "stickprov_contracts", "stickprov_kernel"
SAMPLER, FINDINGS, REPORTING = "stickprov_sampler", "stickprov_findings", "stickprov_reporting"
CLIENT, LAUNCHER, BACKUPS = "stickprov_client", "stickprov_local", "stickprov_backup"
EVERYTHING = (CONTRACTS, KERNEL, SAMPLER, FINDINGS, REPORTING, CLIENT, LAUNCHER, BACKUPS)

# Imports every module of a package while the others cannot be found, and prints how many it imported.
IMPORT_ALONE = """
import importlib, importlib.abc, pkgutil, sys
package, *absent = sys.argv[1:]

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is not installed here", name=name)

sys.meta_path.insert(0, Absent())
root = importlib.import_module(package)
names = [module.name for module in pkgutil.walk_packages(root.__path__, f"{package}.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names))
"""


@pytest.mark.parametrize(
    ("package", "may_know"),
    [
        (CONTRACTS, ()),
        (KERNEL, (CONTRACTS,)),
        (SAMPLER, (CONTRACTS, KERNEL)),
        (FINDINGS, (CONTRACTS, KERNEL)),
        (REPORTING, (CONTRACTS, KERNEL)),
        (CLIENT, (CONTRACTS,)),
        (LAUNCHER, (CONTRACTS,)),
        (BACKUPS, (CONTRACTS, LAUNCHER)),
    ],
)
def test_a_package_imports_with_what_it_may_know_alone(package, may_know):
    absent = [name for name in EVERYTHING if name not in {package, *may_know}]

    answer = _python("-c", IMPORT_ALONE, package, *absent)

    assert answer.returncode == 0, answer.stderr
    assert int(answer.stdout) > 5


def test_an_absent_package_is_really_absent():
    answer = _python("-c", IMPORT_ALONE, SAMPLER, CONTRACTS)

    assert answer.returncode == 1
    assert re.search(r"stickprov_contracts\S* is not installed here", answer.stderr)


def _python(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
