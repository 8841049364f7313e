"""Rules of the follow-up that no service is needed for."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.events import Period
from stickprov_contracts.events.follow_ups import PlanStatusReported
from stickprov_findings.domain.follow_up import action, plan_status
from stickprov_findings.domain.follow_up.problems import ActionUnknownError, NothingNewError
from support.reviews import note

ACTION = UUID("0190a000-0000-7000-8000-0000000000e1")
TERMS = action.Terms("AMF-2021-3", None, "1", "Enhetschef", None, date(2021, 12, 31), "decided")
STATUSES = st.sampled_from(["proposed", "decided", "under-way", "done", "dropped"])


def tertial(year: int, number: int) -> Period:
    start = date(year, 4 * number - 3, 1)
    end = date(year + 1, 1, 1) if number == 3 else date(year, 4 * number + 1, 1)
    return Period(start=start, end=end, label=f"{year}-T{number}")


def test_what_was_found_changes_the_status_and_nothing_else():
    proposed = action.propose(action.Propose(ACTION, TERMS, note("Stöd")))
    state = action.state_of([proposed])
    found = action.follow_up(action.FollowUp(ACTION, tertial(2021, 1), "done", "yes", None), state)

    after = action.state_of([proposed, found])

    assert after is not None
    assert after.terms == action.Terms("AMF-2021-3", None, "1", "Enhetschef", None, date(2021, 12, 31), "done")
    assert after.version == 2


def test_an_action_nobody_proposed_cannot_be_followed_up():
    with pytest.raises(ActionUnknownError):
        action.follow_up(action.FollowUp(ACTION, tertial(2021, 1), "done", None, None), None)


def test_the_same_words_in_a_new_note_change_nothing():
    state = action.state_of([action.propose(action.Propose(ACTION, TERMS, note("Stöd")))])
    again = action.Update(ACTION, TERMS, note("Stöd", 2), None, seen=1)

    with pytest.raises(NothingNewError):
        action.update(again, state, "Stöd")


def test_words_that_were_erased_can_be_written_again():
    state = action.state_of([action.propose(action.Propose(ACTION, TERMS, note("Stöd")))])

    changed = action.update(action.Update(ACTION, TERMS, note("Stöd", 2), None, seen=1), state, None)

    assert changed.description == note("Stöd", 2).reference


@given(st.lists(st.tuples(STATUSES, st.booleans()), max_size=12))
def test_an_actions_version_counts_its_events_and_its_status_is_the_newest(steps):
    events: list[action.ActionEvent] = [action.propose(action.Propose(ACTION, TERMS, note("Stöd")))]
    for status, is_follow_up in steps:
        state = action.state_of(events)
        assert state is not None
        if is_follow_up:
            events.append(action.follow_up(action.FollowUp(ACTION, tertial(2021, 2), status, None, None), state))
        elif status != state.terms.status:
            terms = action.Terms("AMF-2021-3", None, "1", "Enhetschef", None, date(2021, 12, 31), status)
            update = action.Update(ACTION, terms, note("Stöd", 2), None, seen=state.version)
            events.append(action.update(update, state, "Stöd"))

    state = action.state_of(events)
    assert state is not None
    assert (state.version, state.terms.status) == (len(events), events[-1].status)


def test_a_report_replaces_the_newest_for_the_same_tertial_only():
    def reported(status: str, number: int) -> PlanStatusReported:
        return PlanStatusReported(plan="P", control_point="P-1", period=tertial(2022, number), status=status)

    earlier = [reported("under-way", 1), reported("under-way", 2), reported("done", 1)]

    def replaced(number: int) -> int | None:
        report = plan_status.Report("P", "P-1", tertial(2022, number), "done", None)
        return plan_status.decide(report, "P", earlier).replaces

    assert [replaced(1), replaced(2), replaced(3)] == [3, 2, None]
