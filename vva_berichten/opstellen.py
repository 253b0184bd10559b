"""Make messages: envelope and body, encrypted and bound to their row. Only this module and ``inkomend`` make a Bericht."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import date
from typing import Any

import msgspec
from django.conf import settings

from accounts.models import Organisatie
from overstap.basis import geheim, klok
from overstap.basis.sleutels import nieuwe_sleutel
from statuses.models import Leerling
from statuses.termijnen import jaar_uit_naam, studiejaar_instroom
from vva_berichten.contract.aanmeldstatus import Aanmeldstatus, AanmeldstatusBericht, AanmeldstatusCode
from vva_berichten.contract.basis import CONTRACT_VERSIE, Pgn, pgn_van
from vva_berichten.contract.potentiele_mbo_ganger import MboGangerBericht, PotentieleMboGanger
from vva_berichten.contract.signalen import Kop, Levering, Signaal, SignaalBericht, Signalen
from vva_berichten.models import Bericht, Richting, Soort
from vva_berichten.oin import oin_van, oin_van_regio

_codeer = msgspec.json.Encoder()
_ontcijfer: dict[Soort, msgspec.json.Decoder[Any]] = {
    Soort.MBO_GANGER: msgspec.json.Decoder(MboGangerBericht),
    Soort.AANMELDSTATUS: msgspec.json.Decoder(AanmeldstatusBericht),
    Soort.SIGNAAL: msgspec.json.Decoder(SignaalBericht),
}


def merk(*delen: object) -> bytes:
    """A keyed hash over what a message is about or says: compares without being readable."""
    tekst = "\x1f".join(map(str, delen))
    return hmac.digest(settings.OVERSTAP_PGN_INDEX_SLEUTEL, f"vva:{tekst}".encode(), hashlib.sha256)


def sleutel_mbo_ganger(pgn: Pgn, brin: str, studiejaar: str) -> bytes:
    return merk("mbo-ganger", pgn.soort, pgn.nummer, brin, studiejaar)


def sleutel_aanmeldstatus(mbo: str, aanmeld_id: str, studiejaar: str) -> bytes:
    return merk("aanmeldstatus", mbo, aanmeld_id, studiejaar)


def overstapjaar_van(studiejaar: str) -> int:
    """The overstapjaar before the year of entry; raises ValueError for years that do not follow each other."""
    return jaar_uit_naam(studiejaar) - 1


def oin(organisatie: Organisatie) -> str:
    return oin_van(organisatie.soort, organisatie.code, organisatie.oin)


def pgn_van_leerling(leerling: Leerling) -> Pgn:
    nummer = geheim.ontsleutel(leerling.pgn_versleuteld, leerling.id).decode()
    return pgn_van(leerling.pgn_soort, nummer)


def lees(bericht: Bericht) -> Any:
    """The message as its contract type."""
    return _ontcijfer[Soort(bericht.soort)].decode(geheim.ontsleutel(bericht.inhoud, bericht.id))


def ruw(bericht: Bericht) -> bytes:
    """The message as JSON, as it was stored."""
    return geheim.ontsleutel(bericht.inhoud, bericht.id)


def codeer(inhoud: Any) -> bytes:
    return _codeer.encode(inhoud)


def _envelop(soort: Soort, van: str, aan: str, namens: str | None = None) -> dict[str, Any]:
    velden: dict[str, Any] = {
        "bericht_id": nieuwe_sleutel(),
        "bericht_type": soort.value,
        "contract_versie": CONTRACT_VERSIE,
        "verzendende_instantie": van,
        "ontvangende_instantie": aan,
        "datum_tijd": klok.nu(),
    }
    return velden | ({"namens": namens} if namens else {})


def mbo_ganger(
    *, school: Organisatie, vestiging: str, gemeente: Organisatie, regio: str, overstapjaar: int, pgn: Pgn,
    waar: bool, dag: date, volgnummer: int, codes: list[str],
) -> Bericht:  # fmt: skip
    """Bericht 1 to a gemeente; ``regio`` is the gemeente's."""
    body = PotentieleMboGanger(
        pgn=pgn,
        brin=school.code,
        vestiging=vestiging or msgspec.UNSET,
        is_potentiele_mbo_ganger=waar,
        studiejaar_instroom=studiejaar_instroom(overstapjaar),
        gemeentecode=gemeente.code,
        wijzigingsdatum=dag,
        volgnummer=volgnummer,
    )
    bericht = MboGangerBericht(**_envelop(Soort.MBO_GANGER, oin(school), oin(gemeente)), potentiele_mbo_ganger=body)
    sleutel = sleutel_mbo_ganger(pgn, school.code, body.studiejaar_instroom)
    return _rij(
        bericht, Soort.MBO_GANGER, regio=regio, overstapjaar=overstapjaar, sleutel=sleutel, volgnummer=volgnummer,
        verzender=school, ontvanger=gemeente, inhoud_hash=merk(codeer(body)), codes=codes,
    )  # fmt: skip


