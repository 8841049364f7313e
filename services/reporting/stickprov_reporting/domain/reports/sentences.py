"""The standard form's figures in plain sentences, as the board's documents word them: frame, sample, method, result."""

from collections.abc import Callable, Sequence
from typing import Final

from stickprov_contracts.http.statistics import DrawStatistics, MonthStatistics, Statistics, SubunitStatistics
from stickprov_reporting.domain.reports.methods import design_name, method_name
from stickprov_reporting.domain.reports.withheld import is_withheld
from stickprov_reporting.domain.reports.writing import Writer

_MOST_MONTHS: Final = 6
"""More months than this are told in the table alone."""


def frame_size(statistics: Statistics, writer: Writer) -> str:
    """Say how large the frame is: ``7 989 hushåll (i genomsnitt 2 663 per månad)``."""
    say, whole, total = writer.say, writer.whole, statistics.total
    text = f"{whole(total.size)} {_units(statistics, writer)}"
    if statistics.subunits and statistics.subunits.size is not None:
        text += say(
            f" med {whole(statistics.subunits.size)} {statistics.subunits.name}",
            f" with {whole(statistics.subunits.size)} {statistics.subunits.name}",
        )
    if len(statistics.months) > 1 and statistics.size_average is not None:
        average = writer.number(statistics.size_average)
        text += say(f" (i genomsnitt {average} per månad)", f" ({average} a month on average)")
    return text


def sample_size(statistics: Statistics, writer: Writer) -> list[str]:
    """Say how many were drawn and of how many, cases first, subunits after."""
    say, whole, total = writer.say, writer.whole, statistics.total
    if not total.drawn:
        return []
    lines = [
        say(
            f"{whole(total.drawn)} {_units(statistics, writer)}, {writer.percent(total.sampling_fraction.value)} av "
            f"urvalsramen ({writer.ratio(total.sampling_fraction)}).",
            f"{whole(total.drawn)} {_units(statistics, writer)}, {writer.percent(total.sampling_fraction.value)} of "
            f"the frame ({writer.ratio(total.sampling_fraction)}).",
        )
    ]
    inside = statistics.subunits
    if inside and inside.sampling_fraction is not None:
        fraction = inside.sampling_fraction
        lines.append(
            say(
                f"I dem finns {whole(inside.drawn)} {inside.name}, {writer.percent(fraction.value)} av alla "
                f"({writer.ratio(fraction)}).",
                f"In them are {whole(inside.drawn)} {inside.name}, {writer.percent(fraction.value)} of all "
                f"({writer.ratio(fraction)}).",
            )
        )
    return lines


def drawn_how(statistics: Statistics, writer: Writer) -> list[str]:
    """Say how the sample was drawn: its design, by what it was stratified, in how many draws."""
    draws = statistics.draws
    designs = list(dict.fromkeys(_design(draw, writer) for draw in draws))
    if not designs:
        return []
    how = writer.listed(designs)
    count = writer.whole(len(draws))
    if len(draws) == 1:
        text = writer.say("i en dragning ur en fryst urvalsram.", "in one draw from a frozen frame.")
    else:
        text = writer.say(
            f"i {count} dragningar, var och en ur sin frysta urvalsram.",
            f"in {count} draws, each from its frozen frame.",
        )
    again = writer.say(
        "Fröet till slumpen är bokfört, så vem som helst kan göra om dragningen och få samma urval.",
        "The seed of the chance is recorded, so anybody can repeat the draw and get the same sample.",
    )
    return [f"{how[0].upper()}{how[1:]} {text}", again]


def result(statistics: Statistics, writer: Writer) -> list[str]:
    """Say what was found: reviewed and remarks by month, the shares by name, the interval, what was left out."""
    if not statistics.total.drawn:
        return []
    if not statistics.total.reviewed:
        return [
            writer.say("Ingenting är granskat ännu.", "Nothing has been reviewed yet."),
            *_left_out(statistics, writer),
        ]
    found = [_counts(statistics, writer), *_shares(statistics, writer), *_interval(statistics, writer)]
    if statistics.subunits is not None:
        found.append(_inside(statistics.subunits, writer))
    return [*found, *_left_out(statistics, writer), *_commonest(statistics, writer), *_affirmed(statistics, writer)]


