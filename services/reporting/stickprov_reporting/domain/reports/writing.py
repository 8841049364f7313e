"""Numbers, dates and lists as readers of Swedish or English expect them: ``20,4 %``, ``1 353``, no-break spaces."""

import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_datetime, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from stickprov_contracts.http.reports import ReportLanguage
from stickprov_contracts.http.statistics import Interval, Share
from stickprov_reporting.domain.reports.withheld import SIGN, is_withheld

NOTHING: Final = "–"
"""Stands where there is no number to show."""

_NBSP: Final = "\N{NO-BREAK SPACE}"
_PERCENT: Final[dict[ReportLanguage, str]] = {"sv": f"#,##0.0{_NBSP}%", "en": "#,##0.0%"}
_LOCALES: Final[dict[ReportLanguage, str]] = {"sv": "sv_SE", "en": "en_GB"}
_LETTERS_AFTER_Z: Final = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"}
"""Å, ä and ö stand after z, in this order; so do the signs that follow z in Unicode."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for readers of one language."""

    language: ReportLanguage

    def say(self, sv: str, en: str) -> str:
        """Return what stands in the reader's language."""
        return sv if self.language == "sv" else en

    def whole(self, number: float | Decimal | None) -> str:
        """Write a number without decimals: ``1 353``; its sign where it is left out."""
        if is_withheld(number):
            return SIGN
        return NOTHING if number is None else format_decimal(number, format="#,##0", locale=self._locale)

    def number(self, number: float | Decimal | None, decimals: int = 1) -> str:
        """Write a number with the decimals it has, at most so many: ``0,62``."""
        if is_withheld(number):
            return SIGN
        pattern = "#,##0." + "#" * decimals
        return NOTHING if number is None else format_decimal(number, format=pattern, locale=self._locale)

    def percent(self, share: float | Decimal | None) -> str:
        """Write a share as a percentage with one decimal: ``58,9 %``."""
        return NOTHING if share is None else format_percent(share, format=self._percent, locale=self._locale)

    def precise_percent(self, share: float | Decimal) -> str:
        """Write a share that somebody has set, with the decimals it has: ``10 %``, ``7,5 %``."""
        return format_percent(share, format=self._percent.replace("0.0", "0.####"), locale=self._locale)

    def percents(self, lower: float, upper: float) -> str:
        """Write two shares as a range: ``16,9–23,9 %``."""
        sign = f"{_NBSP}%" if self.language == "sv" else "%"
        return f"{self.percent(lower).removesuffix(sign)}–{self.percent(upper)}"

    def limits(self, interval: Interval) -> str:
        """Write an interval's limits in units, in words: ``1 353 till 1 913``."""
        return f"{self.whole(interval.lower)} {self.say('till', 'to')} {self.whole(interval.upper)}"

    def ratio(self, share: Share) -> str:
        """Write what a share is made of: ``104 av 509``."""
        return f"{self.whole(share.numerator)} {self.say('av', 'of')} {self.whole(share.denominator)}"

    def share(self, share: Share) -> str:
        """Write a share with what it is made of: ``20,4 % (104 av 509)``."""
        return SIGN if is_withheld(share.numerator) else f"{self.percent(share.value)} ({self.ratio(share)})"

    def day(self, day: date) -> str:
        """Write a day: ``1 november 2021``."""
        return format_date(day, "d MMMM y", locale=self._locale)

    def days(self, first: date, last: date) -> str:
        """Write a first and a last day: ``1 januari 2021 till och med 31 mars 2021``."""
        if first == last:
            return self.day(first)
        return f"{self.day(first)} {self.say('till och med', 'to')} {self.day(last)}"

    def moment(self, moment: datetime) -> str:
        """Write a moment: ``22 november 2026 kl. 11:05 UTC``."""
        return (
            format_datetime(moment, self.say("d MMMM y 'kl.' HH:mm", "d MMMM y, HH:mm"), locale=self._locale) + " UTC"
        )

    def month(self, month: str) -> str:
        """Write ``2021-03`` as ``mars 2021``."""
        return format_date(_first_day(month), "LLLL y", locale=self._locale)

    def month_name(self, month: str) -> str:
        """Write ``2021-03`` as ``mars``."""
        return format_date(_first_day(month), "LLLL", locale=self._locale)

    def short_month(self, month: str) -> str:
        """Write ``2021-03`` as ``mars`` or ``Mar``: for the axis of a chart."""
        names = get_month_names("abbreviated", context="stand-alone", locale=self._locale)
        return str(names[int(month[5:7])]).rstrip(".")

    def months_apart(self, months: Sequence[str]) -> list[str]:
        """Write months so that they cannot be mistaken: with their year only where they are of several."""
        one_year = len({month[:4] for month in months}) == 1
        return [self.month_name(month) if one_year else self.month(month) for month in months]

    def range(self, start: date, end: date) -> str:
        """Write a half-open range as people say it: ``januari–mars 2021``, ``2021`` or its first and last day."""
        last = end - timedelta(days=1)
        if start.day != 1 or last.day != monthrange(last.year, last.month)[1]:
            return f"{self.day(start)} – {self.day(last)}"
        if (start.month, last.month) == (1, 12):
            return str(start.year) if start.year == last.year else f"{start.year}–{last.year}"
        closing = self.month(f"{last:%Y-%m}")
        if (start.year, start.month) == (last.year, last.month):
            return closing
        if start.year == last.year:
            return f"{self.month_name(f'{start:%Y-%m}')}–{closing}"
        return f"{self.month(f'{start:%Y-%m}')} – {closing}"

    def listed(self, texts: Sequence[str]) -> str:
        """Write texts one after another: ``januari, februari och mars``."""
        return format_list(list(texts), locale=self._locale)

    def in_order(self, texts: Iterable[str]) -> list[str]:
        """Return texts in the order of the reader's alphabet, ``2`` before ``10``."""
        return sorted(texts, key=self.order)

    def order(self, text: str) -> tuple[object, ...]:
        """Return what texts are ordered by: å, ä and ö after z in Swedish, other accents as without them."""
        letters = "".join(self._letter(letter) for letter in unicodedata.normalize("NFC", text.casefold()))
        return (*_runs(letters), text)

    def _letter(self, letter: str) -> str:
        if self.language == "sv" and letter in _LETTERS_AFTER_Z:
            return _LETTERS_AFTER_Z[letter]
        return unicodedata.normalize("NFD", letter)[0]

    @property
    def _locale(self) -> str:
        return _LOCALES[self.language]

    @property
    def _percent(self) -> str:
        return _PERCENT[self.language]


def _first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _runs(text: str) -> list[tuple[int, int, str]]:
    """Cut a text into runs of digits, ordered by what they are worth, and of other signs."""
    runs: list[tuple[int, int, str]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or _is_digit(text[end]) != _is_digit(text[start]):
            run = text[start:end]
            runs.append((0, int(run), "") if _is_digit(run[0]) else (1, 0, run))
            start = end
    return runs


def _is_digit(sign: str) -> bool:
    return "0" <= sign <= "9"
