"""The walls in the database itself, asked of its catalog: every table, every policy, every right of the app's roles."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import Regio
from accounts.rechten import Rol
from overstap.basis import klok
from overstap.basis.rls import GeenBereik, RegioManager, bereik
from overstap.gesprekken.models import Bericht, Gelezen, Gesprek
from statuses.actions import record_schoolcontact
from tests.wereld import JAAR, Wereld

pytestmark = pytest.mark.django_db

# The three classes (architectuur.md, "Settled" 6) and what holds no rows of a regio. A new table goes in exactly one.
REGIO = {
    "aanlevering_upload",
    "gesprekken_bericht",
    "gesprekken_berichttekst",
    "gesprekken_contactpersoon",
    "gesprekken_gelezen",
    "gesprekken_gesprek",
    "gesprekken_mail",
    "gesprekken_melding",
    "gesprekken_temelden",
    "rapportages_export",
    "outbox_outboxregel",
    "statuses_aanmelding",
    "statuses_buitenregio",
    "statuses_drievragen",
    "statuses_gebeurtenis",
    "statuses_leerling",
    "statuses_levering",
    "statuses_nietverwerkt",
    "statuses_overdracht",
    "statuses_overstap",
    "statuses_schoolcontact",
    "statuses_schoolwissel",
    "statuses_toelichting",
    "vva_berichten_bericht",
    "vva_berichten_bulk",
    "vva_berichten_bulkregel",
    "vva_berichten_gelijkvolgnummer",
    "vva_berichten_gemeldaangemeente",
    "vva_berichten_gemeldeaanmelding",
    "vva_berichten_geparkeerdepush",
    "vva_berichten_geweigerdemelding",
    "vva_berichten_mboganger",
    "vva_berichten_mbogangermelding",
    "vva_berichten_postbusregel",
    "vva_berichten_verzondenaanmeldstatus",
}
LOGBOEK = {"accounts_logregel", "accounts_logonderwerp"}
REFERENTIE = {
    "accounts_deelname",
    "accounts_gemeente",
    "accounts_subregio",
    "accounts_vestiging",
    "statuses_regioreden",
}
ZONDER = {
    # who logs in, before any regio is known
    "account_emailaddress", "account_emailconfirmation", "accounts_apiclient", "accounts_clientsleutel", "accounts_gebruiker", "accounts_gebruiktejwt", "accounts_lidmaatschap",
    "accounts_lidmaatschap_subregios", "accounts_lidmaatschap_vestigingen", "accounts_mandaat", "django_session",
    "mfa_authenticator", "oauth2_provider_accesstoken", "oauth2_provider_devicegrant", "oauth2_provider_grant", "oauth2_provider_idtoken",
    "oauth2_provider_refreshtoken", "usersessions_usersession",
    # how a person wants to be told, per lidmaatschap
    "gesprekken_voorkeur",
    # public lists without a regio of their own
    "accounts_organisatie", "accounts_regio", "statuses_examenkandidaten", "statuses_opleiding", "statuses_postcode4",
    # a counter per receiver, over all its regio's: numbers only
    "vva_berichten_postbus", "vva_berichten_eindpunt",
    # of the framework
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations",
}  # fmt: skip
# A composite key here would need a second unique index on the largest table. What it would stop is small: a text has its own
# regio_id and policy, so only the regio that wrote it can read it, whatever it points at.
ZONDER_REGIO = {("statuses_toelichting", "statuses_gebeurtenis")}
APPEND_ONLY = {
    "accounts_logonderwerp",
    "accounts_logregel",
    "gesprekken_bericht",
    "gesprekken_gelezen",
    "statuses_gebeurtenis",
    "statuses_schoolcontact",
}

IN_BEREIK = (
    "(strpos(((','::text || current_setting('overstap.regios'::text, true)) || ','::text),"
    " ((','::text || (regio_id)::text) || ','::text)) > 0)"
)
# Of what is written: an array, made once per statement (docs/besluiten/0022).
ERIN = "((regio_id)::text = ANY (( SELECT string_to_array(current_setting('overstap.regios'::text, true), ','::text) AS string_to_array)::text[]))"
LEES, NIEUW, WIJZIG, WEG, ALLES = "SELECT", "INSERT", "UPDATE", "DELETE", "ALL"
BELEID = {
    "regio": {(ALLES, IN_BEREIK, ERIN)},
    "logboek": {(LEES, IN_BEREIK, None), (NIEUW, None, "true")},
    "referentie": {
        (LEES, "true", None),
        (NIEUW, None, ERIN),
        (WIJZIG, IN_BEREIK, ERIN),
        (WEG, IN_BEREIK, None),
    },
}


def vraag(sql: str, *waarden: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, waarden)
        return list(cursor.fetchall())


def tabellen() -> set[str]:
    rijen = vraag(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    )
    return {naam for (naam,) in rijen}


def test_elke_tabel_staat_in_precies_een_klasse() -> None:
    klassen = [REGIO, LOGBOEK, REFERENTIE, ZONDER]
    assert tabellen() == set().union(*klassen), "zet de nieuwe tabel in een van de lijsten hierboven"
    assert sum(len(klasse) for klasse in klassen) == len(set().union(*klassen))


def test_elke_tabel_met_regio_id_heeft_forced_row_level_security() -> None:
    met_regio = {
        naam
        for (naam,) in vraag(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name IN ('regio_id', 'regio') ORDER BY 1"
        )
    }
    assert met_regio == REGIO | LOGBOEK | REFERENTIE
    zonder = vraag(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relname = ANY(%s) AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)",
        sorted(met_regio),
    )
    assert zonder == []


@pytest.mark.parametrize(("soort", "klasse"), [("regio", REGIO), ("logboek", LOGBOEK), ("referentie", REFERENTIE)])
def test_elk_beleid_is_de_kale_kolomtest_van_zijn_klasse(soort: str, klasse: set[str]) -> None:
    for tabel in sorted(klasse):
        beleid = vraag(
            "SELECT cmd, qual, with_check, permissive, roles::text FROM pg_policies WHERE tablename = %s", tabel
        )
        assert {rij[:3] for rij in beleid} == BELEID[soort], tabel
        assert {rij[3:] for rij in beleid} == {("PERMISSIVE", "{public}")}, tabel


@pytest.mark.parametrize("rol", ["overstap_app", "overstap_taken"])
def test_de_rollen_van_de_app_kunnen_niet_over_de_muur_kijken(rol: str) -> None:
    kenmerken = vraag(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s",
        rol,
    )
    assert kenmerken == [(False, False, False, False, False)]
    lid_van = vraag(
        "SELECT r.rolname FROM pg_roles r WHERE r.rolname <> %s AND pg_has_role(%s, r.oid, 'MEMBER')", rol, rol
    )
    assert lid_van == []
    bezit = vraag("SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", rol)
    assert bezit == []


def test_geen_zijdeur_langs_een_view_of_een_functie_van_de_eigenaar() -> None:
    """A view, or a SECURITY DEFINER function, runs with the rights of its owner, who bypasses the walls."""
    views = vraag(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
    )
    functies = vraag(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND p.prosecdef"
    )
    assert (views, functies) == ([], [])


def test_verwijzingen_tussen_tabellen_van_een_regio_dragen_de_regio_mee() -> None:
    """A foreign key is checked past row level security: without regio_id in it a row could point across the wall."""
    sleutels = vraag(
        "SELECT c.conname, bron.relname, doel.relname,"
        " ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = c.conrelid AND attnum = ANY (c.conkey))"
        " FROM pg_constraint c JOIN pg_class bron ON bron.oid = c.conrelid JOIN pg_class doel ON doel.oid = c.confrelid"
        " WHERE c.contype = 'f' AND doel.relname = ANY(%s)",
        sorted(REGIO),
    )
    assert len(sleutels) > 5
    los = {(bron, doel) for _, bron, doel, kolommen in sleutels if "regio_id" not in kolommen}
    assert los == ZONDER_REGIO


def test_elke_verwijzing_zonder_sleutel_in_de_database_heeft_een_samengestelde() -> None:
    """``db_constraint=False`` is only allowed where SamengesteldeSleutel takes over."""
    zonder = []
    for model in apps.get_models():
        if model._meta.db_table not in REGIO:
            continue
        for veld in model._meta.concrete_fields:
            doel = veld.remote_field.model._meta.db_table if veld.remote_field else ""
            if doel in REGIO and not vraag(
                "SELECT 1 FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
                " WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND c.confrelid = %s::regclass AND a.attname = %s",
                model._meta.db_table,
                doel,
                veld.column,
            ):
                zonder.append(f"{model._meta.db_table}.{veld.column}")
    assert zonder == []


def test_het_tweede_net_staat_op_elk_model_met_rijen_van_een_regio() -> None:
    for model in apps.get_models():
        if model._meta.db_table in REGIO | LOGBOEK:
            assert isinstance(model._meta.default_manager, RegioManager), model._meta.label


def test_het_tweede_net_volgt_het_bereik_en_niet_een_eerdere_vraag(db: None) -> None:
    for regios in (["21"], ["22"], ["21", "22"], ["21"]):
        with bereik(regios):
            Gesprek.objects.filter(soort="vo_mbo").exclude(overstap__klas="4A").order_by("pk")
            tekst, waarden = Gesprek.objects.all().query.sql_with_params()
        assert list(waarden) == regios
        assert tekst.count("WHERE") == 1
    with pytest.raises(GeenBereik):
        Gesprek.objects.all()


@pytest.mark.parametrize("tabel", sorted(APPEND_ONLY))
@pytest.mark.parametrize("rol", ["overstap_app", "overstap_taken"])
def test_geschiedenis_is_alleen_om_aan_toe_te_voegen(tabel: str, rol: str) -> None:
    for recht, verwacht in (
        ("SELECT", True),
        ("INSERT", True),
        ("UPDATE", False),
        ("DELETE", False),
        ("TRUNCATE", False),
    ):
        assert vraag("SELECT has_table_privilege(%s, %s, %s)", rol, tabel, recht) == [(verwacht,)], recht


def _een_bericht(wereld: Wereld) -> None:
    """A conversation with one message that was read."""
    nu, overstap, van = klok.nu(), wereld.o("zonder"), {"regio_id": "21"}
    gesprek = Gesprek.objects.create(overstap=overstap, soort="vo_lp", laatste_op=nu, **van)
    school = wereld.organisaties["99AA"]
    Bericht.objects.create(gesprek=gesprek, nr=1, partij="vo", organisatie=school, op=nu, **van)
    Gelezen.objects.create(gesprek=gesprek, gebruiker_id=uuid4(), partij="leerplicht", tot=1, op=nu, **van)


@pytest.mark.parametrize("tabel", sorted(APPEND_ONLY))
def test_wie_het_toch_probeert_wordt_geweigerd(wereld: Wereld, tabel: str) -> None:
    with wereld.bereik("21"):
        record_schoolcontact(
            wereld.vestigingen["99AA00"].id, JAAR, "AJ1", "besproken", actor=wereld.actor(Rol.AANJAGER)
        )
        _een_bericht(wereld)
        assert vraag(f"SELECT count(*) > 0 FROM {tabel}") == [(True,)]
        for opdracht in (f"UPDATE {tabel} SET regio_id = regio_id", f"DELETE FROM {tabel}"):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as c,
            ):
                c.execute(opdracht)


def test_het_beleid_in_de_migraties_is_het_beleid_van_de_modellen() -> None:
    """Otherwise a model says one thing and the database does another."""
    for model in apps.get_models():
        soorten = {c.soort for c in model._meta.constraints if type(c).__name__ == "RegioBeleid"}  # type: ignore[attr-defined]
        if soorten:
            klasse = {"regio": REGIO, "logboek": LOGBOEK, "referentie": REFERENTIE}[soorten.pop()]
            assert model._meta.db_table in klasse, model._meta.label


@pytest.mark.parametrize("stand", ["", "2", "1", "121", "211", "2,1", "22,12", "2 1", ",", "%", "_1"])
def test_alleen_de_hele_code_in_de_instelling_geeft_regels(wereld: Wereld, stand: str) -> None:
    """A part of a code, two that touch, or a pattern: nobody comes in."""
    tellen = "SELECT count(*) FROM statuses_overstap WHERE regio_id = '21'"
    with transaction.atomic():
        vraag("SELECT set_config('overstap.regios', '22,21', true)")
        assert vraag(tellen)[0][0] > 0
    with transaction.atomic():
        vraag("SELECT set_config('overstap.regios', %s, true)", stand)
        assert vraag(tellen) == [(0,)]


@pytest.mark.parametrize("code", ["", "21x1", "2", "2,1", "2١", "21\n"])
def test_een_bereik_bestaat_uit_hele_codes(code: str) -> None:
    with pytest.raises(ValueError, match="twee cijfers"), bereik(["21", code]):
        pass
    with pytest.raises(IntegrityError, match="regio_code"), transaction.atomic():
        Regio.objects.create(code=code[-2:], naam="Geen regio")
