"""How far the making of a bundle has come, in words."""

from typing import Final

from stickprov_client.bundle.exporting import Stage
from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts

_STAGES: Final = {
    "signing": marked("Waiting until everything is counted"),
    "counting": marked("Asking for the figures"),
    "reading": marked("Reading the log of {source}: {done} of {all} events"),
    "leaves": marked("Fetching the hashes of {source}: {done} of {all}"),
    "frames": marked("Fetching the frames"),
    "writing": marked("Closing the file"),
}


def making_told(stage: Stage, language: Language) -> str:
    """Return what is being done, and how far it is."""
    return (
        texts(language)
        .gettext(_STAGES[stage.name])
        .format(source=stage.source or "", done=whole(stage.done, language), all=whole(stage.of, language))
    )
