"""Whatever reviewers send in whatever order, a case's reviews do what a few plain variables would do.

The model: what stands of the first review (a finding, a mark or nothing), of the second and of the file review.
"""

from dataclasses import replace
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stickprov_findings.domain.review.agreement import disagrees
from stickprov_findings.domain.review.commands import (
    Command,
    CorrectFinding,
    HeldMark,
    MarkCase,
    RecordFinding,
    ReopenReview,
    SettleDisagreement,
    StartReview,
    WithdrawFinding,
)
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.state import Entitled, Review
from stickprov_kernel.errors import StickprovError
from stickprov_kernel.notes.note import Note
from support.reviews import KEY, drawn, found, note

# What fits comes more often than what does not, or no review would get far.
ACTORS = st.sampled_from(["anna", "anna", "bo", "bo", "cia"])
PURPOSES = st.sampled_from(["review", "review", "second-review", "file-review"])
SAID = st.sampled_from(
    [
        *[(False, ()), (True, ("swish",)), (True, ("deposit", "swish")), (True, ("swish", "deposit"))] * 3,
        *[(True, ()), (False, ("swish",)), (True, ("swish", "swish")), (True, ("teleport",))],
    ]
)
TEXTS = st.sampled_from([None, "first", "second"])
REASONS = st.sampled_from(["because"] * 7 + ["  "])
SEEN = st.sampled_from([None, "newest", "newest", "newest", "older"])
KINDS = st.sampled_from(["over-coverage", "non-response"])
MARK_REASONS = st.sampled_from(["other"] * 4 + ["teleport"])
REMARK, NO_REMARK = (True, ("swish",)), (False, ())
BEGUN = st.sampled_from(
    [
        [],
        [("review", "anna", REMARK)],
        [("review", "anna", REMARK), ("second-review", "bo", REMARK)],
        [("review", "anna", REMARK), ("second-review", "bo", NO_REMARK), ("file-review", "anna", NO_REMARK)],
    ]
)

FITS = {(False, ()), (True, ("swish",)), (True, ("deposit", "swish")), (True, ("swish", "deposit"))}
BESIDE = {"review": "second-review", "second-review": "review", "file-review": "review"}


class ReviewMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.standing = dict.fromkeys(BESIDE)  # (remark, categories, text), (kind, reason, text), or None
        self.accepted = dict.fromkeys(BESIDE, 0)
        self.changed = dict.fromkeys(BESIDE, 0)  # version after the newest event that was more than a start
        self.first_reviewers = set()
        self.settled_at = None  # version of the second review that was settled with, while the settlement stands

    @initialize(handler=st.sampled_from([None, None, "anna"]), second=st.sampled_from(["bo", "bo", None]), begun=BEGUN)
    def a_case_is_drawn(self, handler, second, begun):
        self.handler, self.second = handler, second
        self.states = {
            "review": Review(drawn(handler, entitled=Entitled(second_reviewer=second))),
            "second-review": Review(drawn(handler, entitled=Entitled(reviewer=second))),
            "file-review": Review(drawn(handler)),
        }
        self.started_by = dict.fromkeys(BESIDE)
        for purpose, actor, said in begun:
            self.record(purpose, actor, said, "first", "newest")

    @rule(purpose=PURPOSES, actor=ACTORS, seen=SEEN)
    def start(self, purpose, actor, seen):
        free = self.started_by[purpose] in {None, actor} or self.given(purpose) == actor
        fits = self.standing[purpose] is None and free and self.has_remark(purpose)
        command = StartReview(self.key(purpose), actor, self.version(purpose, seen))
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)) is not None:
            self.started_by[purpose] = actor

    @rule(purpose=PURPOSES, actor=ACTORS, said=SAID, text=TEXTS, seen=SEEN)
    def record(self, purpose, actor, said, text, seen):
        remark, categories = said
        told = found(*categories, remark=remark, comment=self.typed(text))
        command = RecordFinding(self.key(purpose), actor, told, self.version(purpose, seen))
        fits = self.standing[purpose] is None and said in FITS and self.has_remark(purpose)
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)):
            self.now_stands(purpose, (remark, set(categories), text), actor)

    @rule(purpose=PURPOSES, actor=ACTORS, said=SAID, text=TEXTS, reason=REASONS, seen=SEEN)
    def correct(self, purpose, actor, said, text, reason, seen):
        remark, categories = said
        told = found(*categories, remark=remark, comment=self.typed(text))
        command = CorrectFinding(self.key(purpose), actor, told, self.typed(reason), self.version(purpose, seen))
        wanted = (remark, set(categories), text)
        fits = self.has_finding(purpose) and wanted != self.standing[purpose] and said in FITS
        fits = fits and reason == "because" and self.has_remark(purpose)
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)):
            self.now_stands(purpose, wanted, actor)

    @rule(purpose=PURPOSES, actor=ACTORS, reason=REASONS, seen=SEEN)
    def withdraw(self, purpose, actor, reason, seen):
        command = WithdrawFinding(self.key(purpose), actor, self.typed(reason), self.version(purpose, seen))
        fits = self.has_finding(purpose) and reason == "because"
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)):
            self.now_stands(purpose, None)

    @rule(purpose=PURPOSES, actor=ACTORS, kind=KINDS, reason=MARK_REASONS, text=TEXTS, seen=SEEN)
    def mark(self, purpose, actor, kind, reason, text, seen):
        command = MarkCase(self.key(purpose), actor, kind, reason, self.typed(text), self.version(purpose, seen))
        fits = reason == "other" and text is not None and (self.standing[purpose] is None or seen is not None)
        fits = fits and (kind, reason, text) != self.standing[purpose] and self.has_remark(purpose)
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)):
            self.now_stands(purpose, (kind, reason, text), actor)

    @rule(purpose=PURPOSES, actor=ACTORS, reason=REASONS, seen=SEEN)
    def reopen(self, purpose, actor, reason, seen):
        command = ReopenReview(self.key(purpose), actor, self.typed(reason), self.version(purpose, seen))
        fits = self.has_mark(purpose) and reason == "because"
        if self.carried_out(command, fits=fits and self.may(purpose, actor, seen)):
            self.now_stands(purpose, None)

    @rule(said=SAID, reason=REASONS, older=st.sampled_from([False, False, False, True]), seen=SEEN)
    def settle(self, said, reason, older, seen):
        remark, categories = said
        version = self.accepted["second-review"] - (1 if older else 0)
        command = SettleDisagreement(
            KEY,
            "coordinator",
            found(*categories, remark=remark),
            version,
            self.typed(reason),
            self.version("review", seen),
        )
        to_settle = self.disagree() or self.settled_at is not None
        seen_second = self.changed["second-review"] <= version
        fits = to_settle and seen_second and reason == "because" and said in FITS
        if self.carried_out(command, fits=fits and self.saw("review", seen)):
            self.now_stands("review", (remark, set(categories), None))
            self.settled_at = self.changed["second-review"]

    @rule(kind=KINDS, mark_reason=MARK_REASONS, text=TEXTS, seen=SEEN)
    def settle_by_a_mark(self, kind, mark_reason, text, seen):
        held, version = HeldMark(kind, mark_reason, self.typed(text)), self.accepted["second-review"]
        seen_first = self.version("review", seen)
        command = SettleDisagreement(KEY, "coordinator", held, version, self.typed("because"), seen_first)
        fits = (self.disagree() or self.settled_at is not None) and mark_reason == "other" and text is not None
        if self.carried_out(command, fits=fits and self.saw("review", seen)):
            self.now_stands("review", (kind, mark_reason, text))
            self.settled_at = self.changed["second-review"]

    @rule(purpose=PURPOSES)
    def erase_every_note(self, purpose):
        self.states[purpose] = replace(self.states[purpose], texts={})
        if self.standing[purpose] is not None:
            self.standing[purpose] = (*self.standing[purpose][:2], None)

    @invariant()
    def what_stands_is_the_models(self):
        for purpose, state in self.states.items():
            finding, mark = state.finding, state.mark
            assert finding is None or mark is None
            stands = finding and (finding.remark, set(finding.categories), state.text_of(finding.comment))
            if mark:
                stands = (mark.kind, mark.reason, state.text_of(mark.comment))
            assert stands == self.standing[purpose]
            assert (state.version, state.changed) == (self.accepted[purpose], self.changed[purpose])

    @invariant()
    def first_and_second_disagree_where_the_model_does(self):
        assert disagrees(self.states["review"], self.states["second-review"]) is self.disagree()

    def disagree(self) -> bool:
        first, second = self.standing["review"], self.standing["second-review"]
        if first is None or second is None or self.settled_at == self.changed["second-review"]:
            return False
        if self.has_finding("review") and self.has_finding("second-review"):
            return first[:2] != second[:2]
        return "over-coverage" in {first[0], second[0]} and (
            self.has_finding("review") or self.has_finding("second-review")
        )

    def key(self, purpose):
        return replace(KEY, purpose=purpose)

    def given(self, purpose):
        return self.second if purpose == "second-review" else None

    def has_finding(self, purpose):
        return self.standing[purpose] is not None and isinstance(self.standing[purpose][0], bool)

    def has_mark(self, purpose):
        return self.standing[purpose] is not None and isinstance(self.standing[purpose][0], str)

    def has_remark(self, purpose):
        return purpose != "file-review" or (self.has_finding("review") and self.standing["review"][0])

    def typed(self, text: str | None) -> Note | None:
        return None if text is None else note(text, next(self.numbers) % 255 + 1)

    def version(self, purpose, seen: str | None) -> int | None:
        return {None: None, "newest": self.accepted[purpose], "older": self.changed[purpose] - 1}[seen]

    def saw(self, _purpose, seen) -> bool:
        return seen != "older"

    def may(self, purpose, actor, seen) -> bool:
        if purpose == "second-review":
            return self.saw(purpose, seen) and actor == self.second and actor not in self.first_reviewers
        own = self.handler in {None, actor} and not (purpose == "review" and actor == self.second)
        return self.saw(purpose, seen) and own

    def now_stands(self, purpose, what, by=None):
        self.standing[purpose] = what
        self.started_by[purpose] = None
        self.changed[purpose] = self.accepted[purpose]
        if purpose == "review":
            self.settled_at = None
            if by is not None:
                self.first_reviewers.add(by)

    def carried_out(self, command: Command, *, fits: bool) -> int | None:
        """Return how many events it led to, None where it was refused."""
        purpose = command.review.purpose
        state = replace(self.states[purpose], beside=self.states[BESIDE[purpose]])
        try:
            decision = decide(command, state)
        except StickprovError:
            assert not fits, "refused what fits"
            return None
        assert fits, "accepted what does not fit"
        self.accepted[purpose] += len(decision.events)
        for event in decision.events:
            state = evolve(state, event, command.actor)
        kept = {one.note: one.text for one in decision.notes}
        self.states[purpose] = replace(state, texts={**state.texts, **kept}, beside=None)
        return len(decision.events)


TestReviewMachine = ReviewMachine.TestCase
TestReviewMachine.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
