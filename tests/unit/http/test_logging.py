"""One line an event, from us and from the libraries, without what somebody typed."""

import logging
import re
import warnings

import asyncpg
import pytest
import structlog
from pydantic import BaseModel

from stickprov_kernel.logging import configure
from stickprov_kernel.tracebacks import safe_traceback
from support.logs import Logged, logging_to_memory

NAME = "Svea Svensson"


class Person(BaseModel):
    age: int


def test_an_event_is_one_json_line_with_service_time_and_level(logged: Logged):
    structlog.stdlib.get_logger("stickprov.trial").info("drawn", cases=3, where="Örebro")
    [line] = logged.lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("time"))
    assert line == {
        "event": "drawn",
        "cases": 3,
        "where": "Örebro",
        "level": "info",
        "logger": "stickprov.trial",
        "service": "trial",
    }


def test_what_is_bound_to_the_request_is_in_each_line(logged: Logged):
    with structlog.contextvars.bound_contextvars(correlation_id="c"):
        structlog.stdlib.get_logger().info("first")
        logging.getLogger("aiokafka.consumer").warning("second")
    assert [(line["event"], line["correlation_id"]) for line in logged.lines()] == [("first", "c"), ("second", "c")]


def test_the_libraries_loggers_speak_the_same_way(logged: Logged):
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7, extra={"color_message": "x"})
    [line] = logged.lines()
    assert (line["event"], line["logger"], line["level"], line["service"]) == (
        "Started server process [7]",
        "uvicorn.error",
        "info",
        "trial",
    )
    assert "color_message" not in line


def test_loggers_that_name_addresses_are_quiet(logged: Logged):
    logging.getLogger("httpx").info("HTTP Request: GET http://api/v1/cases?like=Svea")
    assert logged.lines() == []


def test_warnings_are_lines_too(logged: Logged):
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    assert [line["logger"] for line in logged.lines()] == ["py.warnings"]


def test_less_than_the_level_is_not_logged():
    with logging_to_memory("warning") as quiet:
        structlog.stdlib.get_logger("stickprov.trial").info("drawn")
        structlog.stdlib.get_logger("stickprov.trial").warning("late")
    assert [line["event"] for line in quiet.lines()] == ["late"]


def test_people_can_have_it_more_readable():
    with logging_to_memory("info", "console") as readable:
        structlog.stdlib.get_logger("stickprov.trial").info("drawn", cases=3)
        try:
            fail_lookup()
        except KeyError:
            structlog.stdlib.get_logger("stickprov.trial").exception("fault")
    assert "drawn" in readable.text
    assert "cases=3" in readable.text
    assert "test_logging.py" in readable.text
    assert NAME not in readable.text


def fail_validation() -> None:
    Person.model_validate({"age": NAME})


def fail_lookup() -> None:
    {}[NAME]


def fail_conversion() -> None:
    int(NAME)


def fail_in_the_database() -> None:
    error = asyncpg.UniqueViolationError(f"Key (name)=({NAME}) already exists.")
    error.detail = f"Key (name)=({NAME}) already exists."
    error.constraint_name = "vault_name_key"
    raise error


def fail_with_a_cause() -> None:
    try:
        fail_conversion()
    except ValueError as error:
        raise RuntimeError("no frame") from error


def fail_many() -> None:
    raise ExceptionGroup("several", [KeyError(NAME), RuntimeError("one of them")])


@pytest.mark.parametrize(
    ("fail", "expected"),
    [
        (fail_validation, ["pydantic_core._pydantic_core.ValidationError"]),
        (fail_lookup, ["KeyError"]),
        (fail_conversion, ["ValueError"]),
        (
            fail_in_the_database,
            ["asyncpg.exceptions.UniqueViolationError: state 23505, constraint vault_name_key"],
        ),
        (fail_with_a_cause, ["ValueError", "RuntimeError: no frame"]),
        (fail_many, ["ExceptionGroup: several (2 sub-exceptions)", "KeyError", "RuntimeError: one of them"]),
    ],
)
def test_a_traceback_says_where_and_what_kind_but_not_what_was_typed(logged: Logged, fail, expected):
    for log in (structlog.stdlib.get_logger(), logging.getLogger("aiokafka")):
        try:
            fail()
        except Exception:
            log.exception("fault")
    assert len(logged.lines("fault")) == 2
    for line in logged.lines("fault"):
        places = [text for text in line["traceback"].splitlines() if not text.startswith("  ")]
        assert places == expected
        assert f"in {fail.__name__}" in line["traceback"]
    assert NAME not in logged.text


def test_a_chain_of_causes_without_end_is_cut():
    error = RuntimeError("0")
    for number in range(1, 100):
        outer = RuntimeError(str(number))
        outer.__cause__ = error
        error = outer
    assert safe_traceback(error).splitlines() == [f"RuntimeError: {number}" for number in range(94, 100)]


def test_configuring_twice_does_not_log_twice(logged: Logged):
    configure("trial", "info", stream=logged.stream)
    structlog.stdlib.get_logger().info("drawn")
    assert len(logged.lines("drawn")) == 1
