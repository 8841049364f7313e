"""What the events of both logs tell, gathered while they are read: frames, seeds, draws, definitions, and what counts.

What must not break: an event stands in the stream that its content belongs to, and an event that this verifier does not
know is named, never passed over in silence.
"""

from collections.abc import Callable, Mapping
from sys import intern
from typing import Any, Final

from stickprov_client.bundle.verifying.counting import Fold
from stickprov_client.bundle.verifying.draw_log import DrawLog, DrawnCase, Fields, SeedPair, Step
from stickprov_client.bundle.verifying.draw_story import NO_SAMPLE, DrawFacts
from stickprov_client.bundle.verifying.events import Event
from stickprov_client.bundle.verifying.told import Different, Report, Sentence, log_name

WITHOUT_FIGURES: Final = frozenset(
    {
        "action-followed-up",
        "action-proposed",
        "action-updated",
        "case-assigned",
        "cases-erased",
        "cases-forgotten",
        "control-plan-adopted",
        "control-point-carried-over",
        "erasure-completed",
        "frame-identities-erased",
        "free-text-erased",
        "identity-shown",
        "legal-hold-lifted",
        "legal-hold-placed",
        "period-closed",
        "plan-status-reported",
        "retention-set",
        "review-started",
        "schedule-set",
        "series-key-erased",
        "staff-erased",
        "staff-listed",
    }
)
"""Events of which no figure is made; leaf, place and form are checked, there is nothing else to recompute."""

_REVIEWS: Final = frozenset(
    {
        "case-marked-non-response",
        "case-marked-over-coverage",
        "disagreement-settled",
        "file-review-recorded",
        "finding-corrected",
        "finding-recorded",
        "finding-withdrawn",
        "review-reopened",
        "second-review-recorded",
    }
)
_PURPOSES: Final = ("review", "second-review", "file-review")

UNREADABLE: Final = Sentence(
    "The event at position %(position)s of %(log)s (%(name)s) does not hold what such an event holds: %(why)s.",
    "Händelsen på position %(position)s i %(log)s (%(name)s) innehåller inte det som en sådan händelse ska: %(why)s.",
)
ANOTHER_STREAM: Final = Sentence(
    "The event at position %(position)s of %(log)s (%(name)s) stands in stream %(found)s, and belongs in %(expected)s.",
    "Händelsen på position %(position)s i %(log)s (%(name)s) står i strömmen %(found)s och hör hemma i %(expected)s.",
)
UNKNOWN_EVENTS: Final = Sentence(
    "Events of %(log)s of a kind that this verifier does not know (%(name)s, version %(version)s): %(count)s. "
    "They are in their places; what they say is not checked.",
    "Händelser i %(log)s av ett slag som den här kontrollen inte känner till (%(name)s, version %(version)s): "
    "%(count)s. De står på sina platser; vad de säger är inte kontrollerat.",
)
MEASURES: Final = Sentence(
    "Register measures that are not counted again: %(count)s. Their rules need the sampler's filter language; it "
    "counts them again with: stickprov measure verify.",
    "Registermått som inte räknas om: %(count)s. Deras regler kräver urvalstjänstens filterspråk; den räknar om "
    "dem med: stickprov measure verify.",
)


