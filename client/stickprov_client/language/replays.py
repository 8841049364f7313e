"""How far a replay has come, and what came of it, in words."""

from typing import Final

from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.http.audit import PeriodReplay
from stickprov_contracts.http.progress import AuditStage

_STAGES: Final = {
    "verifying": marked("Verifying the log of {source}: {done} events"),
    "folding": marked("Folding the figures again: {done} events"),
    "comparing": marked("Comparing with what is stored"),
}
_STAGES_OF: Final = {
    "verifying": marked("Verifying the log of {source}: {done} of {all} events"),
    "folding": marked("Folding the figures again: {done} of {all} events"),
    "comparing": marked("Comparing with what is stored: {done} of {all}"),
}
_VERDICTS: Final = {
    "verified": marked("Verified: the logs are whole and give the same figures."),
    "different": marked("Different: something is not as the events say. The first difference is named below."),
    "unreachable": marked("Not verified: a log cannot be reached."),
}
_NOTHING_COMPARED: Final = marked(
    "The logs are whole, but no figure was compared: nothing was drawn within these dates."
)
_SHORT: Final = {
    "verified": marked("verified"),
    "different": marked("different"),
    "unreachable": marked("not reached"),
}
_KEYS: Final = {
    "configured": marked("with keys that reporting is configured to trust"),
    "source": marked("with keys that only the log's own service vouches for"),
}


def stage_told(stage: AuditStage, language: Language) -> str:
    """Return what is being done, and how far it is."""
    say = texts(language).gettext
    message = _STAGES[stage.stage] if stage.of is None else _STAGES_OF[stage.stage]
    return say(message).format(
        source=stage.source or say("both services"), done=whole(stage.done, language), all=whole(stage.of, language)
    )


def verdict_told(outcome: PeriodReplay, language: Language) -> str:
    """Return what a replay found, as a sentence."""
    say = texts(language).gettext
    return say(_NOTHING_COMPARED if nothing_compared(outcome) else _VERDICTS[outcome.verdict])


def nothing_compared(outcome: PeriodReplay) -> bool:
    """Tell whether the logs are whole, and there was no figure to compare with them."""
    return outcome.verdict == "verified" and outcome.figures_compared == 0


def verdict_named(verdict: str, language: Language) -> str:
    """Return a verdict in a word or two."""
    return texts(language).gettext(_SHORT[verdict])


def keys_told(keys: str, language: Language) -> str:
    """Return where the keys were from that checkpoints were verified with."""
    return texts(language).gettext(_KEYS[keys])
