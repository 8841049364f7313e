"""Whatever a client sends, allowed or not, findings has an answer and no fault of its own."""

from support.any_request import AnyRequest
from support.questionnaires import asking
from support.reviews import CASE, DRAW, POINT, QUESTIONNAIRE, case_drawn, point_defined, published

ASKED = asking(
    {"id": "plan", "type": "yes_no", "remarks": [{"answers": ["no"], "category": "swish"}]},
    {"id": "dated", "type": "date", "applies_if": {"question": "plan", "answers": ["yes"]}},
    {"id": "needs", "type": "number", "level": "subunit", "required": False},
)


async def test_no_request_leads_to_a_fault_of_findings(service):
    point = point_defined(questionnaire=QUESTIONNAIRE, file_review_questionnaire=QUESTIONNAIRE)
    await service.hear(published(ASKED), point, case_drawn(subunits=["1", "2"]))
    known = {"draw": str(DRAW), "control_point": POINT, "case": CASE}
    # The sampler, whose log would be read again, does not run here.
    away = frozenset({"feed-unavailable"})
    asking_anything = AnyRequest(service.client, service.issuer, known, away=away)
    await asking_anything.send_all()
    assert asking_anything.faults == []
    assert {200, 404, 422} <= set(asking_anything.answered)
