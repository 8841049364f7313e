"""Signed notes and checkpoints against what C2SP and Go publish; kernel and client read them alike."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from stickprov_kernel.log.checkpoint_note import Handover, TreeHead
from stickprov_kernel.log.notes import SigningKey, sign
from support.notes import CLIENT, KERNEL, each_bit_changed, signing_key

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# Those of Go's golang.org/x/mod/sumdb/note; Enoch's key is made of 32 zero bytes.
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT + "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
ROOT = bytes(range(32))
HEAD = TreeHead("example.org/log", 12, ROOT)


@pytest.fixture(params=[KERNEL, CLIENT], ids=["kernel", "client"])
def reader(request):
    return request.param


def test_the_published_example_is_signed_by_its_key(reader):
    key = reader.read_key(EXAMPLE_KEY)
    note = reader.read_note(EXAMPLE_NOTE.encode())

    assert note.text == "This is an example message.\n"
    assert reader.signers(note, [key]) == [key]
    assert key.text == EXAMPLE_KEY


def test_gos_note_is_signed_by_both_its_keys_and_each_is_enough(reader):
    peter, enoch = reader.read_key(PETER_KEY), reader.read_key(ENOCH_KEY)
    note = reader.read_note(GO_NOTE.encode())

    assert note.text == GO_TEXT
    assert reader.signers(note, [enoch, peter]) == [peter, enoch]
    assert reader.signers(note, [enoch]) == [enoch]


def test_what_go_signs_we_sign_with_the_same_bytes():
    peter = SigningKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(base64.b64decode(PETER_PRIVATE)[1:]))
    enoch = SigningKey("EnochRoot", Ed25519PrivateKey.from_private_bytes(bytes(32)))

    assert peter.verifier.text == PETER_KEY
    assert enoch.verifier.text == ENOCH_KEY
    assert sign(GO_TEXT, [peter, enoch]) == GO_NOTE.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+b",
        "a+b+c",
        PETER_KEY[1:],  # the id is that of another name
        PETER_KEY.replace("c74f20a3", "c74f20a4"),
        PETER_KEY.replace("c74f20a3", "C74F20A3"),
        PETER_KEY[:-1] + "X",  # the same bytes, written in another way
        PETER_KEY[:-4],
        PETER_KEY.replace("+AR", "+Ah"),  # another kind of key
        PETER_KEY.replace("Peter", "Peter "),
        PETER_KEY + "\n",
    ],
)
def test_what_is_no_key_is_refused(reader, text: str):
    with pytest.raises(reader.NoteError):
        reader.read_key(text)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n",
        b"\n\n",
        GO_TEXT.encode(),
        GO_NOTE.encode()[:-1],
        GO_NOTE.replace("— ", "- ").encode(),
        GO_NOTE.replace("\n\n", "\n\r\n").encode(),
        GO_NOTE.replace("x08go/Z", "x08go_Z").encode(),
        GO_NOTE.replace("PeterNeumann x08", "Peter+Neumann x08").encode(),
        GO_NOTE.replace("PeterNeumann x08", "Peter Neumann x08").encode(),
        GO_NOTE.replace("JnAM=", "JnAN=").encode(),  # the same bytes, written in another way
        GO_NOTE.encode("utf-16"),
        GO_NOTE.encode() + b"\n",
        GO_TEXT.encode() * 1100 + GO_NOTE.encode(),
    ],
)
def test_what_is_no_note_is_refused(reader, note: bytes):
    with pytest.raises(reader.NoteError):
        reader.read_note(note)


def test_a_note_is_refused_when_no_trusted_key_signed_it(reader):
    note = reader.read_note(GO_NOTE.encode())

    with pytest.raises(reader.NoteError, match=r"no trusted key signed this; it is signed by EnochRoot \(af0cfe78\)"):
        reader.signers(note, [reader.read_key(EXAMPLE_KEY)])


def test_a_note_is_refused_when_one_trusted_signature_on_it_is_false(reader):
    both = GO_NOTE.replace("x08go/ZJ", "x08go/ZK").encode()

    with pytest.raises(reader.NoteError, match=r"PeterNeumann \(c74f20a3\) does not fit the text"):
        reader.signers(reader.read_note(both), [reader.read_key(PETER_KEY), reader.read_key(ENOCH_KEY)])


def test_a_signature_of_an_unknown_key_is_passed_over(reader):
    enoch = reader.read_key(ENOCH_KEY)
    strange = GO_NOTE.replace("PeterNeumann x08go", "PeterNeumann x09go").encode()

    assert reader.signers(reader.read_note(strange), [enoch]) == [enoch]


def test_sixteen_signatures_are_read(reader):
    keys = [signing_key(number=number) for number in range(16)]

    note = reader.read_note(sign("text\n", keys))

    assert len(reader.signers(note, [reader.read_key(key.verifier.text) for key in keys])) == 16


def test_a_file_of_keys_may_have_comments_and_empty_lines(reader):
    keys = reader.read_keys(f"# Go's\n{PETER_KEY}\n\n  {ENOCH_KEY}  \n")

    assert [key.name for key in keys] == ["PeterNeumann", "EnochRoot"]


def test_a_checkpoint_says_origin_size_and_root(reader):
    key = signing_key()

    note = reader.read_note(sign(HEAD.text, [key]))

    assert note.text == "example.org/log\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    head = reader.trusted_head(note, [reader.read_key(key.verifier.text)])
    assert (head.origin, head.size, head.root) == ("example.org/log", 12, ROOT)


def test_a_checkpoint_of_another_logs_key_is_not_believed(reader):
    other = signing_key("example.org/other")
    note = reader.read_note(sign(HEAD.text, [other]))

    with pytest.raises(reader.NoteError, match="no trusted key"):
        reader.trusted_head(note, [reader.read_key(other.verifier.text)])


@pytest.mark.parametrize(
    "text",
    [
        "example.org/log\n12\n",
        "example.org/log\n012\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "example.org/log\n１２\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "example.org/log\n-1\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        f"example.org/log\n{'9' * 5000}\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "example.org/log\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n",
        "example.org/log\n12\n\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(reader, text: str):
    with pytest.raises(reader.NoteError):
        reader.read_checkpoint(reader.read_note(sign(text, [signing_key()])))


def test_no_bit_of_a_checkpoint_can_be_changed(reader):
    key = signing_key()
    trusted = [reader.read_key(key.verifier.text)]

    for changed in each_bit_changed(sign(HEAD.text, [key])):
        with pytest.raises(reader.NoteError):
            reader.trusted_head(reader.read_note(changed), trusted)


def test_no_bit_of_a_key_can_be_changed(reader):
    key = signing_key()

    for changed in each_bit_changed(key.verifier.text.encode()):
        with pytest.raises((reader.NoteError, UnicodeDecodeError)):
            reader.read_key(changed.decode())


def handover(former: SigningKey, new: SigningKey, *signers: SigningKey) -> bytes:
    text = Handover(new.name, new.verifier, 12, "2026-03-01T12:00:00.000000Z").text
    return sign(text, signers or (former, new))


def test_trust_is_handed_over_from_key_to_key(reader):
    first, second, third = (signing_key(number=number) for number in (1, 2, 3))
    notes = [reader.read_note(handover(first, second)), reader.read_note(handover(second, third))]

    found = reader.trusted_with([reader.read_key(first.verifier.text)], notes)

    assert [key.text for key in found] == [key.verifier.text for key in (first, second, third)]


def test_a_handover_says_from_which_size_and_when(reader):
    first, second = signing_key(number=1), signing_key(number=2)

    said = reader.read_handover(reader.read_note(handover(first, second)))

    assert (said.origin, said.size, said.time) == ("example.org/log", 12, "2026-03-01T12:00:00.000000Z")
    assert said.key.text == second.verifier.text


def test_a_key_that_was_not_handed_over_to_by_a_trusted_one_is_not_trusted(reader):
    first, second, stranger = (signing_key(number=number) for number in (1, 2, 3))

    found = reader.trusted_with([reader.read_key(first.verifier.text)], [reader.read_note(handover(stranger, second))])

    assert [key.text for key in found] == [first.verifier.text]


def test_a_handover_that_the_new_key_did_not_sign_is_refused(reader):
    first, second = signing_key(number=1), signing_key(number=2)

    with pytest.raises(reader.NoteError):
        reader.trusted_with([reader.read_key(first.verifier.text)], [reader.read_note(handover(first, second, first))])


def test_a_handover_by_the_key_of_another_log_counts_for_nothing(reader):
    other, second = signing_key("example.org/other"), signing_key(number=2)

    found = reader.trusted_with([reader.read_key(other.verifier.text)], [reader.read_note(handover(other, second))])

    assert [key.text for key in found] == [other.verifier.text]


def test_no_bit_of_a_handover_can_be_changed(reader):
    first, second = signing_key(number=1), signing_key(number=2)
    trusted = [reader.read_key(first.verifier.text)]

    for changed in each_bit_changed(handover(first, second)):
        try:
            found = reader.trusted_with(trusted, [reader.read_note(changed)])
        except reader.NoteError:
            continue
        assert found == trusted


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="".join(map(chr, range(32)))), min_size=1)


@given(st.lists(TEXTS, min_size=1).map(lambda lines: "\n".join(lines) + "\n"), st.integers(1, 3))
def test_whatever_is_signed_is_read_back_by_both(text: str, keys: int):
    signing = [signing_key(number=number) for number in range(keys)]
    raw = sign(text, signing)

    for reader in (KERNEL, CLIENT):
        note = reader.read_note(raw)
        assert note.text == text
        assert len(reader.signers(note, [reader.read_key(key.verifier.text) for key in signing])) == keys


@given(st.binary(max_size=200))
def test_bytes_that_are_no_note_are_refused_and_nothing_else_happens(raw: bytes):
    for reader in (KERNEL, CLIENT):
        with pytest.raises(reader.NoteError):
            reader.signers(reader.read_note(raw), [reader.read_key(EXAMPLE_KEY)])
