"""Plans through the HTTP API: adopted whole or not at all, carried over, followed through the years, closed."""

from uuid import uuid4

RISK = {"id": "R1", "text": "Omoderna system", "score": 16, "labels": "sannolik risk, allvarliga konsekvenser"}
POINT = {
    "control_point": "AN-2017-1",
    "number": "1",
    "measure": "Uppföljning av samordnade individuella handlingsplaner",
    "method": "Stickprov personnummer",
    "risk": "R1",
    "frequency": "Tertial och årligen",
    "schedule": ["tertial", "yearly"],
    "unit_name": "deltagare",
    "tolerance": "0.05",
}
PLAN = {"board": "Arbetsmarknadsnämnden", "year": 2017, "dnr": "AN 2016/1", "risks": [RISK], "control_points": [POINT]}
LATER = {
    "board": "Arbetsmarknadsnämnden",
    "year": 2018,
    "control_points": [
        {
            "control_point": "AN-2018-1",
            "number": "1",
            "measure": "Uppföljning av gemensamma och förankrade handlingsplaner",
            "carried_over": {"earlier": "AN-2017-1", "how": "reformulated", "why": "Begreppet kan inte följas upp"},
        }
    ],
}


async def send(sampler, method, path, body, *, role="coordinator", version=None, command_id=None):
    headers = sampler.headers(role, command_id) | ({"If-Match": f'"{version}"'} if version is not None else {})
    return await sampler.client.request(method, f"/v1{path}", json=body, headers=headers)


async def adopt(sampler, plan="AN-2017", content=PLAN, **how):
    return await send(sampler, "PUT", f"/plans/{plan}", content, **how)


async def adopted(sampler, *args, **how):
    response = await adopt(sampler, *args, **how)
    assert response.status_code == 200, response.text
    return response.json()


def told(answer):
    return [(change["what"], change["id"], change["fields"]) for change in answer["changes"]]


def fields_at_fault(response):
    assert response.status_code == 422, response.text
    return [error["field"] for error in response.json()["errors"]]


async def test_a_plan_is_shown_as_it_was_adopted(sampler):
    answer = await adopted(sampler)
    plan = (await sampler.get("/v1/plans/AN-2017", "board")).json()
    assert told(answer) == [("added", "AN-2017", []), ("added", "AN-2017-1", [])]
    assert (plan["board"], plan["year"], plan["dnr"], plan["risks"]) == (PLAN["board"], 2017, "AN 2016/1", [RISK])
    (point,) = plan["control_points"]
    assert {name: point[name] for name in POINT} == POINT
    assert (point["plan"], point["year"], point["board"]) == ("AN-2017", 2017, PLAN["board"])
    assert [one["plan"] for one in (await sampler.get("/v1/plans")).json()] == ["AN-2017"]


async def test_the_same_plan_again_changes_nothing_and_stores_no_event(sampler):
    await adopted(sampler)
    before = await sampler.counts()
    assert told(await adopted(sampler)) == []
    assert await sampler.counts() == before


async def test_a_changed_plan_says_which_fields_and_keeps_its_order(sampler):
    await adopted(sampler)
    second = POINT | {"control_point": "AN-2017-2", "number": "2", "risk": None}
    changed = PLAN | {"control_points": [second, POINT | {"tolerance": "0.1", "method": None}]}
    assert told(await adopted(sampler, content=changed)) == [
        ("changed", "AN-2017", ["control_points"]),
        ("added", "AN-2017-2", []),
        ("changed", "AN-2017-1", ["tolerance", "method"]),
    ]
    plan = (await sampler.get("/v1/plans/AN-2017")).json()
    assert [point["control_point"] for point in plan["control_points"]] == ["AN-2017-2", "AN-2017-1"]


async def test_a_point_that_the_plan_leaves_out_stays_defined_outside_it(sampler):
    second = POINT | {"control_point": "AN-2017-2", "number": "2"}
    await adopted(sampler, content=PLAN | {"control_points": [POINT, second]})
    assert ("removed", "AN-2017-2", []) in told(await adopted(sampler))
    point = (await sampler.get("/v1/control-points/AN-2017-2")).json()
    assert (point["plan"], point["risk"], point["measure"]) == (None, None, POINT["measure"])


