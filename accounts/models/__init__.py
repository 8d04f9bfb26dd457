from .audit_event import AuditEvent
from .business import Business
from .invitation import Invitation
from .membership import Membership, Role
from .reservation import Reservation
from .sign_in_link import SignInLink
from .usage_entry import Outcome, UsageEntry
from .user import User

__all__ = [
    "AuditEvent",
    "Business",
    "Invitation",
    "Membership",
    "Outcome",
    "Reservation",
    "Role",
    "SignInLink",
    "UsageEntry",
    "User",
]
