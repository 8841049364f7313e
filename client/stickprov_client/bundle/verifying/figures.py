"""A statistic anew: the figures that are recomputed, in the shape of the stored one.

What must not break: a figure that is not recomputed is left out of what is returned, and never made up from the stored
one; whoever compares names what was left out.
"""

from collections.abc import Callable, Sequence
from typing import Final

from stickprov_client.bundle.verifying.counting import Fold, PointFold
from stickprov_client.bundle.verifying.estimates import (
    DRAWN,
    OUTSIDE,
    REMARKED,
    SEEN,
    STRATIFIED,
    Figures,
    Spot,
    View,
    estimated,
)
from stickprov_client.bundle.verifying.outcome_figures import (
    COUNTED,
    Stored,
    agreement_figures,
    category_figures,
    file_review_figures,
    mean_of_months,
    question_figures,
    reason_figures,
    share_of,
    subunit_figures,
    with_shares,
)
from stickprov_client.bundle.verifying.tallies import Counted, counted

_DEFINED: Final = ("control_point", "number", "measure", "unit_name", "board", "area", "plan")
_CONCLUDED: Final = ("period", "verdict", "proposal", "carried_out_from", "carried_out_to")
_LIMITS: Final = ("lower", "upper", "lower_share", "upper_share")


def figures_of(fold: Fold, point: PointFold, stored: Stored) -> Figures:
    """Return what a statistic is by the events, as far as it is recomputed.

    Args:
        fold: of both logs.
        point: the control point's.
        stored: the statistic that is compared with; only its dates and its intervals' methods are taken.
    """
    definition: Stored = point.definition or {}
    found = counted(point, stored["start"], stored["end"])
    view = found.view
    estimate = estimated(view, REMARKED, SEEN, stored["interval"])
    months = _months_of(view)
    figures: Figures = {name: definition.get(name) for name in _DEFINED}
    figures |= {
        "tolerance": definition.get("tolerance"),
        "start": stored["start"],
        "end": stored["end"],
        "draws": _draws(view),
        "total": _case_counts(view),
        "size_average": sum(view.sizes.values()) / len(months) if months else None,
        "pooled": share_of(view.total(REMARKED), view.total(SEEN)),
        "mean_of_months": mean_of_months(view, months, REMARKED, SEEN, SEEN),
        "missing": _missing(view, stored, estimate.interval),
        "conclusions": _conclusions(point, stored),
        "months": _groups(view, lambda spot: (spot.month,), ("month",), stored["months"]),
        "strata": _groups(view, lambda spot: (spot.month, spot.stratum), ("month", "stratum"), stored["strata"]),
        "units": _units(found),
        "reasons": reason_figures(view),
        "categories": category_figures(view, months, definition, stored),
        "questions": question_figures(view, months, stored),
        "subunits": subunit_figures(fold, view, definition),
        "agreement": agreement_figures(view),
        "file_review": file_review_figures(view, definition),
    }
    if estimate.told:
        figures |= {name: getattr(estimate, name) for name in ("weighted", "interval", "no_interval")}
    figures["verdict"] = _verdict(definition, stored, figures.get("interval"))
    return figures


def _case_counts(view: View) -> Figures:
    counts: Figures = {name: view.total(of) for name, of in COUNTED.items()}
    counts["size"] = sum(view.sizes.values())
    return with_shares(counts)


def _months_of(view: View) -> list[str]:
    sized = {spot.month for spot, size in view.sizes.items() if size}
    return sorted(sized | {spot.month for spot in view.counts.get(DRAWN, {})})


def _draws(view: View) -> list[Figures]:
    by_draw = view.split(lambda spot: spot.draw)
    found = []
    for draw, one in view.draws.items():
        sample, within = one.sample, by_draw.get(draw, View(view.draws, {}, {}))
        period = {"start": sample["period"]["start"], "end": sample["period"]["end"]}
        by = dict.fromkeys("month" if column == "month" else "stratum" for column in sample["stratified_by"])
        counts = {"size": sum(within.sizes.values()), "drawn": within.total(DRAWN)}
        found.append({"draw": draw, "period": period, "design": sample["design"], "stratified_by": list(by)} | counts)
    return found


