"""Accounts at another provider (OpenID Connect) that open an account here: bound by an administrator."""
