"""The bill of materials holds what the lock file holds, with hashes, licences and who needs whom."""

import pytest

from support.supply_chain.lock import locked
from support.supply_chain.sbom import bill


@pytest.fixture(scope="module")
def made() -> dict:
    return bill()


def test_it_is_ours_and_holds_every_package_of_the_lock(made):
    ours = made["metadata"]["component"]

    assert (ours["name"], ours["licenses"][0]["license"]["id"]) == ("stickprov", "Apache-2.0")
    held = {(one["name"].lower().replace("_", "-"), one["version"]) for one in made["components"]}
    assert held == {(one.name, one.version) for one in locked()}


def test_every_component_has_a_purl_hashes_and_a_licence(made):
    for one in made["components"]:
        assert one["purl"].startswith("pkg:pypi/")
        assert one["externalReferences"][0]["hashes"][0]["alg"] == "SHA-256"
        (licence,) = one["licenses"]
        assert licence.get("expression") or licence["license"]["id"]


def test_it_says_who_needs_whom(made):
    by_ref = {one["bom-ref"]: one["name"] for one in made["components"]}
    needs = {one["ref"]: {by_ref[ref] for ref in one["dependsOn"]} for one in made["dependencies"]}

    assert {"fastapi", "asyncpg", "cryptography"} <= needs[made["metadata"]["component"]["bom-ref"]]
    assert "starlette" in needs[next(ref for ref, name in by_ref.items() if name == "fastapi")]


def test_it_names_no_address_but_the_public_index(made):
    urls = {reference["url"] for one in made["components"] for reference in one["externalReferences"]}

    assert all(url.startswith("https://pypi.org/") for url in urls)