def _groups(
    view: View, group: Callable[[Spot], tuple[str, ...]], names: tuple[str, ...], stored: Sequence[Stored]
) -> list[Figures]:
    intervals = {tuple(one[name] for name in names): one["interval"] for one in stored}
    found = []
    for key, within in view.split(group).items():
        estimate = estimated(within, REMARKED, SEEN, intervals.get(key))
        told = {"interval": estimate.interval} if estimate.told else {}
        found.append(dict(zip(names, key, strict=True)) | _case_counts(within) | told)
    return found


def _units(found: Counted) -> list[Figures]:
    if not any(found.units):
        return []
    return [
        {"unit": unit} | with_shares({name: counts.get(of, 0) for name, of in COUNTED.items()})
        for unit, counts in found.units.items()
    ]


def _missing(view: View, stored: Stored, interval: Figures | None) -> Figures | None:
    total = _case_counts(view)
    missing, belonging = total["non_response"] + total["waiting"], total["drawn"] - total["over_coverage"]
    if missing <= 0:
        return None
    figures: Figures = {
        "missing": missing,
        "lowest_share": total["remarks"] / belonging,
        "highest_share": (total["remarks"] + missing) / belonging,
    }
    kept = stored["missing"] or {}
    if estimated(view, REMARKED, SEEN, stored["interval"]).told:
        figures["at_random"] = interval
        figures["worst_case"] = _worst_case(view, kept.get("worst_case"), interval)
    return figures


def _worst_case(view: View, stored: Stored | None, at_random: Figures | None) -> Figures | None:
    fewest, most = (
        estimated(_all_reviewed(view, remark=remark), REMARKED, SEEN, stored).interval for remark in (False, True)
    )
    if fewest is None or most is None:
        return None
    figures = fewest | {
        "estimate": None,
        "estimate_share": None,
        "exact": fewest["exact"] and most["exact"],
        "share_exact": fewest["share_exact"] and most["share_exact"],
    }
    for limit in _LIMITS:
        mine = most if limit.startswith("upper") else fewest
        widest = max if limit.startswith("upper") else min
        if limit in mine and (at_random is None or limit in at_random):
            figures[limit] = widest(mine[limit], (at_random or mine)[limit])
        else:
            figures.pop(limit, None)
    return figures


def _all_reviewed(view: View, *, remark: bool) -> View:
    """Return the counts as if the missing cases had been reviewed, all with a remark or none."""
    counts = {name: dict(view.counts.get(name, {})) for name in (DRAWN, SEEN, OUTSIDE, REMARKED)}
    for spot, drawn in view.counts.get(DRAWN, {}).items():
        known = sum(view.counts.get(name, {}).get(spot, 0) for name in (SEEN, OUTSIDE))
        for name in (SEEN, REMARKED) if remark else (SEEN,):
            counts[name][spot] = counts[name].get(spot, 0) + drawn - known
    return View(view.draws, view.sizes, counts)


def _conclusions(point: PointFold, stored: Stored) -> list[Figures]:
    return [
        {name: data.get(name) for name in _CONCLUDED} | {"version": number}
        for (start, end), (number, data) in sorted(point.concluded.items())
        if stored["start"] <= start and end <= stored["end"]
    ]


def _verdict(definition: Stored, stored: Stored, interval: Figures | None) -> Figures | None:
    """Return what the interval says of the tolerance; limits that are not recomputed are the stored ones."""
    tolerance = definition.get("tolerance")
    if tolerance is None:
        return None
    found = stored["interval"] if interval is None or interval["method"] == STRATIFIED else interval
    if found is None:
        return {"verdict": "cannot-be-told", "tolerance": tolerance, "method": None, "exact": False}
    bound = float(tolerance)
    verdict = "followed" if found["upper_share"] <= bound else "not-followed"
    if verdict != "followed" and found["lower_share"] <= bound:
        verdict = "cannot-be-told"
    return {"verdict": verdict, "tolerance": tolerance, "method": found["method"], "exact": found["share_exact"]}
