"""How figures were made, in plain sentences: designs, intervals, what they take for granted, why there is none."""

from collections.abc import Iterable
from typing import Final

from stickprov_contracts.http.statistics import Assumption, Interval, Method, NoInterval
from stickprov_reporting.domain.reports.writing import Writer

_Both = tuple[str, str]

_METHODS: Final[dict[Method, _Both]] = {
    "census": ("alla är granskade", "all were reviewed"),
    "hypergeometric-exact": ("exakt, hypergeometriskt", "exact, hypergeometric"),
    "stratified-exact": ("exakt för stratifierat urval", "exact for a stratified sample"),
    "mover-approximate": ("ungefärligt, MOVER", "approximate, MOVER"),
    "ratio-approximate": ("ungefärligt, kvotskattning", "approximate, ratio estimate"),
    "horvitz-thompson-approximate": ("ungefärligt, Horvitz–Thompson", "approximate, Horvitz–Thompson"),
}

_PROMISES: Final[dict[Method, _Both]] = {
    "census": (
        "Alla i urvalsramen är granskade. Antalet är därför känt och har ingen osäkerhet av urvalet.",
        "Everything in the frame was reviewed, so the number is known and has no uncertainty from sampling.",
    ),
    "hypergeometric-exact": (
        (
            "Ett exakt konfidensintervall rymmer varje antal med anmärkning i urvalsramen för vilket varken så få "
            "eller så många anmärkningar som stickprovet gav är ovanligare än {tail}. Det räknas med den "
            "hypergeometriska fördelningen för den ändliga urvalsramen och täcker det rätta antalet i minst "
            "{confidence} av alla urval."
        ),
        (
            "An exact confidence interval holds every number with a remark in the frame for which neither so few nor "
            "so many remarks as the sample gave are rarer than {tail}. It is computed by the hypergeometric "
            "distribution for the finite frame and covers the true number in at least {confidence} of all samples."
        ),
    ),
    "stratified-exact": (
        (
            "Konfidensintervallet för flera delar tillsammans är exakt: det räknas på det värsta fallet av alla sätt "
            "som anmärkningarna kan vara fördelade på delarna (Wendell och Schmee) och täcker det rätta antalet i "
            "minst {confidence} av alla urval."
        ),
        (
            "The confidence interval for several parts together is exact: it takes the worst case of all ways in which "
            "the remarks may be spread over the parts (Wendell and Schmee) and covers the true number in at least "
            "{confidence} of all samples."
        ),
    ),
    "mover-approximate": (
        (
            "Konfidensintervallet för flera delar tillsammans är ungefärligt: det sätts samman av delarnas exakta "
            "intervall (metoden MOVER), och täckningen {confidence} är inte garanterad."
        ),
        (
            "The confidence interval for several parts together is approximate: it is put together from the parts' "
            "exact intervals (the method MOVER), and its coverage of {confidence} is not guaranteed."
        ),
    ),
    "ratio-approximate": (
        (
            "Konfidensintervallet är ungefärligt: varje ärende är en grupp, och andelen skattas som en kombinerad kvot "
            "med korrektion för ändlig urvalsram. Täckningen {confidence} är inte garanterad."
        ),
        (
            "The confidence interval is approximate: each case is a cluster, and the share is estimated as a combined "
            "ratio with finite correction. Its coverage of {confidence} is not guaranteed."
        ),
    ),
    "horvitz-thompson-approximate": (
        (
            "Konfidensintervallet är ungefärligt: varje ärende vägs med sin chans att bli draget (Horvitz–Thompson, "
            "med Hájeks varians). Täckningen {confidence} är inte garanterad."
        ),
        (
            "The confidence interval is approximate: each case is weighed by its chance of being drawn "
            "(Horvitz–Thompson, with Hájek's variance). Its coverage of {confidence} is not guaranteed."
        ),
    ),
}

