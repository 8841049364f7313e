"""What the planner found, in words: the same sentences for the command and the page."""

from stickprov_client.language.planning import attribute_sentences, headline, margin_sentences, staged_sentence
from stickprov_contracts.http.planning import AttributePlan, MarginPlan, PlannedSize, PlanSize, Stage, StagedPlan


def planned(**parts: object) -> PlannedSize:
    asked = PlanSize.model_validate({"tolerable": "0.05", "margin": "0.05", "frame_size": 222})
    empty = {"attribute": None, "margin": None, "given": None, "stop_or_go": None}
    return PlannedSize(**{"asked": asked} | empty | parts)  # type: ignore[arg-type]


ATTRIBUTE = AttributePlan(n=48, allowed=0, deviating=12, risk=0.04935, whole_frame=False)


def test_a_plan_is_said_in_both_languages():
    answer = planned(attribute=ATTRIBUTE)
    assert headline(answer, "sv") == "Dra 48 ärenden. Inget av dem får avvika."
    assert headline(answer, "en") == "Draw 48 cases. None of them may deviate."
    promise, doubt, size = attribute_sentences(answer, ATTRIBUTE, "en")
    assert promise == (
        "If none of the 48 cases deviates, you may say that fewer than 5% of all do. "
        "Should 5% or more deviate after all, the sample misleads you so with a risk of at most 4.94%."
    )
    assert "does not prove the opposite" in doubt
    assert size == "In a frame of 222, 5% is 12 units, rounded up."


def test_allowed_deviations_are_named():
    plan = ATTRIBUTE.model_copy(update={"n": 93, "allowed": 1, "deviating": None})
    assert headline(planned(attribute=plan), "sv") == "Dra 93 ärenden. Högst 1 av dem får avvika."
    assert "oändlig" in attribute_sentences(planned(attribute=plan), plan, "sv")[-1]


def test_a_whole_frame_is_called_so():
    plan = ATTRIBUTE.model_copy(update={"n": 222, "whole_frame": True})
    assert headline(planned(attribute=plan), "en") == "Review all 222 units."
    assert "whole frame" in attribute_sentences(planned(attribute=plan), plan, "en")[0]


def test_a_margin_says_both_sizes_and_the_worst_case():
    plan = MarginPlan(n=141, n_exact=140, half_width=0.0495, expected=0.5, worst_case=True)
    first, worst = margin_sentences(planned(margin=plan), plan, "sv")
    assert "140" in first
    assert "141" in first
    assert "sämsta fallet" in worst


def test_stages_that_do_not_hold_are_told_with_both_risks():
    stages = [Stage(add=59, total=59, allowed=0, risk=0.0485), Stage(add=34, total=93, allowed=1, risk=0.0263)]
    plan = StagedPlan(stages=stages, risk=0.0748, holds=False)
    sentence = staged_sentence(planned(given=plan), plan, "sv")
    assert "7,48\N{NO-BREAK SPACE}%" in sentence
    assert "håller inte" in sentence
