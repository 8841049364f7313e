"""What sentences of the trail are put together with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from stickprov_client.language.numbers import exact, whole
from stickprov_client.language.periods import period_name
from stickprov_client.language.translations import Language, texts
from stickprov_contracts.events.base import Period


@dataclass(frozen=True)
class Telling:
    """In which language, and what people are called.

    Attributes:
        names: by pseudonym, of those whose names the reader may see.
    """

    language: Language
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, message: str, **values: object) -> str:
        """Return a text in the language, with values in its braces."""
        return texts(self.language).gettext(message).format(**values)

    def number(self, number: int) -> str:
        """Return a whole number."""
        return whole(number, self.language)

    def exactly(self, number: Decimal) -> str:
        """Return a number with the decimals it has."""
        return exact(number, self.language)

    def period(self, period: Period) -> str:
        """Return a period as people say it; by its label where that is none of ours."""
        try:
            return period_name(period.label, self.language)
        except ValueError:
            return period.label

    def person(self, pseudonym: str) -> str:
        """Return what to call somebody."""
        return self.names.get(pseudonym, pseudonym)

    def listed(self, names: Sequence[str]) -> str:
        """Return names one after another."""
        return ", ".join(names)

    def among(self, words: Mapping[str, str], choice: str) -> str:
        """Return what a choice is called; one that a newer service knows stands as it is."""
        return texts(self.language).gettext(words[choice]) if choice in words else choice
