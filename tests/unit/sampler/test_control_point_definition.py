import pytest

from stickprov_contracts.events.sampler import Category, ControlPointDefined
from stickprov_contracts.http.sampler import DefineControlPoint
from stickprov_sampler.domain.control_point.definition import (
    CategoryTwiceError,
    ControlPointUnfitError,
    Define,
    as_answer,
    decide,
    evolve,
)

DEPOSITS = Category(id="deposits", sv="Insättningar", en="Deposits")


def definition(**changes):
    given = {
        "number": "3",
        "year": 2021,
        "board": "AMF",
        "area": "Försörjningsstöd",
        "measure": "Att rätt uppgifter lämnas",
        "unit_name": "hushåll",
        "categories": [DEPOSITS],
    }
    return DefineControlPoint(**(given | changes))


def define(**changes):
    return Define("AMF-2021-3", definition(**changes))


def test_a_control_point_is_defined():
    (defined,) = decide(define(), None)
    assert defined == ControlPointDefined(
        control_point="AMF-2021-3",
        number="3",
        year=2021,
        board="AMF",
        area="Försörjningsstöd",
        measure="Att rätt uppgifter lämnas",
        unit_name="hushåll",
        categories=[DEPOSITS],
    )


def test_the_same_definition_again_is_no_event():
    (defined,) = decide(define(), None)
    assert decide(define(), evolve(None, defined)) == []


def test_another_wording_is_a_new_definition():
    (first,) = decide(define(), None)
    (second,) = decide(define(measure="Att uppgifterna är rätt"), evolve(None, first))
    assert evolve(first, second).measure == "Att uppgifterna är rätt"


def test_a_category_id_stands_once():
    with pytest.raises(CategoryTwiceError) as caught:
        decide(define(categories=[DEPOSITS, DEPOSITS]), None)
    assert [error.field for error in caught.value.errors] == ["categories.1.id"]


def test_a_group_that_reviews_is_named():
    (defined,) = decide(define(reviewer_rule="group", reviewer_group="Granskare"), None)
    assert defined.reviewer_group == "Granskare"


@pytest.mark.parametrize(
    "changes",
    [
        {"reviewer_rule": "group"},
        {"reviewer_rule": "group", "reviewer_group": "  "},
        {"reviewer_rule": "colleague", "reviewer_group": "Granskare"},
        {"reviewer_group": "Granskare"},
    ],
)
def test_a_group_stands_where_a_group_reviews_and_nowhere_else(changes):
    with pytest.raises(ControlPointUnfitError) as caught:
        decide(define(**changes), None)
    assert [error.field for error in caught.value.errors] == ["reviewer_group"]


def test_the_answer_has_the_version_of_the_stream():
    (defined,) = decide(define(), None)
    assert as_answer(defined, 4).version == 4
