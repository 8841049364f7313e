"""The statistics of a control point for a date range: counts, shares, intervals, and what may be said of them."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.sampler import Design
from stickprov_contracts.http.base import Answer
from stickprov_contracts.questionnaires import QuestionType

Method = Literal[
    "census",
    "hypergeometric-exact",
    "stratified-exact",
    "mover-approximate",
    "ratio-approximate",
    "horvitz-thompson-approximate",
]
"""How an interval was made. ``census``: everything was reviewed, so both limits are the count."""

Assumption = Literal[
    "missing-at-random",
    "over-coverage-conditioned",
    "systematic-as-simple",
    "normal-approximation",
    "draws-independent",
]
"""What an interval takes for granted beside its method; people read it as a sentence.

``missing-at-random``: cases that were not reviewed are like those that were. ``over-coverage-conditioned``: the share
is of the units that belong, whose number is estimated. ``draws-independent``: draws that may share units are treated
as if they did not.
"""

NoInterval = Literal[
    "nothing-reviewed",
    "part-without-review",
    "one-per-group",
    "sample-unheard",
    "design-unknown",
    "mixed-designs",
]
"""Why no interval is printed. ``one-per-group``: one case of a group tells nothing of how cases of it vary."""


class Share(Answer):
    """A share with what it is made of. ``value`` is None when the denominator is 0."""

    numerator: int
    denominator: int
    value: float | None


class Interval(Answer):
    """A confidence interval for the number of units (or subunits) with an outcome in a frame.

    Attributes:
        estimate: the point estimate, in units; None where a worst case has none.
        lower, upper: limits in units; whole numbers for an exact method.
        estimate_share, lower_share, upper_share: the same as shares of what belongs in the frame.
        confidence: such as 0.95.
        exact: whether the stated coverage of ``lower`` and ``upper`` is guaranteed: the method is, and nothing is taken
            for granted of draws or missing cases. share_exact: of the shares.
        assumptions: what is taken for granted beside the method.
    """

    estimate: float | None
    lower: float
    upper: float
    estimate_share: float | None
    lower_share: float
    upper_share: float
    confidence: float
    method: Method
    exact: bool
    share_exact: bool
    assumptions: list[Assumption] = []


class Missing(Answer):
    """What the cases that were not reviewed could change.

    Attributes:
        missing: non-response and waiting cases together.
        at_random: as if they were like the others: the statistic's own interval.
        worst_case: lower limit as if none of them had a remark, upper limit as if all had; never narrower than
            ``at_random``.
        lowest_share, highest_share: of the drawn cases that belong, in those two cases.
    """

    missing: int
    at_random: Interval | None
    worst_case: Interval | None
    lowest_share: float | None
    highest_share: float | None


class Counts(Answer):
    """Counts for one month, stratum or the whole.

    Attributes:
        size: N, units in the frame or frames. drawn: n. reviewed: with a finding.
        over_coverage: drawn, but should not have been in the frame. non_response: belongs, could not be reviewed.
        waiting: drawn and none of these.
        remarks: x, reviewed cases with a remark.
        sampling_fraction: n of N. remark_share: x of reviewed.
    """

    size: int
    drawn: int
    reviewed: int
    over_coverage: int
    non_response: int
    waiting: int
    remarks: int
    sampling_fraction: Share
    remark_share: Share


class MonthStatistics(Counts):
    """One month."""

    month: str
    interval: Interval | None


class StratumStatistics(Counts):
    """One stratum within one month."""

    month: str
    stratum: str
    interval: Interval | None


class UnitStatistics(Answer):
    """One organisational unit; its N is not known unless units are strata."""

    unit: str
    drawn: int
    reviewed: int
    over_coverage: int
    non_response: int
    waiting: int
    remarks: int
    remark_share: Share


class ReasonCount(Answer):
    """How many cases were left out for a reason; of a subunit where ``level`` says so."""

    outcome: Literal["over-coverage", "non-response"]
    level: Literal["case", "subunit"]
    reason: str
    sv: str
    en: str
    count: int


class CategoryStatistics(Answer):
    """How many reviewed cases carry a category; one case may carry several.

    Attributes:
        mean_of_months: unweighted mean of the months' shares, as the documents print it.
    """

    category: str
    sv: str
    en: str
    share: Share
    mean_of_months: float | None
    interval: Interval | None
    by_month: dict[str, int]


class OptionStatistics(Answer):
    """How many gave an answer, of those who were asked."""

    option: str
    sv: str
    en: str
    share: Share
    mean_of_months: float | None
    weighted: float | None
    interval: Interval | None
    by_month: dict[str, int]


class NumberStatistics(Answer):
    """The answers to a question for a number, added up over those that answered."""

    answered: int
    total: Decimal
    mean: Decimal | None


class QuestionStatistics(Answer):
    """What was answered to one question.

    Attributes:
        asked: cases or subunits to which it applied and that answered it.
        reviewed: those that were reviewed at all; the difference was not asked, or left it out.
        options: of a question with choices, in the questionnaire's order. number: of a question for a number.
        asked_by_month: what the options' months are counted of.
    """

    questionnaire: str
    question: str
    sv: str
    en: str
    level: Literal["case", "subunit"]
    type: QuestionType
    asked: int
    reviewed: int
    options: list[OptionStatistics]
    number: NumberStatistics | None
    asked_by_month: dict[str, int]


class SubunitStatistics(Answer):
    """What is counted inside the cases, such as the children of households.

    Attributes:
        name: what one is called.
        size: N in the frames, where the freeze counted them.
        remark_share: of the reviewed ones. interval: by the combined ratio, cases being clusters.
        no_interval: why there is none.
    """

    name: str
    size: int | None
    drawn: int
    reviewed: int
    over_coverage: int
    non_response: int
    waiting: int
    remarks: int
    remark_share: Share
    sampling_fraction: Share | None
    interval: Interval | None
    no_interval: NoInterval | None


class Agreement(Answer):
    """How first and second reviewer judged the same cases, blind, before anything was settled.

    Attributes:
        both: cases with both. agreed: of them, those with the same outcome.
        kappa: Cohen's; None when chance alone would make them agree on all.
        first_only, second_only: a remark by one of them alone. settled: disagreements that were settled.
    """

    both: int
    agreed: Share
    both_remarked: int
    first_only: int
    second_only: int
    neither: int
    kappa: float | None
    settled: int


class FileReviewStatistics(Answer):
    """Cases with a remark that were looked into again (aktgranskning).

    Attributes:
        due: reviewed cases with a remark. reviewed: of them, looked into. remarks: of those, with a remark again.
    """

    due: int
    reviewed: int
    remarks: int
    remark_share: Share
    questions: list[QuestionStatistics]


class ToleranceVerdict(Answer):
    """What the interval says about the tolerance. A person's conclusion stands beside it, never replaced by it.

    Attributes:
        verdict: ``followed`` when the share's upper limit is within the tolerance, ``not-followed`` when its lower one
            is beyond.
        method, exact: of the interval it was judged by, and whether its shares are exact.
    """

    verdict: Literal["followed", "not-followed", "cannot-be-told"]
    tolerance: Decimal
    method: Method | None
    exact: bool


class ConclusionFact(Answer):
    """What a person concluded for a period within the range; the words are in findings."""

    period: Period
    verdict: str
    proposal: str | None
    carried_out_from: date | None
    carried_out_to: date | None
    version: int


class DrawStatistics(Answer):
    """A draw that counts."""

    draw: UUID
    period: Period
    design: Design
    stratified_by: list[str]
    size: int
    drawn: int


class AsOf(Answer):
    """The log position up to which an answer knows, with the chain hash there."""

    position: int
    chain_hash: str


class Statistics(Answer):
    """``GET /v1/statistics/{control_point}?from=&to=``.

    Attributes:
        start, end: the date range, end excluded; every draw whose period lies within it counts.
        size_average: mean of the months' N.
        pooled: all remarks over all reviewed; names itself and carries no interval of its own, see design 40.
        mean_of_months: unweighted mean of the months' shares.
        weighted: share by stratum size, sum of N_h * p_h over sum of N_h.
        interval: for the number of units with a remark in all frames together; how it was made is said in it.
        no_interval: why there is none.
        missing: None where every drawn case is reviewed or over-coverage.
        verdict: against the tolerance; None where none is set.
        as_of: by source, how far the logs were read.
        projection: version of the projection the numbers came from.
    """

    control_point: str
    number: str
    measure: str
    unit_name: str
    board: str
    area: str
    plan: str | None
    tolerance: Decimal | None
    start: date
    end: date
    draws: list[DrawStatistics]
    total: Counts
    size_average: float | None
    pooled: Share
    mean_of_months: float | None
    weighted: float | None
    interval: Interval | None
    no_interval: NoInterval | None
    missing: Missing | None
    verdict: ToleranceVerdict | None
    conclusions: list[ConclusionFact]
    months: list[MonthStatistics]
    strata: list[StratumStatistics]
    units: list[UnitStatistics]
    reasons: list[ReasonCount]
    categories: list[CategoryStatistics]
    questions: list[QuestionStatistics]
    subunits: SubunitStatistics | None
    agreement: Agreement | None
    file_review: FileReviewStatistics | None
    as_of: dict[str, AsOf]
    projection: int
