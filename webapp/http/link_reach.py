"""How far a link reaches, told from the host in it."""

import ipaddress

from django.db import models


class Reach(models.TextChoices):
    MACHINE = "machine", "this machine alone"
    NETWORK = "network", "devices in the same network"
    WORLD = "world", "everybody"


def reach_of(host: str) -> Reach:
    """`host` as a browser sends it, with or without a port."""
    name = host.rsplit("@", 1)[-1].lower()
    name = name[1 : name.index("]")] if name.startswith("[") and "]" in name else name.split(":")[0]
    name = name.rstrip(".")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return _of_name(name)
    if address.is_loopback or address.is_unspecified:
        return Reach.MACHINE
    return Reach.WORLD if address.is_global else Reach.NETWORK


def _of_name(name: str) -> Reach:
    if name == "localhost" or name.endswith(".localhost"):
        return Reach.MACHINE
    inner = ("local", "lan", "home", "internal", "intranet")
    return Reach.NETWORK if "." not in name or name.rsplit(".", 1)[-1] in inner else Reach.WORLD