class Facts:
    """Everything that the checks of draws and figures need.

    Attributes:
        fold: what counts in statistics.
    """

    def __init__(self, fold: Fold) -> None:
        self.fold = fold
        self.frames: dict[str, tuple[Fields, int]] = {}
        self._seeds: dict[tuple[str, str], SeedPair] = {}
        self._draws: dict[str, DrawLog] = {}
        self._unknown: dict[tuple[str, str, int], int] = {}
        self._measures = 0
        self._takers: Mapping[str, Callable[[Event, Fields], str]] = {
            "control-point-defined": self._control_point,
            "questionnaire-published": self._questionnaire,
            "frame-frozen": self._frame,
            "seed-committed": self._committed,
            "seed-revealed": self._revealed,
            "seed-drawn": self._seed,
            "sample-drawn": self._sample,
            "case-drawn": self._case,
            "case-replaced": self._step,
            "sample-extended": self._step,
            "register-measured": self._measure,
            "control-concluded": self._conclusion,
            **dict.fromkeys(_REVIEWS, self._review),
        }

    def take(self, event: Event) -> None:
        """Take in an event.

        Raises:
            Different: it does not hold what it should, or stands in a stream where it does not belong.
        """
        taker = self._takers.get(event.name) if event.version == 1 else None
        if taker is None:
            if event.name not in WITHOUT_FIGURES or event.version != 1:
                key = event.source, event.name, event.version
                self._unknown[key] = self._unknown.get(key, 0) + 1
            return
        values: dict[str, object] = {
            "position": event.position,
            "log": log_name(event.source),
            "name": event.name,
        }
        try:
            expected = taker(event, event.data)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            raise Different(UNREADABLE, why=repr(error), **values) from None
        if event.stream != expected:
            raise Different(ANOTHER_STREAM, found=event.stream, expected=expected, **values)

    def say_what_is_left(self, report: Report) -> None:
        """Note what is in the events and was not checked."""
        for (source, name, version), count in sorted(self._unknown.items()):
            report.note(UNKNOWN_EVENTS, count=count, log=log_name(source), name=name, version=version)
        if self._measures:
            report.note(MEASURES, count=self._measures)

    def draws(self) -> list[DrawFacts]:
        """Return the draws in the order of their samples.

        Raises:
            Different: one has no frame, seed or sample.
        """
        found = []
        for log in sorted(self._draws.values(), key=lambda one: one.sample_position):
            sample = log.sample
            if sample is None and not log.cases and not log.steps:
                continue  # a seed whose sample was not drawn: it was interrupted
            frame = None if sample is None else self.frames.get(sample["frame"])
            pair = None
            if sample is not None and sample.get("seed_hash") is not None:
                pair = self._seeds.get((sample["series"], sample["seed_hash"]))
            if sample is None or frame is None or (log.seed is None and pair is None):
                raise Different(NO_SAMPLE, draw=log.draw)
            found.append(DrawFacts(log, sample, *frame, pair))
        return found

    def _draw(self, draw: str) -> DrawLog:
        return self._draws.setdefault(draw, DrawLog(draw))

    def _control_point(self, event: Event, data: Fields) -> str:
        self.fold.define(event, data)
        return f"control-point/{data['control_point']}"

    def _questionnaire(self, event: Event, data: Fields) -> str:
        self.fold.publish(event, data)
        return f"questionnaire/{data['questionnaire']}"

    def _frame(self, event: Event, data: Fields) -> str:
        frame = {"subunits": None, **data}
        self.frames[data["frame"]] = frame, event.position
        self.fold.freeze(event, frame)
        return f"frame/{data['frame']}"

    def _committed(self, event: Event, data: Fields) -> str:
        self._seeds.setdefault((data["series"], data["seed_hash"]), SeedPair(data, event.position))
        return f"series/{data['series']}"

    def _revealed(self, _event: Event, data: Fields) -> str:
        self._seeds[data["series"], data["seed_hash"]].revealed = data
        return f"series/{data['series']}"

    def _seed(self, event: Event, data: Fields) -> str:
        log = self._draw(data["draw"])
        if log.seed is None:
            log.seed, log.seed_position = data, event.position
        return f"draw/{data['draw']}"

    def _sample(self, event: Event, data: Fields) -> str:
        log, sample = self._draw(data["draw"]), {"stratified_by": [], **data}
        if log.sample is None:
            log.sample, log.sample_position = sample, event.position
        self.fold.draw(event, sample)
        return f"draw/{data['draw']}"

    def _case(self, event: Event, data: Fields) -> str:
        period = data["period"]
        case = DrawnCase(
            data["case"],
            intern(data["month"]),
            intern(data["stratum"]),
            intern(data.get("unit", "")),
            data.get("handler"),
            data["order"],
            float(data["inclusion_probability"]),
            tuple(data.get("subunits", ())),
            (data["draw"], tuple(data["control_points"]), period["start"], period["end"]),
        )
        self._draw(data["draw"]).cases.append(case)
        self.fold.case(event, data, case)
        return f"draw/{data['draw']}"

    def _step(self, event: Event, data: Fields) -> str:
        log = self._draw(data["draw"])
        log.steps.append(Step(event.name, data, len(log.cases)))
        if event.name == "case-replaced":
            self.fold.replace(event, data)
        else:
            self.fold.extend(event, data)
        return f"draw/{data['draw']}"

    def _measure(self, _event: Event, data: Fields) -> str:
        self._measures += 1
        return f"measure/{data['measure']}"

    def _conclusion(self, event: Event, data: Fields) -> str:
        self.fold.conclude(event, data)
        return f"conclusion/{data['control_point']}/{data['period']['start']}/{data['period']['end']}"

    def _review(self, event: Event, data: Fields) -> str:
        purpose = event.stream.partition("/")[0]
        self.fold.review(event, data, purpose)
        expected: Any = purpose if purpose in _PURPOSES else "review"
        return f"{expected}/{data['draw']}/{data['control_point']}/{data['case']}"
