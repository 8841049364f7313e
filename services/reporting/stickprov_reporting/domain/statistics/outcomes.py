"""Categories of remarks and answers to questions: counts, shares and intervals, by the methods that remarks have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from stickprov_contracts.http.statistics import (
    CategoryStatistics,
    NumberStatistics,
    OptionStatistics,
    QuestionStatistics,
)
from stickprov_contracts.questionnaires import FIXED_ANSWERS, Option, Question, Questionnaire
from stickprov_reporting.domain.projection.answers import number_of
from stickprov_reporting.domain.projection.counting import (
    ANSWER,
    ASKED,
    CATEGORY,
    DRAWN,
    FILE,
    NUMBER,
    OF_SUBUNITS,
    REVIEWED,
)
from stickprov_reporting.domain.statistics.estimating import Estimate, estimated
from stickprov_reporting.domain.statistics.parts import Measure
from stickprov_reporting.domain.statistics.shares import MonthCounts, mean_of_months, share
from stickprov_reporting.domain.statistics.subunits import estimated_subunits
from stickprov_reporting.domain.statistics.tally import Basis

MOST_WORK: Final = 10**5
"""As much work as one of many intervals may be to be exact."""

_FIXED: Final = {
    "yes": Option(id="yes", sv="Ja", en="Yes"),
    "no": Option(id="no", sv="Nej", en="No"),
    "na": Option(id="na", sv="Inte aktuellt", en="Not applicable"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A basis with its counts by indicator and month.

    Attributes:
        months: those with units or cases, in order.
    """

    basis: Basis
    months: Sequence[str]
    by_month: Mapping[str, Mapping[str, int]]

    def total(self, indicator: str) -> int:
        """Return how many there are in all months."""
        return sum(self.by_month.get(indicator, {}).values())

    def totals(self) -> dict[str, int]:
        """Return the counts by indicator."""
        return {indicator: sum(months.values()) for indicator, months in self.by_month.items()}

    def in_months(self, indicator: str) -> dict[str, int]:
        """Return the count of each month."""
        found = self.by_month.get(indicator, {})
        return {month: found.get(month, 0) for month in self.months}

    def mean_of_months(self, measure: Measure, reviewed: str) -> float | None:
        """Return the mean of the months' shares; ``reviewed`` is the indicator of what is reviewed at all."""
        columns = [self.in_months(name) for name in (reviewed, measure.counted, measure.among)]
        return mean_of_months(MonthCounts(*(column[month] for column in columns)) for month in self.months)


def counted(basis: Basis) -> Counted:
    """Add a basis up by month."""
    by_month: dict[str, dict[str, int]] = {}
    for indicator, places in basis.values.items():
        months = by_month.setdefault(indicator, {})
        for place, value in places.items():
            months[place.month] = months.get(place.month, 0) + value
    sized = {key.month for key, stratum in basis.strata.items() if stratum.size}
    return Counted(basis, sorted(sized | by_month.get(DRAWN, {}).keys()), by_month)


def categories_of(found: Counted) -> list[CategoryStatistics]:
    """Return the defined categories in their order, then those that findings know but the definition no longer."""
    texts = {category.id: (category.sv, category.en) for category in found.basis.point.categories}
    known = _after(CATEGORY, found.by_month)
    texts |= {category: (category, category) for category in sorted(known) if category not in texts}
    return [_category(found, category, sv, en) for category, (sv, en) in texts.items()]


def _category(found: Counted, category: str, sv: str, en: str) -> CategoryStatistics:
    measure = Measure(CATEGORY + category, REVIEWED)
    return CategoryStatistics(
        category=category,
        sv=sv,
        en=en,
        share=share(found.total(measure.counted), found.total(measure.among)),
        mean_of_months=found.mean_of_months(measure, REVIEWED),
        interval=estimated(found.basis, measure, MOST_WORK).interval,
        by_month=found.in_months(measure.counted),
    )


@dataclass(frozen=True, slots=True)
class Level:
    """Of what questions were asked.

    Attributes:
        prefix: of its indicators. estimate: what makes its intervals.
    """

    name: Literal["case", "subunit"]
    prefix: str
    estimate: Callable[[Basis, Measure], Estimate]


