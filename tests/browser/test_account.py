"""One's own account in a real browser: every page looked at, and a passkey of a virtual device used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from portal.accounts import operations as accounts
from portal.store import transaction
from tests.browser.citizen_city import THURSDAY, City, Walk, running_city
from tests.browser.looks import LOOKS
from tests.browser.test_staff import PASSWORD, sign_in

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("accounts")) as city:
        city.address = city.address.replace("127.0.0.1", "localhost")  # passkeys are bound to names, not to numbers
        with city.app.app_context(), transaction():
            accounts.set_password(city.staff.by("clerk").actor, PASSWORD, at=THURSDAY)
        yield city


@LOOKS
def test_every_page_of_the_account_is_without_barriers(browser: Browser, city: City, language: str, width: int) -> None:
    walk = Walk(browser.new_page(), city, language, width)
    walk.open("/sign-in")
    walk.examine()
    sign_in(walk, city.staff.by("clerk"))
    for page in ("sign-ins", "password", "second-factor", "recovery-codes", "passkeys"):
        walk.open(f"/account/{page}")
        walk.examine()
    walk.page.close()


def test_a_passkey_is_registered_and_opens_the_account(browser: Browser, city: City) -> None:
    context = browser.new_context()
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    walk = Walk(page, city, "en", 1280)
    sign_in(walk, city.staff.by("clerk"))
    walk.open("/account/passkeys")
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Register a passkey").click()
    expect(page.get_by_role("heading", name="My telephone")).to_be_visible()
    walk.examine()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    walk.open("/account/passkeys")
    page.get_by_role("button", name="Remove").click()
    walk.examine()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Remove this passkey").click()
    expect(page.get_by_role("heading", name="My telephone")).not_to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not accepted")).to_be_visible()
    context.close()


def test_without_a_script_the_page_says_what_passkeys_need(browser: Browser, city: City) -> None:
    context = browser.new_context(java_script_enabled=False)
    walk = Walk(context.new_page(), city, "en", 1280)
    walk.open("/sign-in")
    expect(walk.page.get_by_text("Passkeys need a browser that runs scripts").first).to_be_visible()
    walk.page.get_by_role("button", name="Use a passkey").click()
    expect(walk.page.get_by_text("The passkey was not accepted")).to_be_visible()
    context.close()
