"""/rapportages, /doorlooptijden, /voortgang, /risico, /exports"""

from django.urls import URLPattern, path

from rapportages import views

urlpatterns: list[URLPattern] = [
    path("rapportages", views.rapportages, name="rapportages"),
    path("doorlooptijden", views.doorlooptijden, name="doorlooptijden"),
    path("voortgang", views.voortgang, name="voortgang"),
    path("risico", views.risico, name="risico-aantallen"),
    path("exports", views.exports, name="exports"),
    path("exports/<uuid:pk>", views.export, name="export"),
    path("exports/<uuid:pk>/bestand", views.export_bestand, name="export-bestand"),
]
