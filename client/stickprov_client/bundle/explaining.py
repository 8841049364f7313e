"""What the bundle's README says: what lies where, and how to check it, in Swedish and English."""

from typing import Any, Final

_TEXT: Final = """\
STICKPROV: REVISIONSPAKET {label} ({start} till {end}, slutdagen ingår inte)
===========================================================================

Paketet innehåller det som behövs för att kontrollera periodens stickprov utan server och utan nät.

  python3 verify.py PAKETET.zip --key NYCKEL --checkpoint SPARAD-KONTROLLPUNKT --lang sv

Det kräver Python 3.11 eller senare och paketet cryptography (pip install cryptography). Packa upp verify.py först;
själva paketet läses som det är. Utan --key godtas paketets egna nycklar, och det sägs. Ange hellre nyckeln som ni har
fått på annat håll, och kontrollpunkter som ni själva har sparat: de visar att historien inte har skrivits om.

  manifest.json                  vad paketet är, med storlek och SHA-256 för varje del
  logs/*/events.jsonl            händelserna som hör till perioden, en per rad, i loggens ordning
  logs/*/leaves.bin              kontrollsumman för VARJE händelse i loggen, 32 byte var, i ordning
  logs/*/checkpoints.jsonl       loggens signerade kontrollpunkter (C2SP tlog-checkpoint)
  logs/*/checkpoint.txt          den kontrollpunkt som paketet gäller. Spara den!
  logs/*/keys.json               nycklarna som signerar, och överlämningarna mellan dem
  frames/*.tsv                   urvalsramarna: pseudonymer och de kolumner som dragningen behöver
  statistics.json                statistiken, som den räknas om ur händelserna
  verify.py                      kontrollprogrammet, en läsbar fil

Paketet innehåller inga personuppgifter i klartext: varken namn, personnummer eller fritext. Att uppgifter gallras
ändrar inget i det som kontrolleras.

STICKPROV: AUDIT BUNDLE {label} ({start} to {end}, end excluded)
===========================================================================

The bundle has what it takes to check the period's samples without a server and without a network.

  python3 verify.py BUNDLE.zip --key KEY --checkpoint KEPT-CHECKPOINT --lang en

It needs Python 3.11 or newer and the package cryptography (pip install cryptography). Unpack verify.py first; the
bundle itself is read as it is. Without --key the bundle's own keys are believed, and that is said. Better give the key
that you have from elsewhere, and checkpoints that you kept yourself: they show that history was not rewritten.

  manifest.json                  what the bundle is of, with the size and SHA-256 of each content
  logs/*/events.jsonl            the events that belong to the period, one a line, in the log's order
  logs/*/leaves.bin              the hash of EVERY event of the log, 32 bytes each, in order
  logs/*/checkpoints.jsonl       the log's signed checkpoints (C2SP tlog-checkpoint)
  logs/*/checkpoint.txt          the checkpoint that the bundle is of. Keep it!
  logs/*/keys.json               the keys that sign, and the handovers between them
  frames/*.tsv                   the sampling frames: pseudonyms and the columns that a draw needs
  statistics.json                the statistics, as they are recomputed from the events
  verify.py                      the verifier, one file that can be read

The bundle holds no personal data in clear: no names, no personal numbers, no free text. Erasing personal data changes
nothing in what is checked.
"""


def readme(manifest: Any) -> bytes:  # noqa: ANN401 - the manifest is JSON
    """Return the README of a bundle."""
    return _TEXT.format(**manifest["period"]).encode()
