"""Access to Kafka as a service of the tests has it: with what vouches for its records."""

from dataclasses import replace

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.vouching import Vouching
from support.tokens import STAFF_KEY


def vouched(access: KafkaAccess) -> KafkaAccess:
    """Return the same access, vouching by the tests' staff key."""
    return replace(access, vouching=Vouching.of(STAFF_KEY))
