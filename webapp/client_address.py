"""Whose request it is, as far as the network tells."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that a provider gives to one customer


def of(request: HttpRequest) -> str:
    """The client's address; of an IPv6 address the part that its owner cannot choose."""
    address = get_adapter(request).get_client_ip(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # A server behind a unix socket knows no address.
        return address
    if found.version == 6:
        return str(ipaddress.IPv6Network((int(found), HOUSEHOLD), strict=False).network_address)
    return address
