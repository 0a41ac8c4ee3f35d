"""What is said to a device and how its answer is judged, by the library ``webauthn``.

The device must have made sure who its user is (by finger, face or PIN): then a passkey is two factors in one.
"""

from __future__ import annotations

from collections.abc import Iterable

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.model import Account
from portal.accounts.passkeys.model import Site
from portal.basis import N_, Refusal

_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class PasskeyWrong(Refusal):
    def __init__(self) -> None:
        super().__init__(
            N_("The passkey was not accepted, or your browser cannot use it. Try again, or take another way."),
        )


def question_to_register(challenge: bytes, account: Account, known: Iterable[bytes], site: Site) -> str:
    """JSON for ``navigator.credentials.create``."""
    options = generate_registration_options(
        rp_id=site.id,
        rp_name=site.name,
        user_name=account.name,
        user_id=account.id.encode(),
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return options_to_json(options)


def question_to_enter(challenge: bytes, known: Iterable[bytes], site: Site) -> str:
    """JSON for ``navigator.credentials.get``; where nobody is ``known`` yet, the device offers what it has."""
    options = generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def registered(answer: str, challenge: bytes, site: Site) -> tuple[bytes, bytes, int]:
    """The credential, its public key and its count of uses.

    :raises PasskeyWrong: the answer is not to this challenge at this site, or is no answer at all.
    """
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _MALFORMED:
        raise PasskeyWrong from None
    return found.credential_id, found.credential_public_key, found.sign_count


def uses_after(answer: str, challenge: bytes, site: Site, *, public_key: bytes, uses: int) -> int:
    """The count of uses that the device tells; a copy of a device betrays itself by a count that does not grow.

    :raises PasskeyWrong: wrong challenge, site, signature or count, or the device did not check who its user is.
    """
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        )
    except _MALFORMED:
        raise PasskeyWrong from None
    return found.new_sign_count
