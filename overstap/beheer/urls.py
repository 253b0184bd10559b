"""/beheer and below."""

from django.urls import URLPattern, path

from overstap.beheer import hulp, redenen, views, views_accounts, views_eindpunt, views_jaar, views_regio
from overstap.beheer import views_organisaties as org
from overstap.beheer import views_systemen as sys

urlpatterns: list[URLPattern] = [
    path("hulp", hulp.hulp, name="hulp"),
    path("privacy", hulp.privacy, name="privacy"),
    path("toegankelijkheid", hulp.toegankelijkheid, name="toegankelijkheid"),
    path("beheer", views_regio.overzicht, name="beheer"),
    path("beheer/regio/<slug:code>", views_regio.onderdeel, name="beheer-regio"),
    path("beheer/redenen", redenen.redenen, name="beheer-redenen"),
    path("beheer/redenen/<uuid:pk>/einde", redenen.zet_einde, name="beheer-reden-einde"),
    path("beheer/eigen", org.eigen, name="beheer-eigen"),
    path("beheer/eindpunt", views_eindpunt.eigen, name="beheer-eindpunt"),
    path("beheer/organisaties", org.organisaties, name="beheer-organisaties"),
    path("beheer/organisaties/nieuw", org.nieuw, name="beheer-organisatie-nieuw"),
    path("beheer/organisaties/<uuid:pk>", org.organisatie, name="beheer-organisatie"),
    path("beheer/organisaties/<uuid:pk>/wijzigen", org.wijzigen, name="beheer-organisatie-wijzigen"),
    path("beheer/organisaties/<uuid:pk>/afspraken", org.keuzes, name="beheer-organisatie-keuzes"),
    path("beheer/organisaties/<uuid:pk>/eindpunt", views_eindpunt.van_organisatie, name="beheer-organisatie-eindpunt"),
    path("beheer/organisaties/<uuid:pk>/vestigingen/nieuw", org.vestiging, name="beheer-vestiging-nieuw"),
    path("beheer/organisaties/<uuid:pk>/vestigingen/<slug:code>", org.vestiging, name="beheer-vestiging"),
    path("beheer/overstapjaar", views_jaar.overstapjaar, name="beheer-jaar"),
    path("beheer/systemen", sys.systemen, name="beheer-systemen"),
    path("beheer/systemen/<uuid:pk>", sys.systeem, name="beheer-systeem"),
    path("beheer/systemen/<uuid:pk>/sleutels", sys.sleutel_toevoegen, name="beheer-sleutel-toevoegen"),
    path(
        "beheer/systemen/<uuid:pk>/sleutels/<uuid:sleutel>/intrekken",
        sys.sleutel_intrekken,
        name="beheer-sleutel-intrekken",
    ),
    path("beheer/mandaten/nieuw", sys.mandaat_geven, name="beheer-mandaat-geven"),
    path("beheer/mandaten/<uuid:pk>/einde", sys.mandaat_einde, name="beheer-mandaat-einde"),
    path("beheer/logboek", views.logboek, name="beheer-logboek"),
    path("beheer/accounts", views_accounts.accounts, name="beheer-accounts"),
    path("beheer/accounts/uitnodigen", views_accounts.uitnodigen, name="beheer-uitnodigen"),
    path("beheer/accounts/<uuid:pk>", views_accounts.account, name="beheer-account"),
    path("beheer/accounts/<uuid:pk>/<slug:code>", views_accounts.daad, name="beheer-account-daad"),
]
