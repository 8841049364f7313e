"""A service believes the tokens of a real provider, keeps up with its keys, and gets one of its own."""

import asyncio
from pathlib import Path

import pytest
from joserfc import jws

from stickprov_kernel.errors import UnauthenticatedError, UnavailableError
from stickprov_kernel.http.identity import Authenticator, Naming
from stickprov_kernel.http.issuer_keys import IssuerKeys
from stickprov_kernel.http.provider import Provider
from stickprov_kernel.service_token import NoServiceTokenError, granted_token
from stickprov_kernel.token_settings import TokenSettings
from support.openid_provider import ROLES, SERVICE_SECRET, OpenIdProvider
from support.tokens import STAFF_KEY, issuer
from support.waiting import eventually

ALGORITHMS = {"urn:stickprov:rs256": "RS256", "urn:stickprov:es256": "ES256", "urn:stickprov:eddsa": "EdDSA"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def checking(provider: OpenIdProvider, clock: Clock | None = None) -> Authenticator:
    keys = IssuerKeys(Provider(provider.issuer, local=True), clock or Clock())
    naming = Naming(roles="realm_access.roles", theirs=ROLES)
    return Authenticator(keys, provider.issuer, "stickprov", STAFF_KEY, naming)


@pytest.mark.parametrize("resource", ALGORITHMS)
async def test_a_token_counts_whichever_of_our_algorithms_signed_it(provider, resource):
    authenticator = checking(provider)
    await authenticator.keys.look_again()
    token = provider.service_token(resource)

    caller = await authenticator.identified(f"Bearer {token}")

    assert (caller.subject, caller.roles) == ("findings", {"service"})
    assert jws.extract_compact(token.encode()).headers()["alg"] == ALGORITHMS[resource]


async def test_new_keys_are_found_by_the_first_token_that_they_signed(provider):
    clock = Clock()
    authenticator = checking(provider, clock)
    await authenticator.keys.look_again()
    old = provider.service_token()
    assert (await authenticator.identified(f"Bearer {old}")).subject == "findings"

    provider.change_keys()
    clock.now += 31
    assert (await authenticator.identified(f"Bearer {provider.service_token()}")).subject == "findings"
    with pytest.raises(UnauthenticatedError):
        await authenticator.identified(f"Bearer {old}")


async def test_a_flood_of_unknown_keys_is_no_flood_at_the_provider(provider):
    clock = Clock()
    authenticator = checking(provider, clock)
    await authenticator.keys.look_again()
    before = provider.asked_for_keys()
    strangers = [issuer().token("anna", "coordinator", iss=provider.issuer) for _ in range(50)]

    async def refused(token: str) -> bool:
        try:
            await authenticator.identified(f"Bearer {token}")
        except UnauthenticatedError:
            return True
        return False

    assert all(await asyncio.gather(*(refused(token) for token in strangers)))
    assert provider.asked_for_keys() == before
    clock.now += 31
    assert all(await asyncio.gather(*(refused(token) for token in strangers)))
    assert provider.asked_for_keys() == before + 1


async def test_while_the_provider_is_away_its_last_keys_count_and_its_return_is_noticed():
    provider = OpenIdProvider("http://127.0.0.1:9")
    authenticator = checking(provider)
    keys = authenticator.keys
    assert isinstance(keys, IssuerKeys)
    work = asyncio.create_task(keys.run())
    try:
        await eventually(_async(lambda: "does not answer" in keys.state()[1]))
        assert not keys.state()[0]
        with pytest.raises(UnavailableError):
            await authenticator.identified(f"Bearer {issuer().token('anna')}")

        await asyncio.to_thread(provider.start)
        await eventually(_async(lambda: keys.state()[0]), bound=60)
        token = provider.service_token()
        provider.stop()
        assert (await authenticator.identified(f"Bearer {token}")).subject == "findings"
        await keys._look()
        assert keys.state() == (True, "3 keys, the last ones known: the issuer does not answer (ConnectError)")
        assert (await authenticator.identified(f"Bearer {token}")).subject == "findings"
    finally:
        work.cancel()
        provider.stop()


def _async(ask):
    async def asked() -> bool:
        return bool(ask())

    return asked


async def test_what_another_issuer_says_of_itself_is_not_believed(provider):
    # The same server by another name: its description is not of the issuer that was asked.
    keys = IssuerKeys(Provider(provider.issuer.replace("127.0.0.1", "localhost"), local=True))
    await keys.look_again()
    assert keys.state() == (False, "the description found at the issuer's address is another issuer's")


async def test_outside_local_mode_nobody_is_asked_without_tls(provider):
    keys = IssuerKeys(Provider(provider.issuer))
    await keys.look_again()
    assert keys.state() == (False, "the issuer has no https address")


def token_settings(provider: OpenIdProvider, secret: Path) -> TokenSettings:
    return TokenSettings(
        mode="local",
        token_issuer=provider.issuer,
        service_client_id="findings",
        service_client_secret_file=secret,
        service_token_resource="urn:stickprov:es256",
    )


async def test_a_service_gets_a_token_that_other_services_believe(provider, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(f"{SERVICE_SECRET}\n", encoding="utf-8")
    granted = granted_token(token_settings(provider, secret))
    assert granted is not None
    with pytest.raises(NoServiceTokenError):
        granted()

    work = asyncio.create_task(granted.run())
    try:
        await eventually(_async(lambda: granted._grant is not None))
        authenticator = checking(provider)
        await authenticator.keys.look_again()
        assert (await authenticator.identified(f"Bearer {granted()}")).roles == {"service"}
        assert granted.due() < granted._given + 600
    finally:
        work.cancel()


async def test_a_service_with_a_wrong_secret_is_told_so_without_the_secret(provider, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not it", encoding="utf-8")
    granted = granted_token(token_settings(provider, secret))
    assert granted is not None
    await granted.renew()
    condition = await granted.condition()
    assert (condition.ok, condition.detail) == (False, "the issuer answers with status 401 and invalid_client")
