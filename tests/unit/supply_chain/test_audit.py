"""An audit that asked nobody never looks like one that found nothing."""

import io
import json
from datetime import date

import pytest

from support.supply_chain.audit import IF_REACHABLE, IGNORED, IgnoredError, conclude, ignored, read

TODAY = date(2027, 1, 31)
WANTED = ["anyio", "lxml"]
CLEAN = {"name": "anyio", "version": "4.0", "vulns": []}
KNOWN = {"name": "lxml", "version": "6.0", "vulns": [{"id": "PYSEC-2027-1", "fix_versions": ["6.1"]}]}
SKIPPED = {"name": "lxml", "skip_reason": "Dependency not found on PyPI and could not be audited: lxml (6.0)"}


def told(*dependencies: dict, how: str = "") -> tuple[int, str]:
    target = io.StringIO()
    findings = read(json.dumps({"dependencies": list(dependencies)}), WANTED)
    return conclude(findings, [], how, target), target.getvalue()


def test_nothing_known_of_all_packages_passes():
    code, text = told(CLEAN, KNOWN | {"vulns": []})

    assert (code, text) == (0, "audit: passed: nothing is known of 2 packages\n")


@pytest.mark.parametrize("how", ["", IF_REACHABLE])
def test_something_known_fails_however_the_audit_is_run_and_says_where_it_is_mended(how):
    code, text = told(CLEAN, KNOWN, how=how)

    assert code == 1
    assert "lxml 6.0: PYSEC-2027-1, fixed in 6.1" in text
    assert text.endswith("audit: FAILED: 1 known vulnerabilities in requirements.lock\n")


@pytest.mark.parametrize(
    "answer", ["", "no JSON", "[]", '{"dependencies": []}', '{"dependencies": [{"name": "lxml"}]}']
)
def test_an_advisory_service_that_does_not_answer_is_no_pass(answer):
    for how, expected in (("", 3), (IF_REACHABLE, 0)):
        target = io.StringIO()
        assert conclude(read(answer, WANTED), [], how, target) == expected
        assert target.getvalue() == "audit: NOT DONE: 2 of 2 packages were not looked up (no answer)\n"


def test_one_package_that_was_not_looked_up_is_no_pass_either():
    code, text = told(CLEAN, SKIPPED)

    assert code == 3
    assert "NOT DONE: 1 of 2" in text
    assert "passed" not in text


def test_what_is_left_out_has_a_reason_and_a_last_day():
    assert ignored("# nothing\n\nPYSEC-2027-1 2027-01-31 not reachable from our code # see 40\n", TODAY) == [
        "PYSEC-2027-1"
    ]
    for wrong in ("PYSEC-2027-1", "PYSEC-2027-1 2027-02-01", "PYSEC-2027-1 soon it is fine"):
        with pytest.raises(IgnoredError, match="line 1: write the advisory's id"):
            ignored(wrong, TODAY)
    with pytest.raises(IgnoredError, match="until 2027-01-30; look again"):
        ignored("PYSEC-2027-1 2027-01-30 once fine", TODAY)


def test_the_file_of_what_is_left_out_can_be_read():
    assert ignored(IGNORED.read_text(encoding="utf-8"), TODAY) == []
