"""Single keys at the window; one link switches them off and on again (WCAG 2.2, 2.1.4), and a cookie keeps it.

Kept in the browser and not with the account: whoever speaks to the computer, or strikes keys by mistake, does so at a
desk of their own, and a browser that is new has them as the page says.
"""

from __future__ import annotations

from typing import Final

from portal.basis import N_
from portal.web.kept import KeptChoice

ON, OFF = "on", "off"
KEYS: Final = KeptChoice("keys", "desk-keys", (ON, OFF))
STEPS: Final = {  # what each key does, in the order of a visit
    "n": N_("Call the next"),
    "s": N_("Begin"),
    "r": N_("Call again"),
    "a": N_("Did not come"),
    "f": N_("Finish"),
    "p": N_("Park (the place is kept)"),
    "t": N_("Pass on to another service or window"),
}


def are_on() -> bool:
    return KEYS.now() == ON
