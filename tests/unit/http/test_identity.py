"""Only a token that the issuer signed for us, and that still runs, says who calls."""

import base64
import json
from typing import Annotated, Any

import pytest
from fastapi import Depends
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from stickprov_contracts.openid.keys import key_set
from stickprov_kernel.errors import UnauthenticatedError, UnavailableError
from stickprov_kernel.http.identity import (
    Authenticator,
    Caller,
    Naming,
    SignInRequiredError,
    TokenRefusedError,
    actor_pseudonym,
    require,
)
from stickprov_kernel.http.keys import KeyFile
from support.api import Api
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY, issuer

ISSUING = issuer()
CHECKING = ISSUING.authenticator()
GOOD = ISSUING.token("anna", "reviewer")


def encoded(content: Any) -> str:
    text = json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def test_a_valid_token_gives_pseudonym_subject_and_roles():
    caller = CHECKING.caller(f"Bearer {ISSUING.token('anna', 'reviewer', 'auditor')}")
    assert caller == Caller(actor_pseudonym(STAFF_KEY, "anna"), "anna", frozenset({"reviewer", "auditor"}))


def test_the_pseudonym_is_the_start_of_the_names_hmac():
    # printf anna | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
    assert actor_pseudonym(bytes(range(32)), "anna") == "p4e9c25eb0af234232907e7f3"


def test_roles_that_are_not_ours_are_left_out():
    caller = CHECKING.caller(f"Bearer {ISSUING.token('anna', 'reviewer', 'janitor')}")
    assert caller.roles == {"reviewer"}


def test_a_token_without_roles_gives_none():
    assert CHECKING.caller(f"Bearer {ISSUING.token('anna', roles=None)}").roles == frozenset()


def test_one_role_may_stand_alone():
    assert CHECKING.caller(f"Bearer {ISSUING.token('anna', roles='reviewer')}").roles == {"reviewer"}


@pytest.mark.parametrize("roles", [{"reviewer": True}, [["reviewer"]], ["reviewer", 7], 7, True])
def test_a_claim_of_roles_that_is_no_list_of_names_is_refused(roles):
    with pytest.raises(TokenRefusedError, match="no list of names"):
        CHECKING.caller(f"Bearer {ISSUING.token('anna', roles=roles)}")


NAMED = Naming(subject="preferred_username", roles="realm_access.roles", theirs={"IK-Granskare": "reviewer"})


def test_names_and_roles_are_read_where_the_provider_has_them():
    claims = {"preferred_username": "anna.a", "realm_access": {"roles": ["IK-Granskare", "coordinator"]}}
    checking = Authenticator(ISSUING.keys(), ISSUER, AUDIENCE, STAFF_KEY, NAMED)
    caller = checking.caller(f"Bearer {ISSUING.token('7f3c', roles=None, **claims)}")
    assert (caller.subject, caller.roles) == ("anna.a", {"reviewer"})


def test_a_claim_may_have_dots_in_its_name():
    naming = Naming(roles="https://sign-in.example/roles")
    checking = Authenticator(ISSUING.keys(), ISSUER, AUDIENCE, STAFF_KEY, naming)
    token = ISSUING.token("anna", roles=None, **{"https://sign-in.example/roles": ["board"]})
    assert checking.caller(f"Bearer {token}").roles == {"board"}


def test_only_a_service_goes_by_its_subject_where_people_go_by_a_name():
    checking = Authenticator(ISSUING.keys(), ISSUER, AUDIENCE, STAFF_KEY, Naming(subject="preferred_username"))
    assert checking.caller(f"Bearer {ISSUING.token('findings', 'service')}").subject == "findings"
    for roles in ([], ["reviewer"], ["service", "reviewer"]):
        with pytest.raises(TokenRefusedError):
            checking.caller(f"Bearer {ISSUING.token('anna', *roles)}")


def test_the_older_name_of_the_algorithm_is_understood():
    token = ISSUING.token("anna", "board")
    claims = jwt.decode(token, ISSUING.keys(), ["Ed25519"]).claims
    with pytest.warns(match="EdDSA"):
        older = jwt.encode({"alg": "EdDSA", "kid": ISSUING.key.kid}, claims, ISSUING.key, ["EdDSA"])
    assert CHECKING.caller(f"Bearer {older}").subject == "anna"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer  ", "Basic YTpi", "Token x"])
