"""The second factor: codes by time (TOTP, RFC 6238), recovery codes, and taking it away by two people."""
