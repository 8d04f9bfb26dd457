"""What `bin/manage check --deploy` asks beside Django's own questions."""

from django.conf import settings
from django.core.checks import Warning, register


@register(deploy=True)
def visitors_have_addresses(app_configs: object, **options: object) -> list[Warning]:
    """HTTPS means a proxy, and a proxy that is not declared is everybody's address."""
    if not settings.SECURE_SSL_REDIRECT or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    message = "Every visitor has the proxy's address, so one who guesses passwords locks everybody out."
    return [Warning(message, hint="Set HANDBILL_PROXIES; docs/operate.md says how.", id="handbill.W001")]
