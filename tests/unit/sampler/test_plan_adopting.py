"""Adopting any plan whatever: the same again is nothing, and a plan read back is the plan that was adopted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_client.documents.plan_file import content_of
from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import ControlPlanAdopted, ControlPointCarriedOver
from stickprov_contracts.http.plans import AdoptPlan
from stickprov_kernel.notes.note import Note
from stickprov_sampler.adapters.plans.showing import Around, plan_answer
from stickprov_sampler.domain.plan.adopting import Adopt, Adoption, Known, decide
from stickprov_sampler.domain.plan.lineage import Told, newest_of_each
from stickprov_sampler.domain.plan.state import PointState, plan_state, point_state

WORDS = st.text("abcåäö \n", min_size=1, max_size=8).map(lambda text: f"x{text}")
OLD = [f"old-{number}" for number in range(4)]
NEW = [f"new-{number}" for number in range(4)]


@dataclass
class World:
    """Everything that adopting stores, in memory."""

    plans: dict[str, list[Event]] = field(default_factory=dict)
    points: dict[str, list[Event]] = field(default_factory=dict)
    steps: list[ControlPointCarriedOver] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    notes: count = field(default_factory=lambda: count(1))

    def point_states(self) -> dict[str, PointState]:
        return {name: point_state(self.points.get(name, [])) for name in (*OLD, *NEW)}

    def note(self, text: str) -> Note:
        return Note(UUID(int=next(self.notes)), bytes(32), text)

    def adopt(self, plan: str, content: AdoptPlan) -> Adoption:
        known = Known(plan_state(self.plans.get(plan, [])), self.point_states(), self.texts, {})
        adoption = decide(Adopt(plan, content, self.note), known)
        if adoption.plan is not None:
            self.plans.setdefault(plan, []).append(adoption.plan)
        for point, events in adoption.points.items():
            self.points.setdefault(point, []).extend(events)
            self.steps += [event for event in events if isinstance(event, ControlPointCarriedOver)]
        self.texts |= {str(note.note): note.text for kept in adoption.notes.values() for note in kept}
        return adoption

    def read(self, plan: str) -> AdoptPlan:
        state = plan_state(self.plans[plan])
        assert isinstance(state.adopted, ControlPlanAdopted)
        told = [Told(step, datetime(2021, 1, 1, tzinfo=UTC), "p") for step in self.steps if step.plan == plan]
        steps = [one.step for one in newest_of_each(told)]
        return content_of(plan_answer(state, state.adopted, Around(self.point_states(), steps, self.texts, {})))


def points(names: list[str]) -> st.SearchStrategy[list[dict]]:
    fields = st.fixed_dictionaries(
        {
            "control_point": st.sampled_from(names),
            "number": st.just("1"),
            "measure": WORDS,
            "method": st.none() | WORDS,
            "risk": st.sampled_from([None, "R1", "R2"]),
            "tolerance": st.none() | st.decimals(0, 1, places=2),
        }
    )
    return st.lists(fields, min_size=1, max_size=4, unique_by=lambda point: point["control_point"])


RISKS = st.permutations(
    [{"id": "R1", "text": "a", "score": 16, "labels": "l"}, {"id": "R2", "text": "b", "score": None, "labels": ""}]
)


@st.composite
def years(draw: st.DrawFn) -> tuple[AdoptPlan, AdoptPlan]:
    """Return a plan and the next year's, which keeps, reformulates or retires what it likes."""
    first = draw(points(OLD))
    before = {"board": "B", "year": 2017, "risks": draw(RISKS), "control_points": first}
    waiting = list(first)
    second = draw(points(NEW))
    for point in second:
        if waiting and draw(st.booleans()):
            earlier = waiting.pop()
            point["measure"] = draw(st.sampled_from([earlier["measure"], "something else"]))
            how = "kept" if point["measure"] == earlier["measure"] else "reformulated"
            why = draw(st.none() | WORDS)
            point["carried_over"] = {"earlier": earlier["control_point"], "how": how, "why": why}
    retired = [{"control_point": point["control_point"], "why": draw(st.none() | WORDS)} for point in waiting[:2]]
    after = {"board": "B", "year": 2018, "risks": draw(RISKS), "control_points": second, "retired": retired}
    return AdoptPlan.model_validate(before), AdoptPlan.model_validate(after)


@given(years())
@settings(max_examples=60, deadline=None)
def test_a_plan_read_back_is_the_plan_that_was_adopted_and_adopting_it_again_changes_nothing(both):
    world = World()
    for plan, content in zip(("P17", "P18"), both, strict=True):
        world.adopt(plan, content)
        assert world.read(plan) == content
    for plan in ("P17", "P18"):
        again = world.adopt(plan, world.read(plan))
        assert (again.plan, again.points, again.notes, again.changes) == (None, {}, {}, [])


@given(years(), points(NEW))
@settings(max_examples=40, deadline=None)
def test_a_step_that_was_told_stays_told_whatever_the_plan_becomes(both, instead):
    world = World()
    world.adopt("P17", both[0])
    world.adopt("P18", both[1])
    told = list(world.steps)
    world.adopt("P18", both[1].model_copy(update={"retired": []}))
    risks = [risk.model_dump() for risk in both[1].risks]
    other = {"board": "B", "year": 2018, "risks": risks, "control_points": instead}
    world.adopt("P18", AdoptPlan.model_validate(other))
    assert world.steps == told
