from urllib.parse import urljoin, urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts import sign_in_links
from accounts.models import User
from webapp.http import link_reach


class Command(BaseCommand):
    help = "Print a link that signs one person in, once, within 15 minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="The person's e-mail address.")
        parser.add_argument("--site", default="http://127.0.0.1:8000/", help="Address of the site.")

    def handle(self, *, email: str, site: str, **options: object) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError("Nobody has this e-mail address here.")
        self.stdout.write(urljoin(site, reverse("sign_in_link", args=[sign_in_links.create(user)])))
        if link_reach.reach_of(urlsplit(site).netloc) == link_reach.Reach.MACHINE:
            self.stderr.write("Only this machine can open it. For another one, give its address with --site.")
