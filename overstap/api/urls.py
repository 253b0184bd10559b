"""Every address of the API. No trailing slashes."""

from django.urls import URLPattern, URLResolver, include, path

from overstap.api import (
    aanmeldingen,
    ambities,
    documentatie,
    exports,
    gebeurtenissen,
    leerlingen,
    overstappen,
    referentie,
)
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
    path("api/v1/ambities", ambities.Ambities.as_view(), name="api-ambities"),
    path("api/v1/exports", exports.Exports.as_view(), name="api-exports"),
    path("api/v1/exports/<uuid:pk>", exports.ExportDetail.as_view(), name="api-export"),
    path("api/v1/exports/<uuid:pk>/bestand", exports.ExportBestand.as_view(), name="api-export-bestand"),
    path("api/v1/statussen", referentie.Statussen.as_view(), name="api-statussen"),
    path("api/v1/opleidingen", referentie.Opleidingen.as_view(), name="api-opleidingen"),
    path("api/v1/organisaties", referentie.Organisaties.as_view(), name="api-organisaties"),
    path("api/v1/gemeenten", referentie.Gemeenten.as_view(), name="api-gemeenten"),
    path("api/v1/openapi.json", documentatie.OpenApi.as_view(), name="api-openapi"),
    path("api/v1/docs", documentatie.docs, name="api-docs"),
    path("api/v1/vva/", include("overstap.api.vva")),
]
