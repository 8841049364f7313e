"""What the services may say no to has a title in both languages."""

import importlib
import pkgutil
from collections.abc import Iterator

import stickprov_findings
import stickprov_kernel
import stickprov_reporting
import stickprov_sampler
from stickprov_client.language.problems import title_of
from stickprov_contracts.problems import Problem
from stickprov_kernel.errors import StickprovError

PACKAGES = (stickprov_kernel, stickprov_sampler, stickprov_findings, stickprov_reporting)


def refusals() -> Iterator[type[StickprovError]]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    waiting = [StickprovError]
    while waiting:
        found = waiting.pop().__subclasses__()
        waiting += found
        yield from (refusal for refusal in found if refusal.__module__.split(".")[0].startswith("stickprov_"))


def problem(code: str, title: str) -> Problem:
    return Problem(type=f"urn:stickprov:problem:{code}", title=title, status=409, detail="", code=code)


def test_every_refusal_has_a_swedish_title_and_keeps_its_english_one():
    titles = {(refusal.code, refusal.title) for refusal in refusals()}

    untold = [code for code, title in sorted(titles) if title_of(problem(code, title), "sv") == title]
    otherwise = [code for code, title in sorted(titles) if title_of(problem(code, title), "en") != title]

    assert len(titles) > 30
    assert untold == []
    assert otherwise == []


def test_a_code_from_a_newer_service_is_said_as_the_service_said_it():
    assert title_of(problem("quite-new", "Quite new"), "sv") == "Quite new"
