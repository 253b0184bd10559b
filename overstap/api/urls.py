"""Every address of the API. No trailing slashes."""

from django.urls import URLPattern, URLResolver, path

from overstap.api import aanmeldingen, gebeurtenissen, leerlingen, overstappen
from overstap.api.tokens import OverstapTokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", OverstapTokenView.as_view(), name="oauth-token"),
    path("api/v1/leerlingen", leerlingen.Leerlingen.as_view(), name="api-leerlingen"),
    path("api/v1/aanmeldingen", aanmeldingen.Aanmeldingen.as_view(), name="api-aanmeldingen"),
    path("api/v1/overstappen", overstappen.Overstappen.as_view(), name="api-overstappen"),
    path("api/v1/overstappen/<uuid:pk>", overstappen.OverstapDetail.as_view(), name="api-overstap"),
    path(
        "api/v1/overstappen/<uuid:pk>/gebeurtenissen",
        gebeurtenissen.Gebeurtenissen.as_view(),
        name="api-gebeurtenissen",
    ),
]
