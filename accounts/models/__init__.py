from .account import Account
from .audit_event import AuditEvent
from .invitation import Invitation
from .membership import Membership, Role
from .reservation import Reservation
from .sign_in_link import SignInLink
from .usage_entry import Outcome, UsageEntry
from .user import User

__all__ = [
    "Account",
    "AuditEvent",
    "Invitation",
    "Membership",
    "Outcome",
    "Reservation",
    "Role",
    "SignInLink",
    "UsageEntry",
    "User",
]