CASES: Final = Level("case", "", lambda basis, measure: estimated(basis, measure, MOST_WORK))
SUBUNITS: Final = Level("subunit", OF_SUBUNITS, estimated_subunits)
FILES: Final = Level("case", FILE, lambda _basis, _measure: Estimate(None, None))
"""File reviews: of the cases with a remark, not of the frame, so they have no interval for it."""


def questions_of(found: Counted, levels: Sequence[Level] = (CASES, SUBUNITS)) -> list[QuestionStatistics]:
    """Return every question that was answered, by questionnaire and in its order.

    A question that the questionnaire no longer has comes last, and is called by its id.
    """
    asked = {
        (questionnaire, question): level
        for level in reversed(levels)
        for questionnaire, question in (name.split(":", 1) for name in _after(level.prefix + ASKED, found.by_month))
    }
    forms = found.basis.questionnaires
    return [
        _question(found, asked[key], *key, _named(forms.get(key[0]), key[1]))
        for questionnaire in sorted({key[0] for key in asked})
        for key in _in_order(questionnaire, (key[1] for key in asked if key[0] == questionnaire), forms)
    ]


def _in_order(
    questionnaire: str, questions: Iterable[str], forms: Mapping[str, Questionnaire]
) -> list[tuple[str, str]]:
    form = forms.get(questionnaire)
    places = {question.id: place for place, question in enumerate(form.questions)} if form else {}
    return [(questionnaire, name) for name in sorted(questions, key=lambda name: (places.get(name, len(places)), name))]


def _named(form: Questionnaire | None, question: str) -> Question | None:
    return next((one for one in form.questions if one.id == question), None) if form else None


def _question(
    found: Counted, level: Level, questionnaire: str, question: str, asked_as: Question | None
) -> QuestionStatistics:
    key = f"{questionnaire}:{question}"
    asked = f"{level.prefix}{ASKED}{key}"
    answered = _after(f"{level.prefix}{ANSWER}{key}:", found.by_month)
    number = f"{level.prefix}{NUMBER}{key}"
    type_ = asked_as.type if asked_as else ("many_of" if answered else "number" if number in found.by_month else "text")
    return QuestionStatistics(
        questionnaire=questionnaire,
        question=question,
        sv=asked_as.sv if asked_as else question,
        en=asked_as.en if asked_as else question,
        level=level.name,
        type=type_,
        asked=found.total(asked),
        reviewed=found.total(level.prefix + REVIEWED),
        options=[
            _option(found, level, option, Measure(f"{level.prefix}{ANSWER}{key}:{option.id}", asked))
            for option in _options(asked_as, answered)
        ],
        number=_number(found, number, asked) if type_ == "number" else None,
        asked_by_month=found.in_months(asked),
    )


def _options(question: Question | None, answered: Iterable[str]) -> list[Option]:
    """Return the options in the questionnaire's order, then those that were chosen when it still had them."""
    known = list(question.options) if question else []
    if question:
        known += [_FIXED[answer] for answer in FIXED_ANSWERS.get(question.type, ())]
    others = sorted(set(answered) - {option.id for option in known})
    return known + [_FIXED.get(answer, Option.model_construct(id=answer, sv=answer, en=answer)) for answer in others]


def _option(found: Counted, level: Level, option: Option, measure: Measure) -> OptionStatistics:
    estimate = level.estimate(found.basis, measure)
    return OptionStatistics(
        option=option.id,
        sv=option.sv,
        en=option.en,
        share=share(found.total(measure.counted), found.total(measure.among)),
        mean_of_months=found.mean_of_months(measure, level.prefix + REVIEWED),
        weighted=estimate.weighted,
        interval=estimate.interval,
        by_month=found.in_months(measure.counted),
    )


def _number(found: Counted, number: str, asked: str) -> NumberStatistics:
    answered = found.total(asked)
    total = number_of(found.total(number))
    return NumberStatistics(answered=answered, total=total, mean=total / answered if answered else None)


def _after(prefix: str, indicators: Iterable[str]) -> set[str]:
    return {indicator.removeprefix(prefix) for indicator in indicators if indicator.startswith(prefix)}
