"""What promtool and amtool say of the configuration that operators mount."""

import pytest

from support.operating import DEPLOY, answer_of

RULES = sorted((DEPLOY / "prometheus/rules").glob("*.yml"))
RULE_TESTS = sorted((DEPLOY / "prometheus/tests").glob("*.yml"))
ALERTMANAGER = DEPLOY / "alertmanager/alertmanager.yml"


def test_promtool_takes_the_configuration() -> None:
    told = answer_of("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yml")
    assert f"SUCCESS: {len(RULES)} rule files found" in told


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_promtool_takes_the_rules(rules) -> None:
    assert "SUCCESS" in answer_of("promtool", "check", "rules", "--lint-fatal", rules)


@pytest.mark.parametrize("tests", RULE_TESTS, ids=lambda path: path.stem)
def test_each_alert_fires_and_stays_silent_as_its_tests_say(tests) -> None:
    assert "SUCCESS" in answer_of("promtool", "test", "rules", tests)


def test_amtool_takes_the_configuration_of_the_alertmanager() -> None:
    assert "SUCCESS" in answer_of("amtool", "check-config", ALERTMANAGER)


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=StickprovRelayStopped", "severity=page", "job=findings"), "duty"),
        (("alertname=StickprovQuarantine", "severity=ticket", "job=reporting"), "desk"),
        (("alertname=StickprovWatchdog", "severity=none"), "watchdog"),
    ],
)
def test_an_alert_reaches_who_is_there_for_it(labels, receiver) -> None:
    told = answer_of("amtool", "config", "routes", "test", "--config.file", ALERTMANAGER, *labels)
    assert told.splitlines()[-1].startswith(receiver)
