"""What promtool says of the configuration that operators mount."""

from support.operating import DEPLOY, answer_of


def test_promtool_takes_the_configuration() -> None:
    assert "SUCCESS" in answer_of("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yml")
