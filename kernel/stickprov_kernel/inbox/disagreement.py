"""When a source's history is not the one that was applied, in words that an operator can act on."""

from stickprov_contracts.log import LogPage
from stickprov_kernel.inbox.planning import Plan


def disagreement_in(steps: Plan) -> str | None:
    """Return why what the source's feed delivered must stop the log, if it must. What the feed says is believed."""
    if steps.contradicting:
        return f"position {steps.contradicting[0].position} was applied with another chain hash than it has now"
    if steps.missing_to is not None:
        return f"the source's feed does not continue what was applied: position {steps.missing_to} does not fit"
    return None


def disagreement_with(page: LogPage, position: int, chain: bytes) -> str | None:
    """Return how the source's page from a position on disagrees with what was applied there, if it does."""
    if page.head.position < position:
        return (
            f"the source's log ends at {page.head.position}, but {position} was applied: "
            "the source was restored from an older backup"
        )
    if not page.entries or page.entries[0].chain_hash != chain.hex():
        return f"the source's log has another chain hash at position {position} than what was applied"
    return None
