"""Every address of the site; each room brings its own urls module."""

from django.urls import URLPattern, URLResolver, include, path

from overstap.basis import gezondheid

handler500 = "overstap.basis.fouten.server_fout"

urlpatterns: list[URLPattern | URLResolver] = [
    path("gezondheid", gezondheid.leeft, name="gezondheid"),
    path("gezondheid/gereed", gezondheid.gereed, name="gezondheid-gereed"),
    path("", include("accounts.urls")),
    path("", include("overstap.beheer.urls")),
    path("", include("rapportages.urls")),
    path("", include("vva_berichten.urls")),
    path("", include("overstap.gesprekken.urls")),
    path("", include("overstap.aanjager.urls")),
    path("", include("overstap.api.urls")),
    path("", include("overstap.mbo.urls")),
    path("", include("overstap.paginas")),
    path("", include("overstap.aanlevering.urls")),
]