def test_without_a_bearer_token_one_is_asked_to_sign_in(header):
    with pytest.raises(SignInRequiredError):
        CHECKING.caller(header)


USUAL = json.dumps({"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "roles": ["reviewer"], "exp": 99_999_999_999})


def raw(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def signed_text(content: str) -> str:
    """Return a token whose content our key signed as it stands here."""
    return jws.serialize_compact(
        {"alg": "Ed25519", "kid": ISSUING.key.kid}, content.encode(), ISSUING.key, algorithms=["Ed25519"]
    )


def test_the_content_that_the_table_changes_is_good_as_it_stands():
    assert CHECKING.caller(f"Bearer {signed_text(USUAL)}").roles == {"reviewer"}


def test_what_a_token_says_of_its_keys_is_not_looked_at():
    stranger = issuer()
    claims = json.loads(USUAL)
    elsewhere = {"jku": "https://elsewhere.example/keys", "x5u": "https://elsewhere.example/certificate"}
    assert CHECKING.caller(f"Bearer {ISSUING.signed(claims, **elsewhere)}").subject == "anna"
    own_key = jws.serialize_compact(
        {"alg": "Ed25519", "jwk": stranger.key.as_dict(private=False)} | elsewhere,
        USUAL.encode(),
        stranger.key,
        algorithms=["Ed25519"],
    )
    with pytest.raises(TokenRefusedError):
        CHECKING.caller(f"Bearer {own_key}")


@pytest.mark.parametrize(
    ("make", "algorithm"),
    [
        (lambda: RSAKey.generate_key(2048), "RS256"),
        (lambda: RSAKey.generate_key(2048), "PS256"),
        (lambda: ECKey.generate_key("P-256"), "ES256"),
    ],
)
def test_a_key_verifies_the_algorithms_of_its_type_and_those_alone(make, algorithm):
    key = make()
    others = {"RS256", "PS256"} if algorithm == "ES256" else {"RS384", "RS512"}
    for kid in (None, "named"):
        named = {} if kid is None else {"kid": kid}
        keys = key_set({"keys": [key.as_dict(private=False) | named]})
        checking = Authenticator(keys, ISSUER, AUDIENCE, STAFF_KEY)
        token = jws.serialize_compact({"alg": algorithm} | named, USUAL.encode(), key, algorithms=[algorithm])
        assert checking.caller(f"Bearer {token}").subject == "anna"
        for other in others:
            with pytest.raises(TokenRefusedError):
                checking.caller(f"Bearer {encoded({'alg': other} | named)}.{raw(USUAL)}.AAAA")


def test_keys_that_are_secrets_weak_or_for_something_else_are_left_out():
    good = ECKey.generate_key("P-256").as_dict(private=False)
    others = [
        {"kty": "oct", "k": "AAAA"},
        ECKey.generate_key("P-384").as_dict(private=False),
        good | {"use": "enc"},
        good | {"alg": "ES384"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "unheard of"},
        "no key",
    ]
    assert len(key_set({"keys": [*others, good]}).keys) == 1
    with pytest.raises(ValueError, match="no JWK set"):
        key_set({"keys": others})


REFUSED: dict[str, str] = {
    "expired": ISSUING.token("anna", "reviewer", lives=-3600),
    "of another issuer": ISSUING.token("anna", "reviewer", iss="https://elsewhere.example"),
    "for another audience": ISSUING.token("anna", "reviewer", aud="payroll"),
    "without issuer": ISSUING.token("anna", "reviewer", iss=None),
    "without audience": ISSUING.token("anna", "reviewer", aud=None),
    "without expiry": ISSUING.token("anna", "reviewer", exp=None),
    "with an expiry in words": ISSUING.token("anna", "reviewer", exp="tomorrow"),
    "not valid yet": ISSUING.token("anna", "reviewer", nbf=99_999_999_999),
    "without subject": ISSUING.token("anna", "reviewer", sub=None),
    "with an empty subject": ISSUING.token("", "reviewer"),
    "with a subject that is no text": ISSUING.token("anna", "reviewer", sub=7),
    "with a subject beyond measure": ISSUING.token("a" * 256, "reviewer"),
    "with a control character in the subject": ISSUING.token("an\x00na", "reviewer"),
    "signed by somebody else": issuer().token("anna", "reviewer"),
    "signed by somebody else under our key's name": issuer().signed(
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": 99_999_999_999}, kid=ISSUING.key.kid or ""
    ),
    "unsigned": f"{encoded({'alg': 'none'})}.{encoded({'sub': 'anna', 'iss': ISSUER, 'aud': AUDIENCE})}.",
    "signed with the public key as a password": jwt.encode(
        {"alg": "HS256"},
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": 99_999_999_999},
        OctKey.import_key(json.dumps(ISSUING.keys().as_dict())),
    ),
    "of an algorithm that is no text": f"{encoded({'alg': ['Ed25519']})}.{encoded({})}.AAAA",
    "with a header that is no object": f"{encoded([])}.{encoded({})}.AAAA",
    "with a critical extension": f"{encoded({'alg': 'Ed25519', 'crit': ['x'], 'x': 1})}.{encoded({})}.AAAA",
    "of two parts": "a.b",
    "of five parts": "a.b.c.d.e",
    "of nothing": "..",
    "beyond measure": "a" * 10_000,
    "not ASCII": "ä.ö.å",
    "encrypted": f"{encoded({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.AAAA.AAAA.AAAA.AAAA",
    "with its content elsewhere": f"{GOOD.split('.')[0]}..{GOOD.split('.')[2]}",
    "with content that is not encoded": f"{encoded({'alg': 'Ed25519', 'b64': False, 'crit': ['b64']})}.e30.AAAA",
    "under an unknown key's name": ISSUING.signed(
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "exp": 9e10}, kid="x"
    ),
    "under a key's name that is no text": f"{encoded({'alg': 'Ed25519', 'kid': {'a': 1}})}.{encoded({})}.AAAA",
    "under the name of a key of another type": f"{encoded({'alg': 'RS256', 'kid': ISSUING.key.kid})}.e30.AAAA",
    "with a header that says things twice": raw('{"alg": "none", "alg": "Ed25519"}') + ".e30.AAAA",
    "with a claim that says things twice": signed_text(f'{USUAL[:-1]}, "sub": "bo", "sub": "anna"}}'),
    "with an expiry beyond numbers": signed_text(USUAL.replace("99999999999", "1e999")),
    "with an expiry that is no number": signed_text(USUAL.replace("99999999999", "NaN")),
    "with an expiry that is true": ISSUING.token("anna", "reviewer", exp=True),
    "of the future": ISSUING.token("anna", "reviewer", iat=99_999_999_999),
    "for audiences that are no names": ISSUING.token("anna", "reviewer", aud=[AUDIENCE, 7]),
    "whose content is deeply nested": signed_text("[" * 3000 + "]" * 3000),
    "whose content is no object": signed_text('"anna"'),
    "that says who signed in": ISSUING.token("anna", "reviewer", nonce="x"),
    "that says who signed in, with its hash": ISSUING.token("anna", "reviewer", at_hash="x", scope="openid"),
    "that a provider calls an ID token": ISSUING.token("anna", "reviewer", typ="ID"),
    "that tells of a sign-out": ISSUING.token("anna", "reviewer", events={"x": {}}),
    "of a type for sign-outs": ISSUING.signed(json.loads(USUAL), typ="logout+jwt"),
    "deeply nested": base64.urlsafe_b64encode(b"[" * 5000).decode() + ".e30.AAAA",
}


@pytest.mark.parametrize("token", REFUSED.values(), ids=REFUSED.keys())
async def test_a_token_that_proves_nothing_is_a_401(api: Api, token):
    @api.route("GET", "/v1/thing")
    async def thing(caller: Annotated[Caller, Depends(require("reviewer"))]) -> str:
        return caller.subject

    api.issuer = ISSUING
    authorization = b"Bearer " + token.encode("latin-1")
    answer = await api.call("GET", "/v1/thing", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert answer.json()["code"] == "not-signed-in"


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(codec="latin-1"), max_size=60) | st.binary(max_size=60).map(lambda raw: f"{raw.hex()}.e30.")
)
def test_no_text_at_all_breaks_the_check(text):
    with pytest.raises(UnauthenticatedError):
        CHECKING.caller(f"Bearer {text}")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damaged_token_is_believed(data):
    place = data.draw(st.integers(0, len(GOOD) - 2))  # the last character has bits that no decoder looks at
    other = data.draw(st.sampled_from("ABCxyz019-_.").filter(lambda sign: sign != GOOD[place]))
    with pytest.raises(UnauthenticatedError):
        CHECKING.caller(f"Bearer {GOOD[:place]}{other}{GOOD[place + 1 :]}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
CLAIMS = st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "jti", "roles", "typ", "nonce", "events", "scope"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(CLAIMS, JSON, max_size=6))
def test_no_claims_that_the_issuer_signed_are_more_than_a_refusal(claims):
    token = signed_text(json.dumps(json.loads(USUAL) | claims))
    try:
        caller = CHECKING.caller(f"Bearer {token}")
    except UnauthenticatedError:
        return
    assert caller.subject == claims.get("sub", "anna")


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "enc", "jku", "jwk"]), JSON, max_size=5))
def test_no_header_is_more_than_a_refusal(header):
    _, content, signature = GOOD.split(".")
    with pytest.raises(UnauthenticatedError):
        CHECKING.caller(f"Bearer {encoded({'alg': 'Ed25519'} | header)}.{content}.{signature}")


