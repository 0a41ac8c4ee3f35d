"""Passkeys (WebAuthn): a key in the owner's own device opens the account, and nobody can be tricked into telling it."""
