"""What is wrong with a row of the log's tables, in words: table, position and column.

What must not break: the words name nobody. They go to whoever asked for the verification and into logs.
"""

from dataclasses import dataclass
from typing import Any, Final

from stickprov_contracts.envelope import Envelope
from stickprov_kernel.log.envelope import decode, schema_version, time_text
from stickprov_kernel.log.hashing import chain_hash, leaf_hash

NOT_HASHED: Final = "It is not what was hashed when the event got its place."


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not what it was.

    Attributes:
        place: position, or size for the tree and its checkpoints.
        column: of the table; empty for the row as a whole.
        what: the rest, a sentence.
    """

    table: str
    place: int
    column: str
    what: str

    @property
    def sentence(self) -> str:
        """The difference in words."""
        what = self.what[:1].lower() + self.what[1:]
        if self.column:
            return f"Table {self.table}, position {self.place}, column {self.column}: {what}"
        return f"Table {self.table}, position {self.place}: {what}"


def difference_of(row: Any, position: int, previous: bytes, *, other_has_leaf: bool) -> Difference:  # noqa: ANN401
    """Return what is wrong with a position, of which it is known that something is.

    Args:
        row: everything about it (``closer`` of verification.sql).
        position: its place.
        previous: chain hash before it.
        other_has_leaf: whether some event has the bytes that the ledger's leaf hash is of.
    """
    if row["id"] is None:
        return Difference("ledger", position, "event_id", "There is no such event.")
    leaf = leaf_hash(row["envelope"], row["data"])
    if leaf != row["leaf_hash"]:
        return _not_the_leaf(row, position, leaf, previous, other_has_leaf=other_has_leaf)
    if row["event_leaf"] != leaf:
        return Difference("event", position, "leaf_hash", "It is not the hash of the event's bytes.")
    column = _other_than(row, decode(row["envelope"]))
    if column is not None:
        return Difference("event", position, column, "It is not what the event's envelope says.")
    return Difference("ledger", position, "chain_hash", "It does not follow from the one before and the leaf.")


def _not_the_leaf(
    row: Any,  # noqa: ANN401
    position: int,
    leaf: bytes,
    previous: bytes,
    *,
    other_has_leaf: bool,
) -> Difference:
    if chain_hash(previous, leaf) == row["chain_hash"]:
        return Difference("ledger", position, "leaf_hash", "It is not the hash of the event's bytes.")
    if other_has_leaf:
        return Difference("ledger", position, "event_id", "It is another event than the one that was hashed.")
    try:
        column = _other_than(row, decode(row["envelope"]))
    except ValueError:
        column = "envelope"
    # An envelope that was changed no longer fits the columns; one that fits them was not, so it is the data.
    return Difference("event", position, "data" if column is None else "envelope", NOT_HASHED)


def _other_than(row: Any, envelope: Envelope) -> str | None:  # noqa: ANN401
    """Return the first column that is not what the envelope says."""
    said = {
        "id": envelope.id,
        "stream": envelope.subject,
        "version": envelope.streamversion,
        "type": envelope.type,
        "schema_version": str(schema_version(envelope.type)),
        "actor": envelope.actor,
        "correlation_id": envelope.correlationid,
        "causation_id": envelope.causationid or "None",
    }
    for column, value in said.items():
        if str(row[column]) != value:
            return column
    return "time" if time_text(row["time"]) != envelope.time else None