_ASSUMPTIONS: Final[dict[Assumption, _Both]] = {
    "missing-at-random": (
        "De dragna som inte är granskade antas likna dem som är det.",
        "Drawn cases that were not reviewed are taken to be like those that were.",
    ),
    "over-coverage-conditioned": (
        "Andelen gäller dem som hör till kontrollen; hur många de är i urvalsramen är skattat ur stickprovet.",
        "The share is of those that belong to the control; their number in the frame is estimated from the sample.",
    ),
    "systematic-as-simple": (
        "Ett systematiskt urval räknas som ett obundet slumpmässigt urval.",
        "A systematic sample is treated as a simple random sample.",
    ),
    "normal-approximation": (
        "Skattningen antas vara ungefär normalfördelad.",
        "The estimate is taken to be roughly normally distributed.",
    ),
    "draws-independent": (
        "Dragningar som kan ha ärenden gemensamt räknas som oberoende av varandra.",
        "Draws that may have cases in common are treated as independent.",
    ),
}

_NO_INTERVAL: Final[dict[NoInterval, _Both]] = {
    "nothing-reviewed": (
        "Inget konfidensintervall anges: ingenting är granskat ännu.",
        "No confidence interval is given: nothing has been reviewed yet.",
    ),
    "part-without-review": (
        "Inget konfidensintervall anges: en del av urvalet har ingenting granskat.",
        "No confidence interval is given: a part of the sample has nothing reviewed.",
    ),
    "one-per-group": (
        (
            "Inget konfidensintervall anges: ett enda ärende ur varje grupp säger ingenting om hur ärendena i gruppen "
            "skiljer sig åt, så osäkerheten kan inte räknas ut."
        ),
        (
            "No confidence interval is given: a single case from each group tells nothing of how the group's cases "
            "differ, so the uncertainty cannot be computed."
        ),
    ),
    "sample-unheard": (
        "Inget konfidensintervall anges: uppgifterna om urvalet har inte nått rapporteringen ännu.",
        "No confidence interval is given: reporting has not heard of the sample yet.",
    ),
    "design-unknown": (
        "Inget konfidensintervall anges: urvalets slag är okänt.",
        "No confidence interval is given: the sample's design is unknown.",
    ),
    "mixed-designs": (
        "Inget konfidensintervall anges: dragningarna är av olika slag och kan inte läggas samman.",
        "No confidence interval is given: the draws are of different designs and cannot be put together.",
    ),
}

_DESIGNS: Final[dict[str, _Both]] = {
    "census": ("alla i urvalsramen", "everything in the frame"),
    "simple": ("obundet slumpmässigt urval", "simple random sample"),
    "stratified": ("stratifierat slumpmässigt urval", "stratified random sample"),
    "per_group": ("slumpmässigt urval bland varje handläggares ärenden", "random sample of each handler's cases"),
    "systematic": ("systematiskt urval med slumpmässig start", "systematic sample with a random start"),
    "cluster": ("slumpmässigt urval av grupper", "random sample of clusters"),
    "pps": ("slumpmässigt urval i proportion till storlek", "random sample in proportion to size"),
}


def method_name(interval: Interval, writer: Writer) -> str:
    """Name how an interval was made in a few words; what is exact only if something holds is not called exact alone."""
    name = writer.say(*_METHODS[interval.method])
    if interval.exact or not interval.method.endswith("-exact"):
        return name
    return name + writer.say(", under antaganden", ", under assumptions")


def promise(interval: Interval, writer: Writer) -> str:
    """Say in a sentence what an interval promises."""
    return writer.say(*_PROMISES[interval.method]).format(
        confidence=writer.precise_percent(round(interval.confidence, 6)),
        tail=writer.precise_percent(round((1 - interval.confidence) / 2, 6)),
    )


def assumption(taken: Assumption, writer: Writer) -> str:
    """Say what an interval takes for granted."""
    return writer.say(*_ASSUMPTIONS[taken])


def no_interval(reason: NoInterval, writer: Writer) -> str:
    """Say why no interval is printed."""
    return writer.say(*_NO_INTERVAL[reason])


def design_name(design: str, writer: Writer) -> str:
    """Return what a design is called, in small letters; a newer one stands as it is."""
    return writer.say(*_DESIGNS[design]) if design in _DESIGNS else design


def said_of(intervals: Iterable[Interval | None], writer: Writer) -> list[str]:
    """Return a sentence for each method and each assumption of some intervals, each once, in the order met."""
    there = [interval for interval in intervals if interval is not None]
    promises = [promise(interval, writer) for interval in there]
    taken = [assumption(one, writer) for interval in there for one in interval.assumptions]
    return list(dict.fromkeys([*promises, *taken]))
