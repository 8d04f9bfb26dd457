from urllib.parse import urljoin

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts import businesses, sign_in_links
from accounts.models import User


class Command(BaseCommand):
    help = "Open a business for somebody, and print a link that signs them in, once, within 15 minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The name of the business.")
        parser.add_argument("email", help="Its owner's e-mail address; the person is added if there is none.")
        parser.add_argument("--site", default="http://127.0.0.1:8000/", help="Address of the site.")

    @transaction.atomic
    def handle(self, *, name: str, email: str, site: str, **options: object) -> None:
        try:
            validate_email(email)
            known = User.objects.filter(email__iexact=email).first()
            owner = known or User.objects.create_user(email.lower(), name=email.partition("@")[0])
            businesses.open_business(name, by=None, owner=owner)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(urljoin(site, reverse("sign_in_link", args=[sign_in_links.create(owner)])))
