"""The wall between two regio's in one database: both nets, each of them alone, and the traps that go around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction
from django.test import Client

from accounts.models import LogRegel
from accounts.rechten import Rol
from overstap.basis.rls import GeenBereik, actieve_regios, bereik
from statuses.models import Aanmelding, Gebeurtenis, Leerling, NietVerwerkt, Overstap, Toelichting
from tests.architectuur.test_rls import LOGBOEK, REGIO
from tests.toegang.matrix import MATRIX
from tests.wereld import STAND, Wereld

MODELLEN = (Leerling, Overstap, Aanmelding, Gebeurtenis, Toelichting)


def kaal(sql: str, *waarden: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, waarden)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def instelling() -> str:
    return kaal("SELECT coalesce(current_setting('overstap.regios', true), '')")[0][0] or ""


class TestKaleSql:
    """The first net alone: SQL that knows nothing of Python's filters."""

    def test_zonder_bereik_is_elke_tabel_leeg(self, wereld: Wereld) -> None:
        for tabel in sorted(REGIO | LOGBOEK):
            assert kaal(f"SELECT count(*) FROM {tabel}") == [(0,)], tabel
        with wereld.bereik("21"):
            for model in MODELLEN:
                assert kaal(f"SELECT count(*) > 0 FROM {model._meta.db_table}") == [(True,)], model

    def test_met_bereik_bestaat_alleen_die_regio(self, wereld: Wereld) -> None:
        for regio in ("21", "22"):
            with wereld.bereik(regio):
                for tabel in sorted(REGIO | LOGBOEK):
                    assert kaal(f"SELECT DISTINCT regio_id FROM {tabel}") in ([], [(regio,)]), tabel
        with wereld.bereik("21", "22"):
            assert kaal("SELECT count(DISTINCT regio_id) FROM statuses_overstap") == [(2,)]

    @pytest.mark.parametrize("waarde", ["", ",", "2", "%", "*", "21'--", "{21}", "null", " 21"])
    def test_een_vreemde_instelling_geeft_niets(self, wereld: Wereld, waarde: str) -> None:
        with transaction.atomic():
            kaal("SELECT set_config('overstap.regios', %s, true)", waarde)
            assert kaal("SELECT count(*) FROM statuses_overstap") == [(0,)]

    def test_wijzigen_en_wissen_reiken_niet_over_de_muur(self, wereld: Wereld) -> None:
        vreemd = wereld.o("zonder", "22")
        with wereld.bereik("21"):
            assert kaal("UPDATE statuses_overstap SET klas = 'X' WHERE id = %s", vreemd.id) == 0
            assert kaal("DELETE FROM statuses_overstap WHERE id = %s", vreemd.id) == 0
            assert kaal("UPDATE statuses_overstap SET klas = 'X' WHERE id = %s", wereld.o("zonder").id) == 1
        assert wereld.o("zonder", "22").klas == vreemd.klas

    def test_een_rij_voor_een_andere_regio_wordt_geweigerd(self, wereld: Wereld) -> None:
        eigen = wereld.o("zonder")
        kopie = "INSERT INTO statuses_levering (id, regio_id, organisatie_id, soort, ontvangen_op, aantal) VALUES (gen_random_uuid(), %s, %s, 'x', now(), 1)"
        school = wereld.organisaties["99AA"].id
        with wereld.bereik("21"):
            assert kaal(kopie, "21", school) == 1
            for sql, waarden in (
                (kopie, ("22", school)),
                ("UPDATE statuses_overstap SET regio_id = '22' WHERE id = %s", (eigen.id,)),
                ("UPDATE accounts_vestiging SET naam = 'x', regio_id = '22' WHERE code = '99AA00'", ()),
            ):
                with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                    kaal(sql, *waarden)

    def test_het_logboek_neemt_van_ieder_maar_toont_alleen_de_eigen_regio(self, wereld: Wereld) -> None:
        client = wereld.client("decaan", "22")
        assert client.get("/beheer/logboek").status_code == 403
        with wereld.bereik("22"):
            assert kaal("SELECT count(*) FROM accounts_logregel WHERE handeling = 'logboek.zien'") == [(1,)]
        with wereld.bereik("21"):
            assert kaal("SELECT count(*) FROM accounts_logregel WHERE handeling = 'logboek.zien'") == [(0,)]


