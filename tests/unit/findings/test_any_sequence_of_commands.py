"""Whatever reviewers send in whatever order, a review does what a plain variable with one finding in it would do."""

from dataclasses import replace
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stickprov_findings.domain.review.commands import Command, CorrectFinding, RecordFinding, WithdrawFinding
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.note import Note
from stickprov_findings.domain.review.state import DrawnCase, Review
from stickprov_kernel.errors import StickprovError
from support.reviews import CATEGORIES, KEY, note

ACTORS = st.sampled_from(["anna", "bo"])
CHOICES = st.sampled_from(
    [(), ("swish",), ("deposit", "swish"), ("swish", "deposit"), ("swish", "swish"), ("teleport",)]
)
TEXTS = st.sampled_from([None, "first", "second"])
REASONS = st.sampled_from(["because", "  "])
SEEN = st.sampled_from([None, "newest", "older"])

FITS = {(False, ()), (True, ("swish",)), (True, ("deposit", "swish")), (True, ("swish", "deposit"))}


class ReviewMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        self.standing = None  # (remark, categories, text), or None while the case waits
        self.accepted = 0

    @initialize(handler=st.sampled_from([None, "anna"]))
    def a_case_is_drawn(self, handler):
        self.handler = handler
        self.state = Review(DrawnCase(handler, CATEGORIES))

    @rule(actor=ACTORS, remark=st.booleans(), categories=CHOICES, text=TEXTS, seen=SEEN)
    def record(self, actor, remark, categories, text, seen):
        comment = self.typed(text)
        command = RecordFinding(KEY, actor, remark, categories, comment, self.version(seen))
        fits = self.standing is None and (remark, categories) in FITS
        if self.carried_out(command, fits=fits and self.may(actor, seen), notes=[comment]):
            self.standing = (remark, set(categories), text)

    @rule(actor=ACTORS, remark=st.booleans(), categories=CHOICES, text=TEXTS, reason=REASONS, seen=SEEN)
    def correct(self, actor, remark, categories, text, reason, seen):
        comment = self.typed(text)
        command = CorrectFinding(KEY, actor, remark, self.typed(reason), categories, comment, self.version(seen))
        wanted = (remark, set(categories), text)
        fits = self.standing is not None and wanted != self.standing and (remark, categories) in FITS
        if self.carried_out(command, fits=fits and reason == "because" and self.may(actor, seen), notes=[comment]):
            self.standing = wanted

    @rule(actor=ACTORS, reason=REASONS, seen=SEEN)
    def withdraw(self, actor, reason, seen):
        command = WithdrawFinding(KEY, actor, self.typed(reason), self.version(seen))
        fits = self.standing is not None and reason == "because"
        if self.carried_out(command, fits=fits and self.may(actor, seen)):
            self.standing = None

    @rule()
    def erase_every_note(self):
        self.state = replace(self.state, texts={})
        if self.standing is not None:
            self.standing = (*self.standing[:2], None)

    @invariant()
    def the_finding_that_stands_is_the_models(self):
        finding = self.state.finding
        seen = finding and (finding.remark, set(finding.categories), self.state.text_of(finding.comment))
        assert seen == self.standing
        assert self.state.version == self.accepted

    def typed(self, text: str | None) -> Note | None:
        return None if text is None else note(text, next(self.numbers) % 255 + 1)

    def version(self, seen: str | None) -> int | None:
        return {None: None, "newest": self.state.version, "older": self.state.version - 1}[seen]

    def may(self, actor: str, seen: str | None) -> bool:
        return self.handler in {None, actor} and seen != "older"

    def carried_out(self, command: Command, *, fits: bool, notes=()) -> bool:
        try:
            events = decide(command, self.state)
        except StickprovError:
            assert not fits, "refused what fits"
            return False
        assert fits, "accepted what does not fit"
        self.accepted += len(events)
        for event in events:
            self.state = evolve(self.state, event)
        kept = {typed.note: typed.text for typed in notes if typed}
        self.state = replace(self.state, texts={**self.state.texts, **kept})
        return True


TestReviewMachine = ReviewMachine.TestCase
TestReviewMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
