"""/beheer/..."""

from django.urls import URLPattern, path

from overstap.beheer import views

urlpatterns: list[URLPattern] = [
    path("logboek", views.logboek, name="beheer-logboek"),
    path("accounts", views.accounts, name="beheer-accounts"),
    path("accounts/uitnodigen", views.uitnodigen, name="beheer-uitnodigen"),
    path("accounts/<uuid:pk>/beeindigen", views.beeindigen, name="beheer-account-beeindigen"),
]
