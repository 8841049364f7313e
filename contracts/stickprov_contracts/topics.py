"""Where events travel: CloudEvents sources and Kafka topics. One topic per log, one partition per topic."""

from typing import Final, Literal, TypeAlias

Source: TypeAlias = Literal["sampler", "findings"]
"""A service that owns a log, by its short name."""

SOURCES: Final[tuple[Source, ...]] = ("sampler", "findings")

SAMPLER_LOG: Final = "stickprov.sampler.log.v1"
FINDINGS_LOG: Final = "stickprov.findings.log.v1"
CHECKPOINTS: Final = "stickprov.checkpoints.v1"

TOPIC_OF: Final[dict[Source, str]] = {"sampler": SAMPLER_LOG, "findings": FINDINGS_LOG}


def source_uri(source: Source) -> str:
    """Return the CloudEvents ``source`` attribute of a service's log, such as ``/stickprov/sampler``."""
    return f"/stickprov/{source}"