class TestSleutels:
    """A foreign key is checked past row level security: composite keys keep it within the regio."""

    @pytest.mark.parametrize(
        ("kolom", "naam"), [("leerling_id", "overstap_leerling_fk"), ("vestiging_id", "overstap_vestiging_fk")]
    )
    def test_een_overstap_wijst_niet_over_de_muur(self, wereld: Wereld, kolom: str, naam: str) -> None:
        eigen, vreemd = wereld.o("zonder"), wereld.o("zonder", "22")
        buur = wereld.overstap("99AA01")
        # Another jaar, so that it is not refused for being there twice.
        zet = f"UPDATE statuses_overstap SET {kolom} = %s, overstapjaar = 2024 WHERE id = %s"
        with wereld.bereik("21", "22"):
            assert kaal(zet, getattr(buur, kolom), eigen.id) == 1
            with pytest.raises(IntegrityError, match=naam), transaction.atomic():
                kaal(zet, getattr(vreemd, kolom), eigen.id)

    def test_een_aanmelding_en_een_bewaarde_rij_ook_niet(self, wereld: Wereld) -> None:
        vreemd = wereld.o("zonder", "22")
        with wereld.bereik("21", "22"):
            with pytest.raises(IntegrityError, match="aanmelding_overstap_fk"), transaction.atomic():
                kaal("UPDATE statuses_aanmelding SET overstap_id = %s WHERE id = %s", vreemd.id, wereld.a("intake").id)
            rij = NietVerwerkt(
                regio_id="21", overstap_id=vreemd.id, overstapjaar=2025, soort="leerling", sleutel="x", pgn_index=b"x",
                code="W303", inhoud=b"", ontvangen_op=vreemd.gewijzigd_op,
            )  # fmt: skip
            with pytest.raises(IntegrityError, match="niet_verwerkt_overstap_fk"), transaction.atomic():
                rij.save()


class TestPythonAlleen:
    """The second net alone: as the owner, for whom row level security does not exist."""

    @pytest.fixture
    def als_eigenaar(self, transactional_db: None) -> Iterator[None]:
        gewoon, eigenaar = connections["default"], connections["eigenaar"].settings_dict
        bewaard = dict(gewoon.settings_dict)
        gewoon.close()
        gewoon.settings_dict.update({naam: eigenaar[naam] for naam in ("USER", "PASSWORD")})
        yield
        gewoon.close()
        gewoon.settings_dict.update(bewaard)

    def test_lijst_object_en_pagina_houden_de_muur(self, als_eigenaar: None, wereld: Wereld) -> None:
        assert kaal("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user") == [(True,)]
        with wereld.bereik("21"):
            assert set(Overstap._base_manager.values_list("regio_id", flat=True)) == {"21", "22"}
            for model in MODELLEN:
                assert set(model._default_manager.values_list("regio_id", flat=True)) == {"21"}, model
            for rol in Rol:
                zichtbaar = Overstap.objects.zichtbaar_voor(wereld.actor(rol))
                assert set(zichtbaar.values_list("regio_id", flat=True)) <= {"21"}, rol
        eigen, vreemd = wereld.o("aangemeld"), wereld.o("aangemeld", "22")
        for rol in (Rol.DECAAN, Rol.MBO_MEDEWERKER, Rol.LEERPLICHT, Rol.AANJAGER):
            client = wereld.client(rol)
            assert client.get(f"/leerlingen/{eigen.id}").status_code == 200, rol
            assert client.get(f"/leerlingen/{vreemd.id}").status_code == 404, rol


class TestPythonNet:
    def test_zonder_bereik_een_fout_en_geen_lege_lijst(self, wereld: Wereld) -> None:
        for model in (*MODELLEN, LogRegel):
            with pytest.raises(GeenBereik):
                model._default_manager.count()

    def test_en_de_database_houdt_de_muur_als_het_net_er_niet_is(self, wereld: Wereld) -> None:
        with wereld.bereik("21"):
            for model in MODELLEN:
                assert set(model._base_manager.values_list("regio_id", flat=True)) == {"21"}, model
            assert not Overstap._base_manager.filter(pk=wereld.overstappen["22"]["zonder"]).exists()


class TestBereik:
    def test_genest_en_terug(self, wereld: Wereld) -> None:
        with bereik(["21"]):
            with bereik(["22"]):
                assert (instelling(), set(actieve_regios())) == ("22", {"22"})
            assert (instelling(), set(actieve_regios())) == ("21", {"21"})
            with transaction.atomic():
                kaal("SELECT 1")
            assert instelling() == "21"

    def test_een_fout_binnenin_zet_het_ook_terug(self, wereld: Wereld) -> None:
        with bereik(["21"]):
            with pytest.raises(RuntimeError), bereik(["22"]):
                raise RuntimeError
            assert (instelling(), set(actieve_regios())) == ("21", {"21"})
            with pytest.raises(DatabaseError), bereik(["22"]):
                kaal("SELECT 1/0")
            assert instelling() == "21"
            assert Overstap.objects.filter(regio_id="21").exists()

    @pytest.mark.django_db(transaction=True)
    def test_op_een_gedeelde_verbinding_blijft_niets_hangen(self) -> None:
        """A pool of one: whoever comes next gets the same connection, whatever happened on it before."""
        gewoon = connections["default"]
        bewaard = dict(gewoon.settings_dict["OPTIONS"])
        gewoon.close()
        gewoon.settings_dict["OPTIONS"] = bewaard | {"pool": {"min_size": 1, "max_size": 1, "timeout": 5}}
        try:
            processen = set()
            for ronde in range(6):
                regio = ("21", "22")[ronde % 2]
                try:
                    with bereik([regio]):
                        assert instelling() == regio
                        processen.add(kaal("SELECT pg_backend_pid()")[0][0])
                        if ronde % 3 == 1:
                            kaal("SELECT 1/0")
                        if ronde % 3 == 2:
                            raise RuntimeError
                except (DatabaseError, RuntimeError):
                    pass
                gewoon.close()  # back into the pool
                assert instelling() == ""
                assert kaal("SELECT count(*) FROM accounts_logregel WHERE regio_id IS NOT NULL") == [(0,)]
                gewoon.close()
            assert len(processen) == 1
        finally:
            gewoon.close()
            gewoon.close_pool()
            gewoon.settings_dict["OPTIONS"] = bewaard


