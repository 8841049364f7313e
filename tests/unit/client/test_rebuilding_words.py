"""How far a rebuild of the projection is, in one line."""

from datetime import UTC, datetime

from stickprov_client.cli.rebuilding import rebuilding_in_words
from stickprov_contracts.http.projection import ProjectionState, Rebuilding

STATE = ProjectionState(generation=1, version=2, release=2, following=True, as_of={}, rebuilding=None, leaving=[])
BUILDING = Rebuilding(
    generation=2,
    version=2,
    started=datetime(2021, 1, 31, tzinfo=UTC),
    folded={"sampler": 1000, "findings": 0},
    of={"sampler": 1500, "findings": 1000},
    left=1500,
)


def test_a_projection_that_nobody_rebuilds():
    assert rebuilding_in_words(STATE, "en") == "Generation 1 is read; none is being built"
    assert rebuilding_in_words(STATE, "sv") == "Generation 1 visas; ingen byggs"


def test_what_is_left_of_a_rebuild_beside_an_older_release_s_figures():
    state = STATE.model_copy(update={"following": False, "version": 1, "rebuilding": BUILDING})

    assert rebuilding_in_words(state, "en") == (
        "Generation 1 is read, as an older release left it; generation 2 is being built, 1,500 events are left"
    )
