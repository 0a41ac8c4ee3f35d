"""The key of what must come out alike for years, however often the secret of the cookies is renewed.

Pseudonyms of applicants and query codes follow from it. It is the key of the blind index, which is never rotated:
SECRET_KEY may be renewed, and its fallbacks dropped, without a person becoming another one.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from portal.vault.queries import keyring


def lasting_secret() -> bytes:
    return hmac.new(keyring().index, b"yinuo pseudonyms", sha256).digest()
