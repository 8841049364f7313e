"""The generated documents say what the code says."""

import json

import pytest

from support.reference import ROOT, SERVICES, documents


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return documents()


PATHS = [
    *(f"docs/reference/{page}.md" for page in ("authorisation", "cli", "events", "problems", "round-trips")),
    *(f"docs/reference/api/{service}.md" for service in SERVICES),
    "docs/reference/settings.md",
    *(f"deploy/grafana/dashboards/{name}.json" for name in ("controls", "operations")),
    *(f"contracts/schemas/openapi/{service}.json" for service in SERVICES),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_reference_document_is_what_the_code_says(generated: dict[str, str], path: str):
    assert (ROOT / path).read_text(encoding="utf-8") == generated[path], "run `make reference`"


def test_every_generated_document_is_compared(generated: dict[str, str]):
    assert sorted(generated) == sorted(PATHS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_services_speak_openapi_3_1_and_explain_their_problems(generated: dict[str, str], service: str):
    document = json.loads(generated[f"contracts/schemas/openapi/{service}.json"])

    assert document["openapi"].startswith("3.1")
    for path, operations in document["paths"].items():
        if path.startswith("/v1/"):
            for operation in operations.values():
                assert "application/problem+json" in operation["responses"]["4XX"]["content"]
