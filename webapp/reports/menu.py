"""`{% open_reports business as number %}`: how many wait to be decided. Known to every template."""

from django import template

from accounts.models import Business
from webapp.models import Report

register = template.Library()


@register.simple_tag
def open_reports(business: Business) -> int:
    return Report.objects.filter(closed_at=None, output__job__business=business).count()
