"""Every address of the API. No trailing slashes."""

from django.urls import URLPattern, URLResolver, path

from overstap.api import overstappen
from overstap.api.tokens import OverstapTokenView

urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/token", OverstapTokenView.as_view(), name="oauth-token"),
    path("api/v1/overstappen", overstappen.Overstappen.as_view(), name="api-overstappen"),
]
