"""The door of one's own account: sign-ins, password, second factor; for whoever has signed in, in any post or none."""

from __future__ import annotations

from flask import abort, g

from portal.web.account import factor, own, passkeys, resets
from portal.web.doors import Door


class OwnDoor(Door):
    """Shut for strangers; what is behind it is always one's own."""

    def guard(self) -> None:
        if "account" not in g:
            abort(401)


door = OwnDoor("account", __name__, url_prefix="/account")
door.add_url_rule("/sign-ins", "sign_ins", own.listing)
door.add_url_rule("/sign-ins/end-others", "end_others", own.end_others, methods=["GET", "POST"])
door.add_url_rule("/sign-ins/<handle>/end", "end", own.end, methods=["GET", "POST"])
door.add_url_rule("/password", "password", own.password, methods=["GET", "POST"])
door.add_url_rule("/second-factor", "second_factor", factor.second_factor, methods=["GET", "POST"])
door.add_url_rule("/recovery-codes", "recovery_codes", factor.recovery_codes, methods=["GET", "POST"])
door.add_url_rule("/passkeys", "passkeys", passkeys.listing, methods=["GET", "POST"])
door.add_url_rule("/passkeys/challenge", "passkey_challenge", passkeys.challenge, methods=["POST"])
door.add_url_rule("/passkeys/<handle>/remove", "remove_passkey", passkeys.remove, methods=["GET", "POST"])
door.add_url_rule("/resets", "resets", resets.listing, methods=["GET", "POST"])
door.add_url_rule("/resets/<int:number>", "answer_reset", resets.answer, methods=["POST"])