async def test_nothing_of_a_plan_with_faults_is_stored_and_each_fault_is_named(sampler):
    before = await sampler.counts()
    broken = PLAN | {
        "risks": [RISK, RISK],
        "control_points": [
            POINT | {"risk": "R9"},
            POINT | {"control_point": "AN-2017-2", "measure": " ", "method": None},
            POINT,
        ],
        "retired": [{"control_point": "AN-2016-1"}],
    }
    assert fields_at_fault(await adopt(sampler, content=broken)) == [
        "risks.1.id",
        "control_points.2.control_point",
        "control_points.0.risk",
        "control_points.1.measure",
        "retired.0.control_point",
    ]
    assert await sampler.counts() == before


async def test_a_preview_answers_the_same_and_stores_nothing(sampler):
    before = await sampler.counts()
    seen = await send(sampler, "POST", "/plans/AN-2017/preview", PLAN)
    assert await sampler.counts() == before
    assert seen.json() == await adopted(sampler)


async def test_another_plans_point_is_refused(sampler):
    await adopted(sampler)
    assert fields_at_fault(await adopt(sampler, "OTHER")) == ["control_points.0.control_point"]


async def test_the_same_labels_with_two_scores_are_warned_of_and_kept(sampler):
    other = RISK | {"id": "R2", "score": 12}
    plan = PLAN | {"risks": [RISK, other], "control_points": [POINT | {"file_review_questionnaire": "none-yet"}]}
    warnings = (await adopted(sampler, content=plan))["warnings"]
    assert [(warning["field"], warning["code"]) for warning in warnings] == [
        ("risks.1.score", "score-differs"),
        ("risks.1.id", "risk-without-point"),
        ("control_points.0.file_review_questionnaire", "questionnaire-unpublished"),
    ]
    shown = (await sampler.get("/v1/plans/AN-2017")).json()
    assert [risk["score"] for risk in shown["risks"]] == [16, 12]
    assert shown["warnings"] == warnings


async def test_a_plan_that_moved_on_is_refused(sampler):
    await adopted(sampler)
    response = await adopt(sampler, content=PLAN | {"dnr": "AN 2016/2"}, version=9)
    assert (response.status_code, response.json()["current_version"]) == (412, 1)


async def test_a_retry_gets_the_first_answer(sampler):
    command_id = uuid4()
    first = await adopted(sampler, command_id=command_id)
    assert await adopted(sampler, command_id=command_id) == first


async def test_a_plans_point_keeps_the_plans_year_board_and_risks_when_it_is_edited(sampler):
    await adopted(sampler)
    fields = {name: value for name, value in POINT.items() if name != "control_point"}
    wrong = fields | {"year": 2016, "board": "Annan", "risk": "R9"}
    assert fields_at_fault(await send(sampler, "PUT", "/control-points/AN-2017-1", wrong)) == ["risk", "year", "board"]
    right = fields | {"year": 2017, "board": PLAN["board"], "responsible": "Enhetschef"}
    response = await send(sampler, "PUT", "/control-points/AN-2017-1", right, version=1)
    assert (response.status_code, response.json()["plan"]) == (200, "AN-2017")


async def test_a_lineage_is_followed_both_ways_with_its_reason(sampler):
    await adopted(sampler)
    assert ("carried_over", "AN-2017-1", []) in told(await adopted(sampler, "AN-2018", LATER))
    lineage = (await sampler.get("/v1/control-points/AN-2018-1/lineage", "auditor")).json()
    (step,) = lineage["earlier"]
    assert (step["earlier"], step["earlier_year"], step["later"], step["how"], step["why"], lineage["later"]) == (
        "AN-2017-1",
        2017,
        "AN-2018-1",
        "reformulated",
        "Begreppet kan inte följas upp",
        [],
    )
    earlier = (await sampler.get("/v1/control-points/AN-2017-1/lineage")).json()
    assert (earlier["earlier"], earlier["later"]) == ([], [step])