def aanmeldstatus(
    *, mbo_code: str, mbo: Organisatie | None, ontvanger: Organisatie, regio: str, overstapjaar: int, pgn: Pgn, aanmeld_id: str,
    status: AanmeldstatusCode, status_datum: date, aanmeld_datum: date | None, volgnummer: int, vo_school: str | None,
) -> Bericht:  # fmt: skip
    """Bericht 2 to one receiver: with ``vo_school`` towards vo, else with the gemeentecode of the receiver."""
    studiejaar = studiejaar_instroom(overstapjaar)
    body = Aanmeldstatus(
        pgn=pgn,
        mbo_instelling=mbo_code,
        vo_school=vo_school or msgspec.UNSET,
        gemeentecode=msgspec.UNSET if vo_school else ontvanger.code,
        aanmeld_id=aanmeld_id,
        status=status.value,
        status_datum=status_datum,
        aanmeld_datum=aanmeld_datum or msgspec.UNSET,
        volgnummer=volgnummer,
        studiejaar_instroom=studiejaar,
    )
    van = oin(mbo) if mbo else oin_van("mbo", mbo_code)
    bericht = AanmeldstatusBericht(**_envelop(Soort.AANMELDSTATUS, van, oin(ontvanger)), aanmeldstatus=body)
    return _rij(
        bericht, Soort.AANMELDSTATUS, regio=regio, overstapjaar=overstapjaar,
        sleutel=sleutel_aanmeldstatus(mbo_code, aanmeld_id, studiejaar), volgnummer=volgnummer,
        verzender=mbo, ontvanger=ontvanger, inhoud_hash=merk(codeer(body)), codes=[],
    )  # fmt: skip


def signaal(*, gemeente: Organisatie, regio: str, overstapjaar: int, volgnummer: int, regel: Signaal) -> Bericht:
    """One realtime signal after a bulk; the facility itself is the sender."""
    kop = Kop(
        gemeentecode=gemeente.code,
        levering=Levering.REALTIME,
        peildatum=regel.peildatum,
        volgnummer=volgnummer,
        aantal=1,
        pagina=1,
        paginas=1,
    )
    bericht = SignaalBericht(
        **_envelop(Soort.SIGNAAL, oin_van_regio(regio), oin(gemeente)), signalen=Signalen(kop=kop, signalen=[regel])
    )
    return _rij(
        bericht, Soort.SIGNAAL, regio=regio, overstapjaar=overstapjaar, sleutel=merk("signaal", gemeente.code, overstapjaar),
        volgnummer=volgnummer, verzender=None, ontvanger=gemeente, inhoud_hash=merk(codeer(regel)), codes=[],
    )  # fmt: skip


def bulkpagina(
    *, bericht_id: uuid.UUID, regio: str, gemeente_oin: str, moment: Any, kop: Kop, regels: list[Signaal]
) -> bytes:
    """One page of a bulk, rendered: the same bytes whenever it is fetched (berichtId and datumTijd are kept)."""
    envelop = _envelop(Soort.SIGNAAL, oin_van_regio(regio), gemeente_oin)
    envelop |= {"bericht_id": bericht_id, "datum_tijd": moment}
    return codeer(SignaalBericht(**envelop, signalen=Signalen(kop=kop, signalen=regels)))


def _rij(
    bericht: Any, soort: Soort, *, regio: str, overstapjaar: int, sleutel: bytes, volgnummer: int,
    verzender: Organisatie | None, ontvanger: Organisatie, inhoud_hash: bytes, codes: list[str],
) -> Bericht:  # fmt: skip
    pk = nieuwe_sleutel()
    return Bericht(
        id=pk,
        regio_id=regio,
        bericht_id=bericht.bericht_id,
        richting=Richting.UIT,
        soort=soort,
        overstapjaar=overstapjaar,
        sleutel=sleutel,
        volgnummer=volgnummer,
        verzender=verzender,
        ontvanger=ontvanger,
        inhoud=geheim.versleutel(codeer(bericht), pk),
        inhoud_hash=inhoud_hash,
        codes=" ".join(sorted(codes)),
        gemaakt_op=klok.nu(),
    )
