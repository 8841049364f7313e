"""However cases are given, one with a protected identity goes to the cleared alone, and no reason tells of it."""

from hypothesis import given
from hypothesis import strategies as st

from stickprov_findings.domain.assignment.assigning import How, assign
from stickprov_findings.domain.assignment.rules import Case, Member, Staff, candidates
from stickprov_findings.domain.assignment.standing import Standing, held

NAMES = ["p1", "p2", "p3", "p4"]
RULES = st.sampled_from(["handler", "colleague", "group", "round_robin"])
MEMBERS = st.lists(
    st.builds(
        Member, st.sampled_from(NAMES), st.sampled_from(["", "Norr", "Syd"]), st.just(frozenset({"G"})), st.booleans()
    ),
    unique_by=lambda member: member.pseudonym,
)
CASES = st.lists(
    st.builds(
        Case,
        st.sampled_from([f"case {n}" for n in range(6)]),
        st.none() | st.sampled_from(NAMES),
        st.sampled_from(["", "Norr"]),
        protected=st.booleans(),
    ),
    unique_by=lambda case: case.case,
)
WAYS = {"no-handler", "handler-not-listed", "no-colleague", "no-reviewer", "capacity"}


@given(CASES, MEMBERS, RULES)
def test_a_protected_case_goes_to_the_cleared_alone(cases, members, rule):
    staff = Staff(members)
    outcome = assign(cases, staff, {}, How(rule, "G"))

    for case in cases:
        given_to = outcome.given.get(case.case)
        assert (given_to is None) == (case.case in outcome.unassigned)
        assert given_to is None or not case.protected or staff.cleared(given_to)
    assert set(outcome.unassigned.values()) <= WAYS


@given(CASES, MEMBERS, RULES)
def test_where_everybody_is_cleared_protection_changes_nothing(cases, members, rule):
    staff = Staff(Member(one.pseudonym, one.unit, one.groups, cleared=True) for one in members)
    ordinary = [Case(one.case, one.handler, one.unit, one.barred) for one in cases]

    assert assign(cases, staff, {}, How(rule, "G")) == assign(ordinary, staff, {}, How(rule, "G"))


def test_what_somebody_has_who_is_not_cleared_waits_again_unless_it_was_begun():
    staff = Staff([Member("p1"), Member("p2", cleared=True)])

    assert held(Standing("c", None, given_to="p1", protected=True), staff).given_to is None
    for kept in (
        Standing("c", None, given_to="p1"),
        Standing("c", None, given_to="p2", protected=True),
        Standing("c", None, given_to="p1", own_status="started", protected=True),
    ):
        assert held(kept, staff) == kept


def test_the_reason_is_one_that_an_ordinary_case_of_the_rule_has():
    staff = Staff([Member("p1", "Norr"), Member("p2", "Norr"), Member("p3", "Syd")])

    for rule, like in (("handler", Case("c", "p9")), ("colleague", Case("c", "p3"))):
        assert candidates(Case("c", "p1", protected=True), rule, None, staff) == candidates(like, rule, None, staff)
