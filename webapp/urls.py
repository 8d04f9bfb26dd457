"""The whole site on one screen."""

from django.urls import include, path

from webapp.views import (
    activity,
    businesses,
    guests,
    health,
    invitations,
    sign_in,
    team,
    usage,
)

handler500 = "webapp.outage.server_error"

urlpatterns = [
    path("campaigns/<uuid:pk>/guest-links/", guests.campaign_guest_links, name="campaign_guest_links"),
    path("guest-links/<uuid:pk>/revocation/", guests.guest_link_revocation, name="guest_link_revocation"),
    path("g/<str:token>/", guests.guest_campaign, name="guest_campaign"),
    path("g/<str:token>/outputs/<uuid:pk>/file/", guests.guest_output_file, name="guest_output_file"),
    path("team/", team.team, name="team"),
    path("team/invitations/", invitations.invitations, name="invitations"),
    path(
        "team/invitations/<int:pk>/revocation/",
        invitations.invitation_revocation,
        name="invitation_revocation",
    ),
    path("team/members/<int:pk>/role/", team.member_role, name="member_role"),
    path("team/members/<int:pk>/removal/", team.member_removal, name="member_removal"),
    path("invitations/", invitations.invitation_acceptance, name="invitation_acceptance"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("businesses/", businesses.businesses, name="businesses"),
    path("businesses/<slug:slug>/selection/", businesses.business_selection, name="business_selection"),
    path("usage/", usage.usage, name="usage"),
    path("usage.csv", usage.usage_csv, name="usage_csv"),
    path("usage/limit/", usage.usage_limit, name="usage_limit"),
    path("activity/", activity.activity, name="activity"),
    path("sign-in/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    path("account/", include("allauth.urls")),
    path("health/", health.health, name="health"),
]
