"""What the sampler says of a verified draw is told in both languages."""

from uuid import UUID

import pytest

from stickprov_client.language.translations import texts
from stickprov_client.language.verification import CHECKS, DIFFERENCES, FIELDS, checks_of, first_difference
from stickprov_contracts.http.sampler import DrawVerification
from stickprov_sampler.domain.draw.differences import Check, Field, Told, differs
from stickprov_sampler.domain.draw.verification import unreadable

DRAW = UUID("00000000-0000-5000-8000-000000000003")


@pytest.mark.parametrize(
    ("told", "known"), [(Check, CHECKS), (Told, DIFFERENCES), (Field, FIELDS)], ids=["checks", "differences", "fields"]
)
def test_the_client_knows_every_text_of_the_sampler_and_no_other(told, known):
    assert {text.value for text in told} == known


def test_a_difference_is_told_in_both_languages_with_its_values():
    found = unreadable(DRAW, differs(Told.ANOTHER_VALUE, case="3f", field=Field.UNIT, found="Norr", expected="Söder"))

    assert first_difference(found, "sv") == "Ärende 3f har enhet Norr, uträknat på nytt Söder."
    assert first_difference(found, "en") == "Case 3f has unit Norr, computed again Söder."
    assert found.first_difference == "Case 3f has unit Norr, computed again Söder."


def test_why_a_design_cannot_be_followed_is_told_in_both_languages_too():
    found = unreadable(DRAW, differs(Told.NO_DESIGN, why="The sample is drawn, and stays as it is."))

    assert first_difference(found, "sv").startswith("Utformningen som loggen anger går inte att följa: Urvalet")


def test_a_check_is_told_in_both_languages():
    found = unreadable(DRAW, differs(Told.NO_SEED))

    assert checks_of(found, "sv") == [("loggen har ramen, fröet och urvalet, och alla tre går att läsa", False)]
    assert checks_of(found, "en") == [("the log has the frame, the seed and the sample, and each can be read", False)]


def test_what_a_newer_sampler_says_is_shown_as_it_came():
    said = {"text": "Tickets are %(colour)s.", "values": {"colour": "green"}}
    found = DrawVerification.model_validate(
        {
            "draw": DRAW,
            "verdict": "different",
            "first_difference": "Tickets are green.",
            "difference": said,
            "checks": [("colours", False)],
        }
    )

    assert first_difference(found, "sv") == "Tickets are green."
    assert checks_of(found, "sv") == [("colours", False)]


def test_a_difference_from_an_older_sampler_is_shown_as_it_came():
    found = DrawVerification(draw=DRAW, verdict="different", first_difference="It differs.", checks=[])

    assert first_difference(found, "sv") == "It differs."


def test_nothing_is_said_of_a_draw_that_does_not_differ():
    assert (
        first_difference(DrawVerification(draw=DRAW, verdict="verified", first_difference=None, checks=[]), "sv") == ""
    )


def test_swedish_has_a_word_of_its_own_for_every_check():
    assert [check for check in CHECKS if texts("sv").gettext(check) == check] == []
