from .brief import Brief, Room, Shape
from .campaign import Campaign
from .guest_link import GuestLink
from .project import Project

__all__ = ["Brief", "Campaign", "GuestLink", "Project", "Room", "Shape"]
