"""A finding in a file and on the command line; the template that asks for it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from stickprov_client.cli.answering import Said, standing_finding
from stickprov_client.cli.failure import BadInput
from stickprov_client.documents.answers_file import read_answers, template_of
from stickprov_client.documents.faults import BadFile
from stickprov_contracts.http.findings import AnswerShown, RecordFinding, Review, SubunitFound, SubunitShown
from support.questionnaires import asking

ASKED = asking(
    {"id": "plan", "type": "yes_no"},
    {"id": "dated", "type": "date", "applies_if": {"question": "plan", "answers": ["yes"]}},
    {"id": "old", "type": "yes_no", "derived": {"date": "dated", "months": 3}},
    {"id": "kinds", "type": "many_of", "options": [{"id": one, "sv": one, "en": one} for one in ("cash", "swish")]},
    {"id": "amount", "type": "number", "required": False},
    {"id": "needs", "type": "yes_no", "level": "subunit"},
)


def review(**fields) -> Review:
    base = {
        "draw": UUID(int=1),
        "control_point": "P-1",
        "case": "ab" * 32,
        "month": "2021-03",
        "stratum": "",
        "handler": None,
        "status": "waiting",
        "version": 0,
        "remark": None,
        "categories": [],
        "history": [],
        "subunits": ["1", "2"],
        "questionnaire": "plan",
        "questionnaire_number": 3,
        "content": ASKED,
    }
    return Review(**(base | fields))


def written(tmp_path, text: str, name: str = "svar.yaml"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def shown(question: str, *chosen: str, **rest) -> AnswerShown:
    return AnswerShown(
        **({"question": question, "chosen": list(chosen), "number": None, "day": None, "text": None} | rest)
    )


def test_a_file_is_read_as_it_looks(tmp_path):
    file = written(
        tmp_path,
        """\
answers:
  plan: yes
  dated: 2021-03-01
  kinds: [cash, swish]
  amount: 12.5
  old:
subunits:
  - subunit: 1
    answers: {needs: no}
  - {subunit: "2", outcome: over-coverage, reason: duplicate, answers: }
comment:
""",
    )
    read = read_answers(file)
    assert read.answers == {"plan": "yes", "dated": "2021-03-01", "kinds": ["cash", "swish"], "amount": Decimal("12.5")}
    assert read.subunits == [
        SubunitFound(subunit="1", answers={"needs": "no"}),
        SubunitFound(subunit="2", outcome="over-coverage", reason="duplicate"),
    ]
    assert "comment" not in read.model_fields_set


def test_json_does_as_well(tmp_path):
    file = written(tmp_path, '{"answers": {"plan": "yes"}, "remark": true}', "svar.json")
    assert read_answers(file) == RecordFinding(answers={"plan": "yes"}, remark=True)


def test_every_fault_is_named_by_its_line(tmp_path):
    file = written(tmp_path, "answers:\n  plan: true\n  dated: {day: 1}\nsubunits:\n  - answers: {needs: false}\n")
    with pytest.raises(BadFile) as refused:
        read_answers(file)
    assert [fault.number for fault in refused.value.faults] == [2, 3, 5]


def test_a_misspelt_field_is_named(tmp_path):
    with pytest.raises(BadFile, match="line 1, field answer: there is no such field; did you mean answers"):
        read_answers(written(tmp_path, "answer: {plan: yes}\n"))


def test_the_template_reads_as_a_finding_without_answers(tmp_path):
    read = read_answers(written(tmp_path, template_of(review(), "sv")))
    assert read == RecordFinding(subunits=[SubunitFound(subunit="1"), SubunitFound(subunit="2")])
    text = template_of(review(), "sv")
    assert "  dated:  # dated (ett datum; plan = yes)\n" in text
    assert "  kinds:  # kinds ([cash, swish])\n" in text
    assert "old" not in text


def test_a_template_without_questions_asks_for_the_remark(tmp_path):
    text = template_of(review(content=None, questionnaire=None, questionnaire_number=None), "en")
    assert "remark:  # true / false" in text
    assert read_answers(written(tmp_path, text)) == RecordFinding()


def test_options_stand_over_the_file_and_several_answers_have_bars_between(tmp_path):
    file = written(tmp_path, "answers: {plan: no, amount: 3}\ncomment: Ur filen\n")
    said = Said(answers=["plan=yes", "kinds=cash| swish", "amount="], comment="Ny", file=file)
    assert said.finding(review=review()) == RecordFinding(
        answers={"plan": "yes", "kinds": ["cash", "swish"]}, comment="Ny", questionnaire_number=3
    )


def test_an_answer_without_its_question_is_refused():
    with pytest.raises(BadInput, match="QUESTION=ANSWER"):
        Said(answers=["yes"]).finding(review=review())


def test_a_correction_starts_from_what_stands():
    standing = review(
        status="reviewed",
        version=2,
        remark=True,
        comment="Först",
        answers=[
            shown("plan", "yes"),
            shown("dated", day=date(2021, 3, 1)),
            shown("old", "no"),
            shown("kinds", "cash"),
        ],
        found=[
            SubunitShown(
                subunit="1",
                outcome="reviewed",
                reason=None,
                remark=False,
                categories=[],
                answers=[shown("needs", "no")],
            ),
            SubunitShown(subunit="2", outcome="non-response", reason="moved", remark=False, categories=[], answers=[]),
        ],
    )
    corrected = Said(answers=["kinds=swish"]).finding(standing_finding(standing), standing)
    assert corrected == RecordFinding(
        comment="Först",
        questionnaire_number=3,
        answers={"plan": "yes", "dated": "2021-03-01", "kinds": ["swish"]},
        subunits=[
            SubunitFound(subunit="1", answers={"needs": "no"}),
            SubunitFound(subunit="2", outcome="non-response", reason="moved"),
        ],
    )


def test_a_correction_to_no_remark_takes_the_categories_with_it():
    standing = review(content=None, remark=True, categories=["deposits"], status="reviewed")
    assert Said(remark=False).finding(standing_finding(standing), standing) == RecordFinding(remark=False)
    kept = Said(comment="Ny").finding(standing_finding(standing), standing)
    assert kept == RecordFinding(remark=True, categories=["deposits"], comment="Ny")
