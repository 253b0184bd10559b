"""/gesprekken, and the answers of the drie vragen"""

from django.urls import URLPattern, path

from overstap.gesprekken import views

urlpatterns: list[URLPattern] = [
    path("gesprekken", views.gesprekken, name="gesprekken"),
    path("gesprekken/<uuid:pk>", views.gesprek, name="gesprek"),
    path("gesprekken/<uuid:pk>/doorgeven", views.doorgeven, name="gesprek-doorgeven"),
    # <pk> is of an aanmelding; for the soort vo_lp of the overstap
    path("gesprekken/nieuw/<uuid:pk>/<slug:soort>", views.nieuw, name="gesprek-nieuw"),
    path("drie-vragen/<uuid:pk>", views.drie_vragen, name="drie-vragen"),
]
