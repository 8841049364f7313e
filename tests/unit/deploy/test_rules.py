"""Each alert says what somebody needs who is woken by it, and has a page, a test where it fires and one where not."""

import re

import pytest
import yaml

from support.rules import PAGES, PROMETHEUS, ROOT, Rule, rules

ALERTS = rules("alert")
WATCHDOG = "StickprovWatchdog"
PARTS = ["What it means", "Who is affected", "How to look", "What to do", "When it is over"]

each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


def test_no_two_alerts_share_a_name():
    assert len({alert.name for alert in ALERTS}) == len(ALERTS) > 30


@each_alert
def test_an_alert_says_how_urgent_it_is_what_it_is_and_where_its_page_is(alert: Rule):
    assert re.fullmatch(r"Stickprov([A-Z][a-z]+)+", alert.name)
    assert alert.given["labels"]["severity"] in ({"none"} if alert.name == WATCHDOG else {"page", "ticket"})
    told = alert.given["annotations"]
    assert told["summary"]
    assert told["description"].endswith(".")
    assert told["runbook_url"] == f"{{{{ $externalLabels.docs }}}}/docs/runbook/alerts/{alert.page.name}"


@each_alert
def test_an_alerts_page_tells_all_five_things(alert: Rule):
    text = alert.page.read_text(encoding="utf-8")
    assert text.startswith(f"# {alert.name}\n")
    assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == PARTS
    assert all(part.strip() for part in re.split(r"^## .+$", text, flags=re.MULTILINE)[1:])


def test_each_page_has_its_alert():
    assert set(PAGES.glob("*.md")) == {alert.page for alert in ALERTS}


def test_the_list_of_alerts_has_each_with_its_severity():
    text = (ROOT / "docs/runbook/alerting.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\w+)\]\(alerts/[\w-]+\.md\) \| (\w+) \|", text, flags=re.MULTILINE)
    assert sorted(listed) == sorted((alert.name, alert.given["labels"]["severity"]) for alert in ALERTS)


def test_each_line_of_a_log_that_a_page_names_is_one_that_is_written():
    written = "".join(
        path.read_text(encoding="utf-8") for room in ("kernel", "services") for path in (ROOT / room).rglob("*.py")
    )
    named = {
        name
        for page in PAGES.glob("*.md")
        for told in re.findall(r"\blines? ((?:`[a-z]+(?:-[a-z]+)+`[^`\n]*)+)", page.read_text(encoding="utf-8"))
        for name in re.findall(r"`([a-z-]+)`", told)
    }
    assert len(named) > 10
    assert {name for name in named if f'"{name}"' not in written} == set()


def test_each_alert_fires_in_one_test_and_is_silent_in_another():
    fires: dict[str, set[bool]] = {alert.name: set() for alert in ALERTS}
    for path in (PROMETHEUS / "tests").glob("*.yml"):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for one in test["alert_rule_test"]:
                fires[one["alertname"]].add(bool(one["exp_alerts"]))
    assert fires.pop(WATCHDOG) == {True}
    assert {name for name, seen in fires.items() if seen != {True, False}} == set()


def test_what_is_kept_back_and_why_are_alerts_that_there_are():
    config = yaml.safe_load((ROOT / "deploy/alertmanager/alertmanager.yml").read_text(encoding="utf-8"))
    for rule in config["inhibit_rules"]:
        for matcher in [*rule["source_matchers"], *rule["target_matchers"]]:
            name, operator, pattern = re.fullmatch(r'(\w+) (=|=~|!=) "(.+)"', matcher).groups()
            wanted = pattern.split("|") if operator == "=~" else [pattern]
            known = {alert.name for alert in ALERTS} if name == "alertname" else {"page", "ticket"}
            assert all(any(re.fullmatch(one, each) for each in known) for one in wanted), matcher