def against_tolerance(statistics: Statistics, writer: Writer) -> list[str]:
    """Say what the sample tells of the tolerance; nothing where none is set."""
    verdict = statistics.verdict
    if verdict is None:
        return []
    tolerance = writer.precise_percent(verdict.tolerance)
    told = {
        "followed": writer.say(
            f"Enligt stickprovet hålls toleransen: hela konfidensintervallet ligger inom {tolerance}.",
            f"By the sample the tolerance is kept: the whole confidence interval is within {tolerance}.",
        ),
        "not-followed": writer.say(
            f"Enligt stickprovet överskrids toleransen: hela konfidensintervallet ligger över {tolerance}.",
            f"By the sample the tolerance is exceeded: the whole confidence interval is above {tolerance}.",
        ),
        "cannot-be-told": writer.say(
            f"Stickprovet kan inte avgöra om toleransen {tolerance} hålls: den ligger inom konfidensintervallet.",
            f"The sample cannot tell whether the tolerance of {tolerance} is kept: it lies in the confidence interval.",
        )
        if verdict.method
        else writer.say(
            f"Om toleransen {tolerance} hålls kan inte avgöras: det finns inget konfidensintervall.",
            f"Whether the tolerance of {tolerance} is kept cannot be told: there is no confidence interval.",
        ),
    }
    return [told[verdict.verdict]]


def _counts(statistics: Statistics, writer: Writer) -> str:
    say, whole, total = writer.say, writer.whole, statistics.total
    reviewed = _by_month(statistics.months, lambda month: month.reviewed, writer)
    if is_withheld(total.remarks):
        return say(
            f"Totalt har {whole(total.reviewed)} {_units(statistics, writer)} granskats{reviewed}. "
            "Hur många av dem som har en anmärkning visas inte.",
            f"In all, {whole(total.reviewed)} {_units(statistics, writer)} were reviewed{reviewed}. "
            "How many of them have a remark is not shown.",
        )
    remarks = _by_month(statistics.months, lambda month: month.remarks, writer)
    return say(
        f"Totalt har {whole(total.reviewed)} {_units(statistics, writer)} granskats{reviewed}. "
        f"Anmärkning finns i {whole(total.remarks)} av dem{remarks}.",
        f"In all, {whole(total.reviewed)} {_units(statistics, writer)} were reviewed{reviewed}. "
        f"There is a remark in {whole(total.remarks)} of them{remarks}.",
    )


def _by_month(months: Sequence[MonthStatistics], count: Callable[[MonthStatistics], int], writer: Writer) -> str:
    """Return ``: 156 i januari, 159 i februari och 194 i mars``, or nothing where that would be too much."""
    if not 1 < len(months) <= _MOST_MONTHS:
        return ""
    names = writer.months_apart([month.month for month in months])
    told = [
        f"{writer.whole(count(month))} {writer.say('i', 'in')} {name}"
        for month, name in zip(months, names, strict=True)
    ]
    return f": {writer.listed(told)}"


def _shares(statistics: Statistics, writer: Writer) -> list[str]:
    if is_withheld(statistics.pooled.numerator):
        return []
    pooled = writer.share(statistics.pooled)
    if len(statistics.months) == 1 or statistics.mean_of_months is None:
        return [writer.say(f"Andelen med anmärkning är {pooled}.", f"The share with a remark is {pooled}.")]
    mean = writer.percent(statistics.mean_of_months)
    return [
        writer.say(
            f"Den sammanlagda andelen med anmärkning är {pooled}. Medelvärdet av månadernas andelar är {mean}.",
            f"The pooled share with a remark is {pooled}. The mean of the months' shares is {mean}.",
        )
    ]


