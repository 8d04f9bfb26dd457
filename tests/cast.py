"""The people of every test: Alice owns Corner Bakery, Bob edits, Carol looks; Mallory is a stranger."""

import time
from dataclasses import dataclass

from django.test import Client

from accounts.models import Business, Membership, Role, User
from accounts.reauthentication import PROOF_KEY
from webapp.models import Campaign, Project

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    alice: User
    bob: User
    carol: User
    mallory: User
    bakery: Business
    garage: Business
    project: Project  # of the bakery
    campaign: Campaign  # of the bakery
    foreign_campaign: Campaign  # of the garage


def gather() -> Cast:
    bakery = Business.objects.create(name="Corner Bakery", slug="corner-bakery")
    garage = Business.objects.create(name="Mallory's Garage", slug="mallorys-garage")
    alice, bob, carol, mallory = (person(name) for name in ("Alice", "Bob", "Carol", "Mallory"))
    for user, business, role in (
        (alice, bakery, Role.OWNER),
        (bob, bakery, Role.EDITOR),
        (carol, bakery, Role.VIEWER),
        (mallory, garage, Role.OWNER),
    ):
        Membership.objects.create(user=user, business=business, role=role)
    project = Project.objects.create(business=bakery, name="Autumn menu", created_by=alice)
    foreign = Project.objects.create(business=garage, name="Winter tyres", created_by=mallory)
    return Cast(
        alice=alice,
        bob=bob,
        carol=carol,
        mallory=mallory,
        bakery=bakery,
        garage=garage,
        project=project,
        campaign=Campaign.objects.create(
            project=project, name="Pumpkin week", slug="pumpkin-week", created_by=alice
        ),
        foreign_campaign=Campaign.objects.create(
            project=foreign, name="First frost", slug="first-frost", created_by=mallory
        ),
    )


def show_who_they_are(client: Client) -> Client:
    """As if the person had just typed their password: `force_login` does without one."""
    session = client.session
    session[PROOF_KEY] = {"at": time.time(), "by_link": False}
    session.save()
    return client


def person(name: str) -> User:
    return User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
