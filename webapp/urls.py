"""The whole site on one screen."""

from django.urls import include, path

from webapp.brand import views as brand_kits
from webapp.business.views import activity, businesses, invitations, sign_in, team, usage
from webapp.campaigns.views import campaigns, guests, home, jobs, outputs, projects, refusals
from webapp.creatives.views import creatives, exports
from webapp.http import health
from webapp.operator import views as operator
from webapp.verify import views as verify

handler404 = "webapp.http.file_response.not_found"
handler500 = "webapp.http.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("projects/", projects.new_project, name="projects"),
    path("projects/<uuid:pk>/", projects.project, name="project"),
    path("projects/<uuid:pk>/name/", projects.project_name, name="project_name"),
    path("projects/<uuid:pk>/archival/", projects.project_archival, name="project_archival"),
    path("projects/<uuid:pk>/campaigns/", campaigns.new_campaign, name="campaigns"),
    path("campaigns/<uuid:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:pk>/name/", campaigns.campaign_name, name="campaign_name"),
    path("campaigns/<uuid:pk>/archival/", campaigns.campaign_archival, name="campaign_archival"),
    path("campaigns/<uuid:pk>/prompt/", campaigns.campaign_prompt, name="campaign_prompt"),
    path("campaigns/<uuid:pk>/jobs/", jobs.campaign_jobs, name="campaign_jobs"),
    path("campaigns/<uuid:pk>/gallery/", campaigns.campaign_gallery, name="campaign_gallery"),
    path("campaigns/<uuid:pk>/creatives/", creatives.campaign_creatives, name="campaign_creatives"),
    path("creatives/<uuid:pk>/", creatives.creative, name="creative"),
    path("creatives/<uuid:pk>/versions/", creatives.creative_versions, name="creative_versions"),
    path("creatives/<uuid:pk>/preview/", creatives.creative_preview, name="creative_preview"),
    path("creatives/<uuid:pk>/undo/", creatives.creative_undo, name="creative_undo"),
    path("creatives/<uuid:pk>/redo/", creatives.creative_redo, name="creative_redo"),
    path("creatives/<uuid:pk>/formats/", creatives.creative_formats, name="creative_formats"),
    path("creatives/<uuid:pk>/archival/", creatives.creative_archival, name="creative_archival"),
    path("creatives/<uuid:pk>/pictures/<slug:format>/", creatives.creative_picture, name="creative_picture"),
    path("creatives/<uuid:pk>/file/", exports.creative_file, name="creative_file"),
    path("creatives/<uuid:pk>/exports/", exports.creative_exports, name="creative_exports"),
    path("exports/<uuid:pk>/", exports.export, name="export"),
    path("exports/<uuid:pk>/file/", exports.export_file, name="export_file"),
    path("exports/<uuid:pk>/cancel/", exports.export_cancellation, name="export_cancellation"),
    path("exports/<uuid:pk>/retry/", exports.export_retry, name="export_retry"),
    path("campaigns/<uuid:pk>/brand-kit/", brand_kits.campaign_brand_kit, name="campaign_brand_kit"),
    path("brand/", brand_kits.brand_kits, name="brand_kits"),
    path("brand/pairings/<int:number>/", brand_kits.brand_pairing, name="brand_pairing"),
    path("brand/<uuid:pk>/", brand_kits.brand_kit, name="brand_kit"),
    path("brand/<uuid:pk>/preview/", brand_kits.brand_kit_preview, name="brand_kit_preview"),
    path("brand/<uuid:pk>/specimen/", brand_kits.brand_kit_specimen, name="brand_kit_specimen"),
    path("brand/<uuid:pk>/logos/<slug:ground>/", brand_kits.brand_kit_logo, name="brand_kit_logo"),
    path("brand/<uuid:pk>/default/", brand_kits.brand_kit_default, name="brand_kit_default"),
    path("brand/<uuid:pk>/archival/", brand_kits.brand_kit_archival, name="brand_kit_archival"),
    path("jobs/<uuid:pk>/cancellation/", jobs.job_cancellation, name="job_cancellation"),
    path("jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("refusals/<uuid:pk>/", refusals.refusal, name="refusal"),
    path("outputs/<uuid:pk>/", outputs.output, name="output"),
    path("outputs/<uuid:pk>/file/", outputs.output_file, name="output_file"),
    path("outputs/<uuid:pk>/thumbnail/", outputs.output_thumbnail, name="output_thumbnail"),
    path("outputs/<uuid:pk>/preview/", outputs.output_preview, name="output_preview"),
    path("outputs/<uuid:pk>/download/", outputs.output_download, name="output_download"),
    path("outputs/<uuid:pk>/cancellation/", jobs.output_cancellation, name="output_cancellation"),
    path("outputs/<uuid:pk>/keep/", outputs.output_keep, name="output_keep"),
    path("outputs/<uuid:pk>/discard/", outputs.output_discard, name="output_discard"),
    path("outputs/<uuid:pk>/release/", outputs.output_release, name="output_release"),
    path("campaigns/<uuid:pk>/guest-links/", guests.campaign_guest_links, name="campaign_guest_links"),
    path("guest-links/<uuid:pk>/revocation/", guests.guest_link_revocation, name="guest_link_revocation"),
    path("g/<str:token>/", guests.guest_campaign, name="guest_campaign"),
    path("g/<str:token>/outputs/<uuid:pk>/file/", guests.guest_output_file, name="guest_output_file"),
    path(
        "g/<str:token>/outputs/<uuid:pk>/thumbnail/",
        guests.guest_output_thumbnail,
        name="guest_output_thumbnail",
    ),
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
    path("business/", businesses.business_settings, name="business_settings"),
    path("businesses/", businesses.businesses, name="businesses"),
    path("businesses/<slug:slug>/selection/", businesses.business_selection, name="business_selection"),
    path("usage/", usage.usage, name="usage"),
    path("usage.csv", usage.usage_csv, name="usage_csv"),
    path("usage/limit/", usage.usage_limit, name="usage_limit"),
    path("activity/", activity.activity, name="activity"),
    path("operator/", operator.operator, name="operator"),
    path("operator/notices/<int:pk>/removal/", operator.notice_removal, name="notice_removal"),
    path("operator/contests/<uuid:pk>/reading/", operator.contest_reading, name="contest_reading"),
    path("sign-in/<str:token>/", sign_in.sign_in_link, name="sign_in_link"),
    path("account/", include("allauth.urls")),
    path("verify/", verify.verify, name="verify"),
    path("health/", health.health, name="health"),
]
