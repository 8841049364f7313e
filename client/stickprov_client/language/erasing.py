"""Words of erasure (gallring): how something stands, why it went, what was taken."""

from typing import Final

from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts
from stickprov_contracts.events.erasure import ErasureReason
from stickprov_contracts.http.erasure import CarriedOut, Retention, Standing

STANDINGS: Final[dict[Standing, str]] = {
    "due": marked("due"),
    "not-due": marked("not due yet"),
    "no-retention": marked("no time decided"),
    "held": marked("held"),
    "erased": marked("erased"),
}
"""How a draw or a frame stands."""

WHYS: Final[dict[ErasureReason, str]] = {
    "schedule": marked("the time is up"),
    "request": marked("on request"),
}
"""Why something was erased."""


def standing_told(standing: Standing, language: Language) -> str:
    """Return how something stands."""
    return texts(language).gettext(STANDINGS[standing])


def why_told(why: ErasureReason, language: Language) -> str:
    """Return why something was erased."""
    return texts(language).gettext(WHYS[why])


def retention_told(retention: Retention, language: Language) -> str:
    """Return how long identities are kept."""
    catalogue = texts(language)
    if retention.months is None:
        return catalogue.gettext("no time decided")
    count = whole(retention.months, language)
    told = catalogue.ngettext("{count} month", "{count} months", retention.months).format(count=count)
    if retention.keep_for_research:
        return catalogue.gettext("{time}; days 5, 15 and 25 stay for research").format(time=told)
    return told


def carried_out_told(done: CarriedOut, language: Language) -> list[str]:
    """Return in sentences what an erasure took."""
    say = texts(language).gettext
    if done.erasure is None:
        told = [say("There was nothing to erase.")]
    else:
        counts = (
            (say("Cases"), done.cases),
            (say("Draws"), done.draws),
            (say("People the vault knows nothing of any more"), done.identities),
            (say("Frames whose identities are gone"), done.frames),
            (say("Keys of pseudonyms"), done.series),
            (say("Names of staff"), done.staff),
            (say("Free texts of the sampler"), done.notes),
        )
        told = [say("Erased:"), *(f"{name}: {whole(count, language)}" for name, count in counts if count)]
    if done.draws_held:
        told.append(
            say("Draws kept by a hold, wholly or in part: {count}.").format(count=whole(done.draws_held, language))
        )
    return told
