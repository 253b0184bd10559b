"""/beheer and below."""

from django.urls import URLPattern, path

from overstap.beheer import hulp, redenen, views, views_accounts, views_regio

urlpatterns: list[URLPattern] = [
    path("hulp", hulp.hulp, name="hulp"),
    path("privacy", hulp.privacy, name="privacy"),
    path("toegankelijkheid", hulp.toegankelijkheid, name="toegankelijkheid"),
    path("beheer", views_regio.overzicht, name="beheer"),
    path("beheer/regio/<slug:code>", views_regio.onderdeel, name="beheer-regio"),
    path("beheer/redenen", redenen.redenen, name="beheer-redenen"),
    path("beheer/redenen/<uuid:pk>/einde", redenen.zet_einde, name="beheer-reden-einde"),
    path("beheer/logboek", views.logboek, name="beheer-logboek"),
    path("beheer/accounts", views_accounts.accounts, name="beheer-accounts"),
    path("beheer/accounts/uitnodigen", views_accounts.uitnodigen, name="beheer-uitnodigen"),
    path("beheer/accounts/<uuid:pk>", views_accounts.account, name="beheer-account"),
    path("beheer/accounts/<uuid:pk>/<slug:code>", views_accounts.daad, name="beheer-account-daad"),
]
