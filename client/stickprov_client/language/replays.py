"""How far a replay has come, and what came of it, in words."""

from typing import Final

from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts
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
_SHORT: Final = {
    "verified": marked("verified"),
    "different": marked("different"),
    "unreachable": marked("not reached"),
}
_KEYS: Final = {
    "configured": marked("with keys that reporting was given from outside"),
    "source": marked("with keys that only the log's own service vouches for"),
}


def stage_told(stage: AuditStage, language: Language) -> str:
    """Return what is being done, and how far it is."""
    say = texts(language).gettext
    message = _STAGES[stage.stage] if stage.of is None else _STAGES_OF[stage.stage]
    return say(message).format(
        source=stage.source or say("both services"), done=whole(stage.done, language), all=whole(stage.of, language)
    )


def verdict_told(verdict: str, language: Language) -> str:
    """Return what a replay found, as a sentence."""
    return texts(language).gettext(_VERDICTS[verdict])


def verdict_named(verdict: str, language: Language) -> str:
    """Return a verdict in a word or two."""
    return texts(language).gettext(_SHORT[verdict])


def keys_told(keys: str, language: Language) -> str:
    """Return where the keys were from that checkpoints were verified with."""
    return texts(language).gettext(_KEYS[keys])