async def test_a_reason_is_a_note_that_can_be_erased_and_never_stands_in_the_log(sampler):
    await adopted(sampler)
    await adopted(sampler, "AN-2018", LATER)
    stored = await sampler.rows("SELECT data FROM event UNION ALL SELECT answer FROM command")
    assert not any("Begreppet" in bytes(row["data"]).decode() for row in stored)
    await sampler.rows("DELETE FROM note")
    (step,) = (await sampler.get("/v1/control-points/AN-2018-1/lineage")).json()["earlier"]
    assert step["why"] is None
    plan = (await sampler.get("/v1/plans/AN-2018")).json()
    assert plan["control_points"][0]["carried_over"] == {"earlier": "AN-2017-1", "how": "reformulated", "why": None}


async def test_a_step_is_told_once_and_told_anew_with_another_reason(sampler):
    await adopted(sampler)
    await adopted(sampler, "AN-2018", LATER)
    assert told(await adopted(sampler, "AN-2018", LATER)) == []
    point = LATER["control_points"][0]
    other = LATER | {"control_points": [point | {"carried_over": point["carried_over"] | {"why": "Ett annat skäl"}}]}
    assert told(await adopted(sampler, "AN-2018", other)) == [("carried_over", "AN-2017-1", [])]
    (step,) = (await sampler.get("/v1/control-points/AN-2017-1/lineage")).json()["later"]
    assert step["why"] == "Ett annat skäl"


async def test_a_step_that_says_kept_must_keep_the_wording(sampler):
    await adopted(sampler)
    point = LATER["control_points"][0]

    def with_step(**step):
        return LATER | {"control_points": [point | {"carried_over": point["carried_over"] | step}]}

    assert fields_at_fault(await adopt(sampler, "AN-2018", with_step(how="kept"))) == [
        "control_points.0.carried_over.how"
    ]
    assert fields_at_fault(await adopt(sampler, "AN-2018", with_step(earlier="NONE"))) == [
        "control_points.0.carried_over.earlier"
    ]
    assert fields_at_fault(await adopt(sampler, "AN-2018", with_step(earlier="AN-2018-1"))) == [
        "control_points.0.carried_over.earlier"
    ]
    same_year = with_step(earlier="AN-2017-1") | {"year": 2017}
    assert fields_at_fault(await adopt(sampler, "AN-2018", same_year)) == ["control_points.0.carried_over.earlier"]


async def test_points_are_carried_over_one_by_one_kept_reformulated_and_retired(sampler):
    points = [POINT | {"control_point": f"AN-2017-{number}", "number": str(number)} for number in (1, 2, 3)]
    await adopted(sampler, content=PLAN | {"control_points": points})
    await adopted(sampler, "AN-2018", PLAN | {"year": 2018, "control_points": [POINT | {"control_point": "AN-2018-9"}]})
    for point, request in {
        "AN-2017-1": {"how": "kept", "to": "AN-2018-1"},
        "AN-2017-2": {"how": "reformulated", "to": "AN-2018-2", "measure": "Ny lydelse", "why": "Tydligare"},
        "AN-2017-3": {"how": "retired", "why": "Behövs inte"},
    }.items():
        response = await send(sampler, "POST", f"/control-points/{point}/carry-over", {"plan": "AN-2018"} | request)
        assert response.status_code == 200, response.text
    plan = (await sampler.get("/v1/plans/AN-2018")).json()
    assert [(one["control_point"], one["measure"]) for one in plan["control_points"]] == [
        ("AN-2018-9", POINT["measure"]),
        ("AN-2018-1", POINT["measure"]),
        ("AN-2018-2", "Ny lydelse"),
    ]
    assert plan["retired"] == [{"control_point": "AN-2017-3", "measure": POINT["measure"], "why": "Behövs inte"}]


async def test_a_point_is_not_carried_over_into_nowhere(sampler):
    await adopted(sampler)
    path = "/control-points/AN-2017-1/carry-over"
    response = await send(sampler, "POST", path, {"plan": "AN-2018", "how": "kept", "to": "AN-2018-1"})
    assert (response.status_code, response.json()["code"]) == (404, "plan-unknown")
    await adopted(sampler, "AN-2018", LATER)
    for request, field in [
        ({"how": "kept"}, "to"),
        ({"how": "retired", "to": "AN-2018-1"}, "to"),
        ({"how": "reformulated", "to": "AN-2018-2"}, "measure"),
    ]:
        assert fields_at_fault(await send(sampler, "POST", path, {"plan": "AN-2018"} | request)) == [field]


