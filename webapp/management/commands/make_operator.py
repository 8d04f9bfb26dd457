from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import operators
from accounts.models import User


class Command(BaseCommand):
    help = "Show somebody the page of whoever runs this machine: workers, queue, notices; nobody's pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The person's e-mail address.")
        parser.add_argument("--no-longer", action="store_true", help="Take it from them.")

    def handle(self, *, email: str, no_longer: bool, **options: object) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("Nobody here has this e-mail address.")
        operators.dismiss(user) if no_longer else operators.appoint(user)
