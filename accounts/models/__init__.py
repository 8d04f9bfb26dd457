from .audit_event import AuditEvent
from .business import Business
from .invitation import Invitation
from .membership import Membership, Role
from .notice import Notice
from .reservation import Reservation
from .sign_in_link import SignInLink
from .usage_entry import Outcome, UsageEntry
from .user import User

__all__ = [
    "AuditEvent",
    "Business",
    "Invitation",
    "Membership",
    "Notice",
    "Outcome",
    "Reservation",
    "Role",
    "SignInLink",
    "UsageEntry",
    "User",
]
