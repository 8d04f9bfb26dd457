"""The whole site on one screen."""

from django.urls import include, path

from webapp.views import health

handler500 = "webapp.outage.server_error"

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("health/", health.health, name="health"),
]
