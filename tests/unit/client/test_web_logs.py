"""The web application's log lines tell kind and place of a fault, and nothing of whom a page was about."""

import io
import json
import logging
import sys

import httpx
import pytest
import structlog
from pydantic import BaseModel

from stickprov_client.api import MalformedAnswer
from stickprov_client.web.logs import configure_logs

ANNA = "Anna Planterad"


class Shown(BaseModel):
    age: int


@pytest.fixture
def lines(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    kept = logging.getLogger().handlers[:]
    configure_logs("info")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().handlers[:] = kept
    structlog.reset_defaults()


def refused_by_pydantic():
    Shown.model_validate({"age": ANNA})


def not_there():
    raise KeyError(ANNA)


def an_address():
    raise httpx.ConnectError(f"https://example.se/?name={ANNA}")


def an_answer():
    try:
        refused_by_pydantic()
    except ValueError as error:
        raise MalformedAnswer(f"no answer of ours: {ANNA}") from error


@pytest.mark.parametrize("fail", [refused_by_pydantic, not_there, an_address, an_answer])
@pytest.mark.parametrize("logger", [structlog.get_logger("stickprov.web"), logging.getLogger("uvicorn.error")])
def test_an_error_that_quotes_somebody_is_logged_without_them(lines, logger, fail):
    try:
        fail()
    except Exception:
        logger.exception("page failed")

    (line,) = lines()
    assert "test_web_logs.py" in line["exception"]
    assert fail.__name__ in line["exception"]
    assert ANNA not in json.dumps(line)


def test_an_error_that_quotes_nobody_says_what_it_was(lines):
    logging.getLogger("web").error("page failed", exc_info=RuntimeError("the pool is closed"))

    (line,) = lines()
    assert line["exception"].endswith("RuntimeError: the pool is closed")
