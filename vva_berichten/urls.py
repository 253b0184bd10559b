"""/vva, and the keys of what is pushed."""

from django.urls import URLPattern, path

from vva_berichten import afstemming_views, gangers_views, push_views, views

urlpatterns: list[URLPattern] = [
    path(".well-known/jwks.json", push_views.jwks, name="jwks"),
    path("vva", views.vva, name="vva"),
    path("vva/afstemming", afstemming_views.afstemming, name="vva-afstemming"),
    path("vva/melden", gangers_views.melden, name="vva-melden"),
    path("vva/berichten", views.berichten, name="vva-berichten"),
    path("vva/opnieuw/<uuid:pk>", push_views.opnieuw, name="vva-opnieuw"),
    path("vva/bulk/<uuid:pk>", views.bulk, name="vva-bulk"),
    path("vva/bulk/<uuid:pk>/correctie", views.correctie, name="vva-correctie"),
]
