"""From a filter's text to its clauses."""

from datetime import date
from decimal import Decimal
from typing import Final, cast

from stickprov_sampler.domain.filter.tree import (
    Age,
    Between,
    Both,
    Call,
    Clause,
    Column,
    Compare,
    Comparison,
    Either,
    Missing,
    Node,
    Not,
    OneOf,
    Sum,
    Value,
)
from stickprov_sampler.domain.filter.words import FilterError, Word, words

FUNCTIONS: Final = ("age", "date", "lower", "trim")
_COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_DEEPEST: Final = 40
_MOST_WORDS: Final = 400


def clauses_of(text: str) -> list[Clause]:
    """Return the conditions that the outermost ``and`` of a filter joins, each with its own text.

    Raises:
        FilterError: names the position and what was expected there.
    """
    found = list(words(text))
    if len(found) > _MOST_WORDS:
        raise FilterError.at("filter", f"The filter has {len(found)} words; {_MOST_WORDS} are the most.")
    return _Reader(text, found).clauses()


class _Reader:
    """Reads one filter by recursive descent."""

    def __init__(self, text: str, found: list[Word]) -> None:
        self._text = text
        self._words = found
        self._place = 0
        self._depth = 0

    def clauses(self) -> list[Clause]:
        if self._next.kind == "end":
            raise FilterError.at_position(1, "expected a condition, such as age between 16 and 65.")
        parts = []
        while True:
            start = self._place
            condition = self._not()
            parts.append(Clause(self._between(start), condition))
            if not self._skip("and"):
                break
        if self._is("or"):
            self._place = 0
            whole = self._either()
            parts = [Clause(self._between(0), whole)]
        self._expect_end()
        return parts

    def _expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected("“and”, “or” or the end")

    def _between(self, start: int) -> str:
        """Return the text from one word up to the next to be read."""
        return self._text[self._words[start].start : self._words[self._place - 1].end]

    @property
    def _next(self) -> Word:
        return self._words[self._place]

    def _take(self) -> Word:
        word = self._next
        self._place += word.kind != "end"
        return word

    def _is(self, *texts: str) -> bool:
        return self._next.kind in {"keyword", "sign"} and self._next.text in texts

    def _skip(self, text: str) -> bool:
        found = self._is(text)
        self._place += found
        return found

    def _expect(self, text: str, why: str) -> None:
        if not self._skip(text):
            raise self._unexpected(f"“{text}” {why}")

    def _unexpected(self, expected: str) -> Exception:
        return FilterError.at_position(self._next.at, f"expected {expected}, found {self._next.shown}.")

    def _either(self) -> Node:
        at, parts = self._next.at, [self._both()]
        while self._skip("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(at, tuple(parts))

    def _both(self) -> Node:
        at, parts = self._next.at, [self._not()]
        while self._skip("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Both(at, tuple(parts))

    def _not(self) -> Node:
        at = self._next.at
        if not self._skip("not"):
            return self._condition()
        self._depth += 1
        self._check_depth()
        condition = Not(at, self._not())
        self._depth -= 1
        return condition

    def _condition(self) -> Node:
        at, left = self._next.at, self._sum()
        if self._next.kind == "sign" and self._next.text in _COMPARISONS:
            comparison = cast("Comparison", self._take().text)
            return Compare(at, comparison, left, self._sum())
        if self._skip("is"):
            negated = self._skip("not")
            self._expect("null", "after “is”")
            return _turned(at, Missing(at, left), negated=negated)
        negated = self._skip("not")
        if self._skip("between"):
            low = self._sum()
            self._expect("and", "between the two limits")
            return _turned(at, Between(at, left, low, self._sum()), negated=negated)
        if self._skip("in"):
            return _turned(at, OneOf(at, left, self._choices()), negated=negated)
        if negated:
            raise self._unexpected("“between” or “in” after “not”")
        return left

    def _choices(self) -> tuple[Value, ...]:
        self._expect("(", "after “in”")
        choices = [self._choice()]
        while self._skip(","):
            choices.append(self._choice())
        self._expect(")", "or “,” in the list")
        return tuple(choices)

    def _choice(self) -> Value:
        node = self._term()
        if not isinstance(node, Value):
            raise FilterError.at_position(node.at, "expected a number, a text in single quotes or date('YYYY-MM-DD').")
        return node

    def _sum(self) -> Node:
        node = self._term()
        while self._is("+", "-"):
            word = self._take()
            node = Sum(word.at, "+" if word.text == "+" else "-", node, self._term())
        return node

    def _term(self) -> Node:  # noqa: PLR0911 - one return for each thing that can stand here
        word = self._take()
        match word.kind:
            case "number":
                return Value(word.at, Decimal(word.text))
            case "text":
                return Value(word.at, word.text)
            case "quoted":
                return Column(word.at, word.text, exact=True)
            case "name" if self._is("("):
                return self._call(word)
            case "name" if word.text.lower() == "age":
                return Age(word.at, None)
            case "name":
                return Column(word.at, word.text, exact=False)
            case "keyword" if word.text in {"true", "false"}:
                return Value(word.at, word.text == "true")
            case "sign" if word.text == "-" and self._next.kind == "number":
                return Value(word.at, -Decimal(self._take().text))
            case "sign" if word.text == "(":
                return self._parenthesis()
            case _:
                self._place -= word.kind != "end"
                raise self._unexpected("a column or a value")

    def _parenthesis(self) -> Node:
        self._depth += 1
        self._check_depth()
        inner = self._either()
        self._depth -= 1
        self._expect(")", "to close the parenthesis")
        return inner

    def _call(self, name: Word) -> Node:
        function = name.text.lower()
        if function not in FUNCTIONS:
            raise FilterError.at_position(
                name.at, f"there is no function “{name.text}”. The functions are {', '.join(FUNCTIONS)}."
            )
        self._expect("(", "after the function")
        argument = self._parenthesis()
        match function, argument:
            case "date", Value(value=str() as text):
                return Value(name.at, _day(argument.at, text))
            case "date", _:
                raise FilterError.at_position(argument.at, "expected a day in single quotes: date('2021-01-31').")
            case "age", Column():
                return Age(name.at, argument)
            case "age", _:
                raise FilterError.at_position(argument.at, 'expected the personal number column: age("Personnummer").')
            case _:
                return Call(name.at, "lower" if function == "lower" else "trim", argument)

    def _check_depth(self) -> None:
        if self._depth > _DEEPEST:
            raise FilterError.at_position(self._next.at, f"the filter nests deeper than {_DEEPEST} levels.")


def _turned(at: int, node: Node, *, negated: bool) -> Node:
    return Not(at, node) if negated else node


def _day(at: int, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FilterError.at_position(at, f"“{text}” is not a day. Write date('2021-01-31').") from None
