"""What a verification tells is in words: figures by their names, numbers as people of a language write them."""

from stickprov_client.bundle.verifying.draws import DESIGNS
from stickprov_client.bundle.verifying.naming import FIELDS, figure_name
from stickprov_client.bundle.verifying.told import Said, Sentence
from stickprov_client.language.draws import DESIGNS as DESIGNS_OF_PAGES
from stickprov_contracts.http.statistics import Statistics

NO_BREAK = "\N{NO-BREAK SPACE}"


def fields_of(schema):
    return {name for model in (schema, *schema["$defs"].values()) for name in model.get("properties", {})}


def test_every_field_of_a_statistic_has_a_swedish_name():
    assert fields_of(Statistics.model_json_schema()) - FIELDS.keys() == set()


def test_every_design_has_a_name():
    assert DESIGNS.keys() == DESIGNS_OF_PAGES.keys()


def test_a_field_that_is_newer_than_the_verifier_keeps_its_name():
    assert figure_name("draws.new_thing") == Sentence("draws › new thing", "dragningar › new thing")


def test_numbers_are_written_as_the_language_writes_them():
    told = Said(Sentence("%(n)s of %(m)s", "%(n)s av %(m)s"), {"n": 2663, "m": 1234567})

    assert told.text("sv") == f"2{NO_BREAK}663 av 1{NO_BREAK}234{NO_BREAK}567"
    assert told.text("en") == "2,663 of 1,234,567"
