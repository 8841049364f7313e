"""The options of a request: which of them a design has, and whether they fit each other and the frame."""

from fractions import Fraction
from math import ceil
from typing import Final

from stickprov_contracts.events.sampler import Design, FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_sampler.domain.draw.refusals import AllocationError, DesignError
from stickprov_sampler.domain.draw.survey import MONTH, Survey

_SHARED_OUT: Final = ("stratify_by", "per_stratum", "allocation", "allocate", "standard_deviations")
_SHIFTED: Final = ("shift", "panel")
_OPTIONS: Final[dict[Design, tuple[str, ...]]] = {
    "census": (),
    "simple": ("n", "rate", *_SHIFTED),
    "stratified": ("n", "rate", *_SHARED_OUT, *_SHIFTED),
    "cluster": ("n", "rate", *_SHARED_OUT, *_SHIFTED),
    "per_group": ("per_group", *_SHIFTED),
    "systematic": ("sort_key", "interval"),
    "pps": ("n", "size_column", *_SHIFTED),
}
_OF_SOME_DESIGN: Final = dict.fromkeys(option for options in _OPTIONS.values() for option in options)
_FROM_REGISTER: Final = ("stratum", "unit", "handler", "subunits")
"""Columns that every frame file has, though not every register fills them."""


def columns_of(request: MakeDraw) -> tuple[str, ...]:
    """Return the columns that a request's draw is stratified by."""
    if request.design == "per_group":
        return ("handler",)
    given = request.stratify_by
    if not given:
        return ("unit",) if request.allocate == "per_reviewer" else ()
    return tuple(dict.fromkeys([given] if isinstance(given, str) else given))


def check_options(request: MakeDraw, by: tuple[str, ...], frame: FrameFrozen, survey: Survey) -> None:
    """Refuse options that contradict each other, the design or the frame.

    Raises:
        DesignError: names the option.
    """
    allowed = _OPTIONS[request.design]
    for option in _OF_SOME_DESIGN:
        if option not in allowed and getattr(request, option):
            raise DesignError.at(
                option, f"A {request.design} draw has no {option}. Leave it out, or choose another design."
            )
    if request.panel and request.shift is not None:
        raise DesignError.at("shift", "A panel begins where the series' first draw did. Leave shift or panel out.")
    if request.design == "stratified" and not by:
        raise DesignError.at("stratify_by", "A stratified draw needs stratify_by: “month”, “stratum” or a column.")
    option = "design" if request.design == "per_group" else "stratify_by"
    for column in by:
        _check_column(option, column, frame, survey)
    if survey.clashes:
        names = ", ".join(f"“{name}”" for name in survey.clashes[:5])
        raise DesignError.at("stratify_by", f"Different strata would all be called {names}. Choose other columns.")
    if request.design == "cluster" and "subunits" not in frame.columns:
        raise DesignError.at(
            "design", f"Frame “{frame.frame_name}” was frozen without subunits, so its cases are no clusters."
        )


def _check_column(option: str, column: str, frame: FrameFrozen, survey: Survey) -> None:
    if column == MONTH or column in frame.columns:
        return
    if column in _FROM_REGISTER:
        others = "another column" if len(survey.columns) else "month"
        raise DesignError.at(
            option,
            f"Frame “{frame.frame_name}” was frozen without a {column} column. "
            f"{'Stratify by month' if column == 'stratum' else f'Choose {others}'}.",
        )
    require_column(option, column, survey)


def require_column(option: str, column: str, survey: Survey) -> None:
    """Refuse a column that the frame file does not have.

    Raises:
        DesignError: names the option and the columns that there are.
    """
    columns = [name for name in survey.columns if name != "case_id"]
    if column not in columns:
        raise DesignError.at(option, f"The frame has no column “{column}”. It has {', '.join(columns)}.")


def number_of(request: MakeDraw, frame: FrameFrozen) -> int:
    """Return n, or the rate's share of N rounded up in exact decimals.

    Raises:
        DesignError: neither is given, or both. AllocationError: n is more than there is.
    """
    if (request.n is None) == (request.rate is None):
        raise DesignError.at("n", f"A {request.design} draw needs n, the number of cases, or rate: one of them.")
    if request.rate is not None:
        return ceil(Fraction(request.rate) * frame.size)
    n = request.n or 0
    if n > frame.size:
        raise AllocationError.at(
            "n", f"n is {n}, and frame “{frame.frame_name}” has {frame.size} units. Ask for at most that many."
        )
    return n
