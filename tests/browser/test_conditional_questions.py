"""Questions that hang on an answer are laid out like all others, with and without what says when they are asked."""

import pytest
from playwright.sync_api import Locator, expect

from support.review_cases import EVERY_TYPE

CONDITIONAL = EVERY_TYPE.with_name("villkor.yaml")
NARROW = 0.6
"""Of the page: choices at the side of their question have less room than that."""


@pytest.fixture(scope="module")
def cases(maker):
    return maker.make(CONDITIONAL, count=1, children=2)


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("script", [True, False])
def test_the_answers_of_a_question_with_a_condition_have_the_width_of_their_card(cases, signed_in, width, script):
    page = signed_in(width=width, script=script)
    page.goto(cases.path())
    page.get_by_role("group", name="Finns ett beslut").get_by_label("Ja").check()
    if script:
        expect(page.get_by_text("Besvaras bara om").first).to_be_hidden()
    page.get_by_role("region", name="Barn 1").get_by_role("group", name="hörts").get_by_label("Ja").check()

    for text in ("Sjukskriven med otillräcklig", "Kontoutdrag för de tre", "I samtal med handläggaren"):
        choice = page.locator(".question:visible label").filter(has_text=text).first
        assert _share_of_its_card(choice) > NARROW, text
    for question in page.locator("#review > .question:visible:has(.choices)").all():
        legend, choices = _box(question.locator("legend")), _box(question.locator(".choices"))
        assert choices["y"] >= legend["y"] + legend["height"] - 1, "the answers stand beside the question"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def _share_of_its_card(choice: Locator) -> float:
    return _box(choice)["width"] / _box(choice.locator("xpath=ancestor::fieldset"))["width"]


def _box(what: Locator) -> dict[str, float]:
    box = what.bounding_box()
    assert box is not None
    return box