@pytest.mark.urls("tests.toegang.urls_voor_proef")
class TestVerzoek:
    """The traps of the middleware: each is what a careless view would do."""

    def test_een_view_ziet_zijn_regio_ook_zonder_eigen_transactie(self, wereld: Wereld) -> None:
        client = wereld.client("decaan")
        for pad in ("regels", "niet_atomair", "in_template"):
            assert client.get(f"/proef/{pad}").content == str(len(STAND)).encode(), pad
        assert wereld.client("mbo_medewerker", "99MB").get("/proef/regels").content == str(2 * len(STAND)).encode()

    def test_een_vergeten_filter_ziet_alleen_de_eigen_regio(self, wereld: Wereld) -> None:
        assert wereld.client("decaan").get("/proef/vergeten_filter").content == b"21"
        assert wereld.client("decaan", "22").get("/proef/vergeten_filter").content == b"22"

    def test_na_een_fout_is_niets_geschreven(self, wereld: Wereld) -> None:
        client = wereld.client("decaan", raise_request_exception=False)
        assert client.get("/proef/schrijft_en_valt").status_code == 500
        assert wereld.o("zonder").klas == "4A"

    def test_een_weigering_staat_in_het_logboek_al_is_de_view_teruggedraaid(self, wereld: Wereld) -> None:
        assert wereld.client("decaan").get("/proef/weigert_na_schrijven").status_code == 403
        assert wereld.o("zonder").klas == "4A"
        with wereld.bereik("21"):
            assert LogRegel.objects.filter(uitkomst="geweigerd", handeling="logboek.zien").count() == 1

    def test_een_stroom_na_het_antwoord_ziet_niets(self, wereld: Wereld) -> None:
        antwoord = wereld.client("decaan").get("/proef/stroomt")
        assert b"".join(antwoord.streaming_content) == b"kaal 0 GeenBereik"

    def test_een_nieuwe_pagina_is_dicht_tot_iemand_inlogt(self, wereld: Wereld) -> None:
        assert Client().get("/proef/regels").url.startswith("/inloggen")


class TestTweedeRegio:
    """What a visitor of regio 22 can open shows nothing of regio 21."""

    def test_geen_pagina_van_geen_rol_toont_iets_van_de_andere_regio(self, wereld: Wereld) -> None:
        wereld.overstap("99AA00", achternaam="Muurbloem", gemeente="0363", klas="4M")
        merken = ("Muurbloem", "Kompas College", "99AA00", "99AA01", *map(str, wereld.overstappen["21"].values()))
        paginas = [
            r
            for r, rijen in MATRIX.items()
            if "<" not in r and any(x.soort == "pagina" and x.methode == "GET" for x in rijen)
        ]
        assert len(paginas) > 8
        assert "Muurbloem" in wereld.client("decaan").get("/leerlingen").content.decode()
        gelezen = 0
        for rol in Rol:
            if rol in (Rol.MBO_MEDEWERKER, Rol.MBO_MANAGER):
                continue  # the mbo of regio 22 also takes part in 21
            client = wereld.client(rol, "22")
            for pad in paginas:
                antwoord = client.get(f"/{pad}")
                gelezen += antwoord.status_code == 200
                inhoud = antwoord.content.decode()
                assert [merk for merk in merken if merk in inhoud] == [], (rol, pad)
        assert gelezen > 20

    def test_een_mbo_in_beide_regios_ziet_alleen_de_eigen_aanmeldingen(self, wereld: Wereld) -> None:
        bij_ons = wereld.aanmelding(wereld.overstap("99AA00", achternaam="Muurbloem"), "99MB")
        inhoud = wereld.client("mbo_medewerker", "99MB").get("/leerlingen").content.decode()
        assert "Muurbloem" in inhoud
        client = wereld.client("mbo_medewerker", "99MB")
        assert client.get(f"/leerlingen/{bij_ons.overstap_id}").status_code == 200
        for elders in (wereld.o("aangemeld"), wereld.o("zonder"), wereld.o("zonder", "22")):
            assert client.get(f"/leerlingen/{elders.id}").status_code == 404
