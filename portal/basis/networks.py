"""Who stands behind an address of the network, as far as an address tells: what is counted against floods and guessing."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

IPV6_PREFIX = 64  # parameter of ours: a line is given at least a /64 (RFC 6177), within which it takes any address


def sender_of(address: str) -> str:
    """An IPv4 address as it is, also where it is written as an IPv6 one; of an IPv6 address the network it lies in.

    Whoever has one line has 2^64 addresses of IPv6: counted each for itself, nobody would ever be counted twice.
    What is no address (a socket of the machine, a name of a test) stands for itself.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known), IPV6_PREFIX), strict=False))
