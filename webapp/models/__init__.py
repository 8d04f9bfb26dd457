from .asset import Asset, AssetVersion
from .brand_kit import BrandFont, BrandKit
from .brief import Brief, Room, Shape
from .campaign import Campaign
from .export import Export, ExportStatus, FileKind
from .guest_link import GuestLink
from .project import Project

__all__ = [
    "Asset",
    "AssetVersion",
    "BrandFont",
    "BrandKit",
    "Brief",
    "Campaign",
    "Export",
    "ExportStatus",
    "FileKind",
    "GuestLink",
    "Project",
    "Room",
    "Shape",
]
