"""/gesprekken, the answers of the drie vragen, /contacten, /meldingen, and the own mail."""

from django.urls import URLPattern, path

from overstap.gesprekken import views
from overstap.gesprekken.contacten import views as contacten
from overstap.gesprekken.meldingen import views as meldingen
from overstap.gesprekken.post import views as post

urlpatterns: list[URLPattern] = [
    path("gesprekken", views.gesprekken, name="gesprekken"),
    path("gesprekken/<uuid:pk>", views.gesprek, name="gesprek"),
    path("gesprekken/<uuid:pk>/doorgeven", views.doorgeven, name="gesprek-doorgeven"),
    # <pk> is of an aanmelding; for the soort vo_lp of the overstap
    path("gesprekken/nieuw/<uuid:pk>/<slug:soort>", views.nieuw, name="gesprek-nieuw"),
    path("drie-vragen/<uuid:pk>", views.drie_vragen, name="drie-vragen"),
    path("contacten", contacten.contacten, name="contacten"),
    path("contacten/nieuw", contacten.nieuw, name="contact-nieuw"),
    path("contacten/bevestigen", contacten.bevestigen, name="contact-bevestigen"),
    path("contacten/vragen", contacten.vragen, name="contact-vragen"),
    path("contacten/<uuid:pk>", contacten.contact, name="contact"),
    path("contacten/<uuid:pk>/verwijderen", contacten.verwijderen, name="contact-verwijderen"),
    path("meldingen", meldingen.meldingen, name="meldingen"),
    path("meldingen/nieuw", meldingen.nieuw, name="melding-nieuw"),
    path("meldingen/<uuid:pk>", meldingen.melding, name="melding"),
    path("voorkeuren", post.voorkeuren, name="voorkeuren"),
    path("nieuwsbrief", post.nieuwsbrief, name="nieuwsbrief"),
]