async def test_a_history_says_what_was_changed_when_and_by_whom(sampler):
    await adopted(sampler)
    await adopted(sampler, content=PLAN | {"control_points": [POINT | {"tolerance": "0.10"}]})
    await adopted(sampler, "AN-2018", LATER)
    entries = (await sampler.get("/v1/control-points/AN-2017-1/history")).json()
    assert [(entry["what"], entry["why"]) for entry in entries] == [
        ("defined", None),
        ("changed", None),
        ("carried_over", "Begreppet kan inte följas upp"),
    ]
    assert entries[1]["changes"] == [{"field": "tolerance", "before": "0.05", "after": "0.1"}]
    plan = (await sampler.get("/v1/plans/AN-2017/history")).json()
    assert [(entry["subject"], entry["what"]) for entry in plan] == [
        ("AN-2017", "adopted"),
        ("AN-2017-1", "defined"),
        ("AN-2017-1", "changed"),
        ("AN-2017-1", "carried_over"),
    ]
    assert (await sampler.get("/v1/plans/NONE/history")).json()["code"] == "plan-unknown"
    assert (await sampler.get("/v1/control-points/NONE/history")).status_code == 404
    assert (await sampler.get("/v1/control-points/NONE/lineage")).status_code == 404


async def test_a_closed_period_refuses_later_freezes_and_draws_of_its_points_only(sampler):
    await adopted(sampler, "AMF-2021", PLAN | {"year": 2021, "control_points": [POINT | {"control_point": "AMF-1"}]})
    register = "id\n1\n2\n"
    await sampler.freeze(register, frame_name="A", control_point="AMF-1", period="2021-02")
    closed = await send(sampler, "POST", "/plans/AMF-2021/closed-periods", {"period": "2021-T1"})
    assert (closed.status_code, closed.json()["control_points"]) == (200, ["AMF-1"])
    refused = await sampler.upload(register, frame_name="B", control_point="AMF-1", period="2021-03")
    assert (refused.status_code, refused.json()["code"]) == (409, "period-closed")
    refused = await sampler.draw(frame="A", n=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "period-closed")
    await sampler.freeze(register, frame_name="C", control_point="AMF-1", period="2021-05")
    await sampler.freeze(register, frame_name="D", control_point="AMF-2021-4", period="2021-03")
    before = (await sampler.counts())[0]
    await send(sampler, "POST", "/plans/AMF-2021/closed-periods", {"period": "2021-02"})
    assert (await sampler.counts())[0] == before
    plan = (await sampler.get("/v1/plans/AMF-2021")).json()
    assert [one["period"]["label"] for one in plan["closed_periods"]] == ["2021-T1"]


async def test_a_draw_of_a_closed_period_gets_no_more_cases(sampler):
    await adopted(sampler, "AMF-2021", PLAN | {"year": 2021, "control_points": [POINT | {"control_point": "AMF-1"}]})
    await sampler.freeze("id\n1\n2\n3\n", frame_name="A", control_point="AMF-1", period="2021-02")
    draw = (await sampler.drawn(frame="A", n=1))["draw"]
    case = (await sampler.cases(draw))[0]["case"]
    assert (await send(sampler, "POST", f"/draws/{draw}/extension", {"n": 1})).status_code == 201
    await send(sampler, "POST", "/plans/AMF-2021/closed-periods", {"period": "2021-T1"})
    before = await sampler.counts()
    for path, body in [("extension", {"n": 1}), ("replacements", {"case": case, "reason": "closed"})]:
        refused = await send(sampler, "POST", f"/draws/{draw}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "period-closed")
        assert "Period 2021-T1 of plan AMF-2021 is closed for control point AMF-1" in refused.json()["detail"]
    assert await sampler.counts() == before


async def test_only_a_coordinator_changes_a_plan(sampler):
    for role in ("reviewer", "board", "auditor", "service", "ops"):
        responses = [
            await adopt(sampler, role=role),
            await send(sampler, "POST", "/plans/AN-2017/preview", PLAN, role=role),
            await send(sampler, "POST", "/plans/AN-2017/closed-periods", {"period": "2017"}, role=role),
            await send(sampler, "PUT", "/staff", {"staff": [{"sign_in": "a"}]}, role=role),
        ]
        assert [response.status_code for response in responses] == [403] * 4