async def test_nobody_is_asked_to_sign_in(api: Api):
    @api.route("GET", "/v1/thing")
    async def thing(caller: Annotated[Caller, Depends(require("reviewer"))]) -> str:
        return caller.subject

    answer = await api.call("GET", "/v1/thing")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_a_caller_without_the_role_is_told_which_ones_would_do(api: Api):
    @api.route("GET", "/v1/thing")
    async def thing(caller: Annotated[Caller, Depends(require("reviewer", "auditor"))]) -> str:
        return caller.subject

    answer = await api.call("GET", "/v1/thing", "board")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This needs one of the roles: auditor, reviewer."
    assert (await api.call("GET", "/v1/thing", "auditor")).json() == "anna"


async def test_what_the_api_has_is_not_told_to_nobody(api: Api):
    assert (await api.call("GET", "/v1/no-such-thing")).status_code == 401
    assert (await api.call("GET", "/v1/no-such-thing", "ops")).status_code == 404


@pytest.mark.parametrize("roles", [(), ("janitor",)])
def test_a_role_that_does_not_exist_is_refused_when_the_route_is_written(roles):
    with pytest.raises(ValueError, match="one or more of auditor, board"):
        require(*roles)


def test_new_keys_are_believed_as_soon_as_their_file_is_there(tmp_path):
    first, second = issuer(), issuer()
    file = first.keys_file(tmp_path)
    beside = tmp_path / "beside"
    beside.mkdir()
    checking = Authenticator(KeyFile(file), ISSUER, AUDIENCE, STAFF_KEY)
    assert checking.caller(f"Bearer {first.token('anna')}").subject == "anna"

    second.keys_file(beside).replace(file)
    assert checking.caller(f"Bearer {second.token('bo')}").subject == "bo"
    with pytest.raises(UnauthenticatedError):
        checking.caller(f"Bearer {first.token('anna')}")


def test_a_damaged_file_of_keys_leaves_the_last_good_ones(tmp_path):
    signing = issuer()
    file = signing.keys_file(tmp_path)
    checking = Authenticator(KeyFile(file), ISSUER, AUDIENCE, STAFF_KEY)
    checking.caller(f"Bearer {signing.token('anna')}")
    for damage in ("", "{}", '{"keys": []}', '{"keys": [{"kty": "OKP"}]}', "[1]", '{"keys": [7]}'):
        file.write_text(damage, encoding="utf-8")
        assert checking.caller(f"Bearer {signing.token('anna')}").subject == "anna"


def test_without_any_usable_keys_one_is_asked_to_try_again(tmp_path):
    checking = Authenticator(KeyFile(tmp_path / "none.json"), ISSUER, AUDIENCE, STAFF_KEY)
    with pytest.raises(UnavailableError):
        checking.caller(f"Bearer {ISSUING.token('anna')}")
