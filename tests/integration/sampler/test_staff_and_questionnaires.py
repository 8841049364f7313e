"""Staff lists and questionnaires through the HTTP API."""

from stickprov_kernel.http.identity import actor_pseudonym
from support.tokens import STAFF_KEY

ANNA = {
    "sign_in": "ansi01",
    "name": "Provnamn Ett",
    "email": "ett@example.org",
    "unit": "Mottagning",
    "groups": ["team 1"],
    "clearance": "protected",
}
BO = {"sign_in": "bosi02", "name": "Provnamn Två", "unit": "Ekonomi"}
ASKED = {
    "sv": "Handlingsplan",
    "en": "Action plan",
    "questions": [
        {
            "id": "plan",
            "sv": "Finns en handlingsplan?",
            "en": "Is there an action plan?",
            "type": "yes_no",
            "remarks": [{"answers": ["no"], "category": "no-plan"}],
        },
        {
            "id": "age",
            "sv": "Hur gammal är den, i månader?",
            "en": "How old is it, in months?",
            "type": "number",
            "applies_if": {"question": "plan", "answers": ["yes"]},
            "remarks": [{"above": "3", "category": "old"}],
        },
    ],
}


async def put(sampler, path, body, role="coordinator"):
    return await sampler.client.put(f"/v1{path}", json=body, headers=sampler.headers(role))


async def test_a_staff_list_is_pseudonyms_in_the_log_and_names_in_the_vault(sampler):
    response = await put(sampler, "/staff", {"staff": [ANNA, BO]})
    assert response.json() == {"version": 1, "listed": 2, "added": 2, "changed": 0, "removed": 0}
    stored = await sampler.rows("SELECT data FROM event UNION ALL SELECT answer FROM command")
    texts = [bytes(row["data"]).decode() for row in stored]
    assert not any(secret in text for text in texts for secret in ("Provnamn", "example.org", "ansi01", "bosi02"))
    anna = actor_pseudonym(STAFF_KEY, "ansi01")
    assert any(anna in text for text in texts)
    (first, _) = (await sampler.get("/v1/staff")).json()
    assert first == {
        "pseudonym": anna,
        "name": "Provnamn Ett",
        "email": "ett@example.org",
        "unit": "Mottagning",
        "groups": ["team 1"],
        "clearance": "protected",
        "sign_in": "ansi01",
    }
    assert (await sampler.get("/v1/staff", "auditor")).status_code == 403


async def test_a_new_name_is_kept_without_an_event_and_a_new_list_says_what_changed(sampler):
    await put(sampler, "/staff", {"staff": [ANNA, BO]})
    before = (await sampler.counts())[0]
    await put(sampler, "/staff", {"staff": [ANNA | {"name": "Provnamn Nytt"}, BO]})
    assert (await sampler.counts())[0] == before
    assert (await sampler.get("/v1/staff")).json()[0]["name"] == "Provnamn Nytt"
    response = await put(sampler, "/staff", {"staff": [ANNA | {"unit": "Ekonomi"}, {"sign_in": "ce"}]})
    assert response.json() == {"version": 2, "listed": 2, "added": 1, "changed": 1, "removed": 1}


async def test_a_list_that_is_only_looked_at_says_who_is_new_changed_and_gone_and_stores_nothing(sampler):
    await put(sampler, "/staff", {"staff": [ANNA, BO]})
    before = await sampler.counts()
    tried = {"staff": [ANNA | {"name": "Provnamn Nytt", "unit": "Ekonomi"}, {"sign_in": "ce"}]}
    response = await sampler.client.post("/v1/staff/preview", json=tried, headers=sampler.headers("coordinator"))
    assert response.status_code == 200
    seen = response.json()
    assert seen["listed"] == 2
    assert [(one["what"], one["person"]["sign_in"], one["fields"]) for one in seen["changes"]] == [
        ("changed", "ansi01", ["name", "unit"]),
        ("added", "ce", []),
        ("removed", "bosi02", []),
    ]
    assert await sampler.counts() == before
    assert (await sampler.get("/v1/staff")).json()[0]["name"] == "Provnamn Ett"


async def test_somebody_who_stands_twice_is_named_by_place_and_never_by_name(sampler):
    response = await put(sampler, "/staff", {"staff": [ANNA, BO, ANNA]})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == ["staff.2.sign_in"]
    assert "Provnamn" not in response.text
    assert "ansi01" not in response.text


async def test_a_questionnaire_has_versions_and_the_same_again_is_none(sampler):
    first = (await put(sampler, "/questionnaires/handlingsplan", ASKED)).json()
    again = (await put(sampler, "/questionnaires/handlingsplan", ASKED)).json()
    changed = (await put(sampler, "/questionnaires/handlingsplan", ASKED | {"sv": "Plan"})).json()
    assert [one["number"] for one in (first, again, changed)] == [1, 1, 2]
    old = (await sampler.get("/v1/questionnaires/handlingsplan?number=1", "reviewer")).json()
    assert old == first
    assert (await sampler.get("/v1/questionnaires")).json() == [changed]
    assert (await sampler.get("/v1/questionnaires/handlingsplan?number=3")).status_code == 404


async def test_what_contradicts_itself_in_a_questionnaire_is_named_by_its_path(sampler):
    plan, age = ASKED["questions"]
    wrong = ASKED | {
        "questions": [
            plan | {"remarks": [{"answers": ["perhaps"]}], "options": [{"id": "a", "sv": "a", "en": "a"}]},
            plan | {"type": "one_of", "remarks": []},
            age | {"applies_if": {"question": "later", "answers": ["yes"]}, "remarks": [{"answers": ["yes"]}]},
        ]
    }
    response = await put(sampler, "/questionnaires/handlingsplan", wrong)
    assert [error["field"] for error in response.json()["errors"]] == [
        "questions.0.options",
        "questions.0.remarks.0.answers.0",
        "questions.1.id",
        "questions.1.options",
        "questions.2.applies_if.question",
        "questions.2.remarks.0",
    ]


async def test_a_plan_is_warned_of_remarks_whose_category_its_point_does_not_have(sampler):
    ruled = ASKED["questions"][0] | {"remarks": [{"answers": ["no"], "category": "no-plan"}]}
    await put(sampler, "/questionnaires/handlingsplan", ASKED | {"questions": [ruled]})
    point = {
        "control_point": "P-1",
        "number": "1",
        "area": "AMF",
        "measure": "Planer",
        "questionnaire": "handlingsplan",
    }
    plan = {"board": "Nämnden", "year": 2021, "control_points": [point]}
    warned = (await put(sampler, "/plans/P", plan)).json()["warnings"]
    assert [(one["field"], one["code"]) for one in warned] == [
        ("control_points.0.questionnaire", "questionnaire-category-missing")
    ]
    assert "no-plan" in warned[0]["message"]
    point["categories"] = [{"id": "no-plan", "sv": "Ingen plan", "en": "No plan"}]
    assert (await put(sampler, "/plans/P", plan)).json()["warnings"] == []
