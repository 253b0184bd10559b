"""Login and account pages, at Dutch addresses. allauth asks for its own names; some have ours beside them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as herstelcodes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path

from accounts import views

inloggen = views.Inloggen.as_view()

urlpatterns: list[URLPattern] = [
    path("", views.start, name="start"),
    path("inloggen", inloggen, name="inloggen"),
    path("inloggen", inloggen, name="account_login"),
    path("inloggen/demo", views.demo_inloggen, name="demo_inloggen"),
    path("inloggen/tweede-stap", mfa.authenticate, name="mfa_authenticate"),
    path("inloggen/passkey", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("inloggen/uit", account.account_inactive, name="account_inactive"),
    path("uitloggen", account.logout, name="uitloggen"),
    path("uitloggen", account.logout, name="account_logout"),
    path("rol", views.rol, name="rol"),
    path("account/bevestigen", account.reauthenticate, name="account_reauthenticate"),
    path("account/wachtwoord", account.password_change, name="account_change_password"),
    path("account/wachtwoord/kiezen", account.password_set, name="account_set_password"),
    path("account/wachtwoord/vergeten", account.password_reset, name="account_reset_password"),
    path("account/wachtwoord/vergeten/verstuurd", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/wachtwoord/nieuw/klaar",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/wachtwoord/nieuw/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/tweede-stap", mfa.index, name="mfa_index"),
    path("account/tweede-stap/bevestigen", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/tweede-stap/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/tweede-stap/app/uit", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/tweede-stap/herstelcodes", herstelcodes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/tweede-stap/herstelcodes/nieuw",
        herstelcodes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/tweede-stap/herstelcodes/bestand",
        herstelcodes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/tweede-stap/passkeys", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/tweede-stap/passkeys/nieuw", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "account/tweede-stap/passkeys/bevestigen", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path("account/tweede-stap/passkeys/<int:pk>/weg", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/tweede-stap/passkeys/<int:pk>", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
]
