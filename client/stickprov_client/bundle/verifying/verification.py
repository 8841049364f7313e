"""A bundle verified from its bytes to its figures, in an order where each check rests on those before it.

File, contents; then of each log leaves, chain, tree, events, signatures, checkpoints kept elsewhere; then each frame's
listing, each draw, each statistic. What must not break: the first thing that is wrong ends it, and is named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stickprov_client.bundle.verifying.archive import Bundle, open_bundle
from stickprov_client.bundle.verifying.comparing import STATISTICS, check_statistics, places_of, read_statistics
from stickprov_client.bundle.verifying.counting import Fold
from stickprov_client.bundle.verifying.draw_log import Fields
from stickprov_client.bundle.verifying.draw_story import DrawFacts
from stickprov_client.bundle.verifying.draws import check_draw
from stickprov_client.bundle.verifying.facts import Facts
from stickprov_client.bundle.verifying.listing import Listing, check_listing
from stickprov_client.bundle.verifying.logs import Expected, KeptCheckpoint, check_log
from stickprov_client.bundle.verifying.notes import VerifierKey
from stickprov_client.bundle.verifying.told import Different, Report, Said, Sentence

SOURCES: Final = ("sampler", "findings")

_UNFIT: Final = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What reading a content raises that has another shape than it should."""

NO_STATISTIC: Final = Sentence(
    "The bundle has no statistic of %(point)s, which has a draw in the period.",
    "Paketet har ingen statistik för %(point)s, som har en dragning i perioden.",
)
NOT_REPEATED: Final = Sentence(
    "Draw %(draw)s (%(period)s) is of another period or control point, and its frame is not in the bundle: it was not "
    "repeated.",
    "Dragningen %(draw)s (%(period)s) hör till en annan period eller ett annat kontrollmoment, och dess urvalsram "
    "finns inte i paketet: den är inte upprepad.",
)
FRAME_ELSEWHERE: Final = Sentence(
    "Frame “%(frame)s” (%(period)s) is of another period or control point, and its listing is not in the bundle: its "
    "units were not checked.",
    "Urvalsramen ”%(frame)s” (%(period)s) hör till en annan period eller ett annat kontrollmoment, och dess "
    "förteckning finns inte i paketet: dess enheter är inte kontrollerade.",
)
ANOTHER_RANGE: Final = Sentence(
    "The statistic of %(point)s is of %(found)s, and the bundle of %(expected)s.",
    "Statistiken för %(point)s gäller %(found)s, och paketet %(expected)s.",
)
KEPT_OF_ANOTHER: Final = Sentence(
    "The checkpoint kept in %(file)s is of a log that is not in the bundle (%(origin)s), so it was not compared.",
    "Kontrollpunkten i %(file)s gäller en logg som inte finns i paketet (%(origin)s), så den har inte jämförts.",
)
BAD_CONTENT: Final = Sentence(
    "The bundle has a content that cannot be read as what it should be: %(why)s.",
    "Paketet har ett innehåll som inte går att läsa som det ska vara: %(why)s.",
)


@dataclass(frozen=True)
class FromElsewhere:
    """What whoever verifies has from elsewhere.

    Attributes:
        keys: keys that are trusted. kept: checkpoints that were kept.
    """

    keys: Sequence[VerifierKey] = ()
    kept: Sequence[KeptCheckpoint] = ()


def verify_bundle(path: Path, given: FromElsewhere) -> Report:
    """Verify a bundle.

    Raises:
        NoBundle: the file is something else. OSError: it cannot be read at all.
    """
    report = Report()
    try:
        with open_bundle(path, report) as bundle:
            _check(bundle, given, report)
    except Different as difference:
        report.difference = difference.said
    except _UNFIT as error:
        report.difference = Said(BAD_CONTENT, {"why": repr(error)})
    return report


def _check(bundle: Bundle, given: FromElsewhere, report: Report) -> None:
    statistics = read_statistics(bundle)
    period = bundle.manifest["period"]
    for point, one in statistics.items():
        found, expected = (one["start"], one["end"]), (period["start"], period["end"])
        if found != expected:
            raise Different(ANOTHER_RANGE, point=point, found="/".join(found), expected="/".join(expected))
    until = {
        point: {source: place for source, (place, _) in places_of(one).items()} for point, one in statistics.items()
    }
    facts = Facts(Fold(until))
    for source in SOURCES:
        expected_of = Expected(given.keys, given.kept, _chains(bundle, source, statistics.values()))
        check_log(bundle, source, expected_of, report, facts.take)
    origins = {bundle.manifest["logs"][source]["origin"] for source in SOURCES}
    for kept in given.kept:
        if kept.head.origin not in origins:
            report.note(KEPT_OF_ANOTHER, file=kept.file, origin=kept.head.origin)
    listings = _checked_listings(bundle, facts, report)
    _check_draws(bundle, facts, listings, statistics, report)
    check_statistics(facts.fold, statistics, report)
    facts.say_what_is_left(report)


def _checked_listings(bundle: Bundle, facts: Facts, report: Report) -> dict[str, Listing]:
    """Check the listing of every frame; only of another period or control point it may be left out, and is named."""
    period, points, found = bundle.manifest["period"], bundle.manifest["control_points"], {}
    for frame, (told, _) in facts.frames.items():
        if f"frames/{frame}.tsv" in bundle.names() or (
            told["control_point"] in points and _is_within(told["period"], period)
        ):
            found[frame] = check_listing(bundle, told, report)
        else:
            report.note(FRAME_ELSEWHERE, frame=told["frame_name"], period=told["period"]["label"])
    return found


def _check_draws(
    bundle: Bundle, facts: Facts, listings: Mapping[str, Listing], statistics: Mapping[str, Any], report: Report
) -> None:
    period, points = bundle.manifest["period"], set(bundle.manifest["control_points"])
    without: dict[str, None] = {}
    for draw in facts.draws():
        mine = points & set(draw.sample["control_points"]) if _is_within(draw.sample["period"], period) else set()
        without |= dict.fromkeys(sorted(mine - statistics.keys()))
        if mine or draw.sample["frame"] in listings:
            check_draw(draw, listings.get(draw.sample["frame"]) or Listing(bundle, draw.frame), report)
        else:
            report.note(NOT_REPEATED, draw=_draw_id(draw), period=draw.sample["period"]["label"])
    for point in without:
        report.note(NO_STATISTIC, point=point)


def _is_within(inner: Fields, outer: Fields) -> bool:
    return bool(outer["start"] <= inner["start"] and inner["end"] <= outer["end"])


def _draw_id(draw: DrawFacts) -> str:
    return draw.log.draw


def _chains(bundle: Bundle, source: str, statistics: Iterable[Any]) -> dict[int, list[tuple[str, str]]]:
    """Return what the bundle says of a log's chain, by position."""
    told = bundle.manifest["logs"][source]
    found: dict[int, list[tuple[str, str]]] = {told["size"]: [("manifest.json", told["chain_hash"])]}
    for one in statistics:
        place, chain = places_of(one)[source]
        found.setdefault(place, []).append((f"{STATISTICS} ({one['control_point']})", chain))
    return found