def _interval(statistics: Statistics, writer: Writer) -> list[str]:
    interval = statistics.interval
    if interval is None:
        return []
    size, units = writer.whole(statistics.total.size), _units(statistics, writer)
    if interval.method == "census":
        return []
    limits = writer.limits(interval)
    shares = writer.percents(interval.lower_share, interval.upper_share)
    how, confidence = method_name(interval, writer), writer.precise_percent(round(interval.confidence, 6))
    return [
        writer.say(
            f"Av urvalsramens {size} {units} har mellan {limits.replace(' till ', ' och ')} en anmärkning, {shares} "
            f"(konfidensintervall {confidence}; {how}).",
            f"Of the {size} {units} in the frame, {limits} have a remark, {shares} "
            f"({confidence} confidence interval; {how}).",
        )
    ]


def _inside(subunits: SubunitStatistics, writer: Writer) -> str:
    whole, name = writer.whole, subunits.name
    over = (
        writer.say(
            f" {whole(subunits.over_coverage)} är övertäckning.", f" {whole(subunits.over_coverage)} are over-coverage."
        )
        if subunits.over_coverage
        else ""
    )
    share = writer.share(subunits.remark_share)
    shown = writer.say(f"Andelen {name} med anmärkning är {share}.", f"The share of {name} with a remark is {share}.")
    if is_withheld(subunits.remark_share.numerator):
        shown = writer.say(
            f"Hur många {name} som har en anmärkning visas inte.", f"How many {name} have a remark is not shown."
        )
    return writer.say(
        f"Av {whole(subunits.drawn)} {name} har {whole(subunits.reviewed)} granskats.{over} {shown}",
        f"Of {whole(subunits.drawn)} {name}, {whole(subunits.reviewed)} were reviewed.{over} {shown}",
    )


def _left_out(statistics: Statistics, writer: Writer) -> list[str]:
    total, whole = statistics.total, writer.whole
    told = []
    if total.over_coverage:
        told.append(
            writer.say(
                f"{whole(total.over_coverage)} av de dragna borde inte ha funnits i urvalsramen (övertäckning).",
                f"{whole(total.over_coverage)} of those drawn should not have been in the frame (over-coverage).",
            )
        )
    if total.non_response:
        told.append(
            writer.say(
                f"{whole(total.non_response)} av de dragna kunde inte granskas (bortfall).",
                f"{whole(total.non_response)} of those drawn could not be reviewed (non-response).",
            )
        )
    if total.waiting:
        told.append(
            writer.say(
                f"{whole(total.waiting)} av de dragna återstår att granska.",
                f"{whole(total.waiting)} of those drawn remain to be reviewed.",
            )
        )
    return [" ".join(told)] if told else []


def _commonest(statistics: Statistics, writer: Writer) -> list[str]:
    found = [category for category in statistics.categories if category.share.numerator]
    if not found or any(is_withheld(category.share.numerator) for category in statistics.categories):
        return []
    most = max(found, key=lambda category: category.share.numerator)
    name = writer.say(most.sv, most.en)
    return [
        writer.say(
            f"Den vanligaste anmärkningen är ”{name}”, {writer.share(most.share)} av de granskade.",
            f"The commonest remark is “{name}”, {writer.share(most.share)} of those reviewed.",
        )
    ]


def _affirmed(statistics: Statistics, writer: Writer) -> list[str]:
    """Say how many answered yes, question by question; their options and other questions stand in the tables."""
    told = []
    for question in statistics.questions:
        yes = next((option for option in question.options if option.option == "yes"), None)
        if yes is not None and question.asked and not is_withheld(yes.share.numerator):
            told.append(f"{writer.say(question.sv, question.en)} {writer.share(yes.share)}")
    if not told:
        return []
    return [f"{writer.say('Svarade ja', 'Answered yes')}: {'; '.join(told)}."]


def _design(draw: DrawStatistics, writer: Writer) -> str:
    name = design_name(draw.design, writer)
    if draw.design == "stratified" and "month" in draw.stratified_by:
        return writer.say(f"{name} månad för månad", f"{name} month by month")
    return name


def _units(statistics: Statistics, writer: Writer) -> str:
    return statistics.unit_name or writer.say("ärenden", "cases")
