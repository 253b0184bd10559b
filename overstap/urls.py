"""Every address of the site; each room brings its own urls module."""

from django.urls import URLPattern, URLResolver, include, path

from overstap.basis import gezondheid

urlpatterns: list[URLPattern | URLResolver] = [
    path("gezondheid", gezondheid.leeft, name="gezondheid"),
    path("gezondheid/gereed", gezondheid.gereed, name="gezondheid-gereed"),
    path("", include("overstap.api.urls")),
]
