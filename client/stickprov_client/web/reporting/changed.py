"""What has changed in a statistic since a moment: each figure then and now, side by side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from stickprov_client.documents.statistics_table import statistics_table
from stickprov_client.language import intervals, numbers
from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language, marked, texts
from stickprov_client.language.wording import category_text
from stickprov_contracts.http.statistics import Counts, Share, Statistics

Part = TypeVar("Part")

_COUNTS: Final = (
    ("size", marked("Frame N")),
    ("drawn", marked("Drawn n")),
    ("reviewed", marked("Reviewed")),
    ("over_coverage", marked("Over-coverage")),
    ("non_response", marked("Non-response")),
    ("waiting", marked("Waiting")),
    ("remarks", marked("Remarks x")),
)


@dataclass(frozen=True)
class Compared:
    """A figure at two moments, as people read it."""

    name: str
    then: str
    now: str

    @property
    def differs(self) -> bool:
        """Whether it reads otherwise now."""
        return self.then != self.now


@dataclass(frozen=True)
class Changes:
    """What came of comparing.

    Attributes:
        whole: the figures of the whole, changed or not. parts: those of months, units and categories that changed.
        count: how many figures changed of all that are counted, those on no list here, too.
    """

    whole: list[Compared]
    parts: list[Compared]
    count: int


def changes_between(then: Statistics, now: Statistics, language: Language) -> Changes:
    """Compare a statistic as it was known at one moment with the same as it is known at a later one."""
    parts = [one for one in _parts(then, now, language) if one.differs]
    return Changes(list(_whole(then, now, language)), parts, _count(then, now))


def _whole(then: Statistics, now: Statistics, language: Language) -> Iterator[Compared]:
    say = texts(language).gettext
    for name, text in _COUNTS:
        yield Compared(say(text), *(numbers.whole(getattr(one.total, name), language) for one in (then, now)))
    yield Compared(say("With a remark, all together"), *(_share(one.pooled, language) for one in (then, now)))
    yield Compared(
        say("Mean of the months' shares"), *(numbers.percent(one.mean_of_months, language) for one in (then, now))
    )
    yield Compared(say("Weighted share"), *(numbers.percent(one.weighted, language) for one in (then, now)))
    yield Compared(say("Interval"), *(numbers.shares(one.interval, language) for one in (then, now)))
    yield Compared(
        say("Against the tolerance"),
        *(intervals.verdict_word(one.verdict, language) if one.verdict else numbers.NOTHING for one in (then, now)),
    )


def _parts(then: Statistics, now: Statistics, language: Language) -> Iterator[Compared]:
    def counted(counts: Counts) -> str:
        return _share(counts.remark_share, language)

    yield from _pairs(
        {month_name(one.month, language): one for one in then.months},
        {month_name(one.month, language): one for one in now.months},
        counted,
    )
    yield from _pairs(
        {one.unit: one for one in then.units if one.unit},
        {one.unit: one for one in now.units if one.unit},
        lambda one: _share(one.remark_share, language),
    )
    yield from _pairs(
        {category_text(one, language): one for one in then.categories},
        {category_text(one, language): one for one in now.categories},
        lambda one: _share(one.share, language),
    )


def _pairs(then: Mapping[str, Part], now: Mapping[str, Part], written: Callable[[Part], str]) -> Iterator[Compared]:
    for name in dict.fromkeys((*then, *now)):
        before, after = then.get(name), now.get(name)
        yield Compared(
            name,
            written(before) if before is not None else numbers.NOTHING,
            written(after) if after is not None else numbers.NOTHING,
        )


def _share(share: Share, language: Language) -> str:
    return f"{numbers.percent(share.value, language)} ({numbers.ratio(share, language)})"


def _count(then: Statistics, now: Statistics) -> int:
    """Count the figures that are another: cells of the table of all figures, by what they are of."""
    (columns, before), (_, after) = statistics_table(then), statistics_table(now)
    first = columns.index("part")
    names = columns.index("stratum") + 1
    tables = [{tuple(row[first:names]): row[names:] for row in rows} for rows in (before, after)]
    nothing = [None] * (len(columns) - names)
    return sum(
        old != new
        for key in dict.fromkeys((*tables[0], *tables[1]))
        for old, new in zip(tables[0].get(key, nothing), tables[1].get(key, nothing), strict=True)
    )
