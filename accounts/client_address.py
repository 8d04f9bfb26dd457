"""Whose request it is, as far as the network tells."""

import logging
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that a provider gives to one customer

log = logging.getLogger(__name__)


def household(request: HttpRequest) -> str:
    """The visitor's address; of an IPv6 address the part that its owner cannot choose."""
    address = ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), HOUSEHOLD), strict=False).network_address)
    return str(address)


def plain(address: str) -> str:
    """An IPv4 address that a proxy wrote as IPv6 is itself: else all of them would count as one."""
    found = ip_address(address)
    return str(getattr(found, "ipv4_mapped", None) or found)


def look_for_proxies(request: HttpRequest) -> None:
    """Say it in the log where a proxy stands before the site and nobody has declared it."""
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and "x-forwarded-for" in request.headers:
        _say_that_no_proxy_is_declared()


@cache
def _say_that_no_proxy_is_declared() -> None:
    """Once a process."""
    log.error(
        "a proxy names its visitors, and HANDBILL_PROXIES is 0: all of them count as one address, so that one"
        " of them can use up the tries of all"
    )
