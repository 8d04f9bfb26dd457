from .brand_kit import BrandFont, BrandKit
from .brief import Brief, Room, Shape
from .campaign import Campaign
from .creative import Creative, CreativeVersion
from .export import Export
from .file_kind import FileKind
from .guest_link import GuestLink
from .project import Project
from .report import Report

__all__ = [
    "BrandFont",
    "BrandKit",
    "Brief",
    "Campaign",
    "Creative",
    "CreativeVersion",
    "Export",
    "FileKind",
    "GuestLink",
    "Project",
    "Report",
    "Room",
    "Shape",
]
