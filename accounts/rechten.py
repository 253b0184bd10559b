"""What each role may do: data only, readable without a database. Bron: domein.md 1."""

from __future__ import annotations

from enum import StrEnum


class Rol(StrEnum):
    """The nine roles of a person; an API client acts as one of them (see ``ROL_VAN_SYSTEEM``)."""

    DECAAN = "decaan"
    MANAGER_VO = "manager_vo"
    MBO_MEDEWERKER = "mbo_medewerker"
    MBO_MANAGER = "mbo_manager"
    LEERPLICHT = "leerplicht"
    AANJAGER = "aanjager"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    FUNCTIONEEL_BEHEERDER = "functioneel_beheerder"
    BEHEERORGANISATIE = "beheerorganisatie"


ROL_LABELS: dict[Rol, str] = {
    Rol.DECAAN: "decaan",
    Rol.MANAGER_VO: "manager vo",
    Rol.MBO_MEDEWERKER: "mbo-medewerker",
    Rol.MBO_MANAGER: "mbo-manager",
    Rol.LEERPLICHT: "leerplicht/RMC",
    Rol.AANJAGER: "aanjager vo",
    Rol.SAMENWERKINGSVERBAND: "samenwerkingsverband",
    Rol.FUNCTIONEEL_BEHEERDER: "functioneel beheerder",
    Rol.BEHEERORGANISATIE: "beheerorganisatie",
}


class Soort(StrEnum):
    """The kinds of organisatie; code + soort is the key (an AOC is vo and mbo under one BRIN)."""

    VO = "vo"
    MBO = "mbo"
    GEMEENTE = "gemeente"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    BEHEERORGANISATIE = "beheerorganisatie"


# In which kind of organisatie a role can be held. Leerplicht at RMC21 is the RMC-functie: the whole regio.
SOORTEN_VAN_ROL: dict[Rol, frozenset[Soort]] = {
    Rol.DECAAN: frozenset({Soort.VO}),
    Rol.MANAGER_VO: frozenset({Soort.VO}),
    Rol.MBO_MEDEWERKER: frozenset({Soort.MBO}),
    Rol.MBO_MANAGER: frozenset({Soort.MBO}),
    Rol.LEERPLICHT: frozenset({Soort.GEMEENTE, Soort.BEHEERORGANISATIE}),
    Rol.AANJAGER: frozenset({Soort.BEHEERORGANISATIE, Soort.SAMENWERKINGSVERBAND}),
    Rol.SAMENWERKINGSVERBAND: frozenset({Soort.SAMENWERKINGSVERBAND}),
    Rol.FUNCTIONEEL_BEHEERDER: frozenset(Soort),
    Rol.BEHEERORGANISATIE: frozenset({Soort.BEHEERORGANISATIE}),
}

# The kinds that ``maak_systeem --soort`` takes, and the role such a client acts in.
ROL_VAN_SYSTEEM: dict[str, Rol] = {
    "vo": Rol.DECAAN,
    "mbo": Rol.MBO_MEDEWERKER,
    "gemeente": Rol.LEERPLICHT,
    "rmc": Rol.LEERPLICHT,
    "samenwerkingsverband": Rol.SAMENWERKINGSVERBAND,
    "beheerorganisatie": Rol.BEHEERORGANISATIE,
}


class Recht(StrEnum):
    """Everything that a view or an API action can ask for. An unknown name raises; what is not given is refused."""

    VANDAAG_ZIEN = "vandaag.zien"
    LEERLINGEN_ZIEN = "leerlingen.zien"
    GEDEELDE_ZIEN = "leerlingen.gedeeld"
    LEERLINGEN_AANLEVEREN = "leerlingen.aanleveren"
    MARKEREN = "markering.wijzigen"
    VERVOLGKEUZE_WIJZIGEN = "vervolgkeuze.wijzigen"
    LEERPLICHT_INSCHAKELEN = "leerplicht.inschakelen"
    LEERPLICHT_BEHANDELEN = "leerplicht.behandelen"
    AANMELDING_WIJZIGEN = "aanmelding.wijzigen"
    AANMELDINGEN_AANLEVEREN = "aanmeldingen.aanleveren"
    PGN_ZIEN = "pgn.zien"
    SCHOLEN_ZIEN = "scholen.zien"
    EXPORTEREN = "export.maken"
    RAPPORTAGES_ZIEN = "rapportages.zien"
    VVA_ZIEN = "vva.zien"
    VVA_OPHALEN = "vva.ophalen"
    VVA_AFSTEMMEN = "vva.afstemmen"
    VVA_MELDEN = "vva.melden"  # confirm what waits to be reported, where a school wants that
    VVA_SCHOLEN_ZIEN = "vva.scholen"  # per school how far the reporting is: figures
    LOGBOEK_ZIEN = "logboek.zien"
    BEHEREN = "beheer.regio"
    ACCOUNTS_BEHEREN = "beheer.accounts"
    AFSPRAKEN_WIJZIGEN = "afspraken.wijzigen"
    GESPREKKEN_VOEREN = "gesprekken.voeren"
    CONTACTEN_ZIEN = "contacten.zien"
    CONTACTEN_BEHEREN = "contacten.beheren"  # of the own organisatie; the beheerorganisatie of every one in its regio
    MELDINGEN_ZIEN = "meldingen.zien"  # the own ones, and what was passed on to the own organisatie
    MELDEN = "melding.maken"
    MELDINGEN_BEANTWOORDEN = "melding.beantwoorden"
    SYSTEMEN_ZIEN = (
        "systemen.zien"  # of the own organisatie, with mandaten and keys; the beheerorganisatie of its regio
    )
    MANDAAT_GEVEN = "mandaat.geven"  # of the own organisatie, where its kind has services to give (DIENSTEN)


_R = Recht
_IEDEREEN = frozenset({_R.VANDAAG_ZIEN, _R.CONTACTEN_ZIEN, _R.MELDINGEN_ZIEN})
_EIGEN = {_R.CONTACTEN_BEHEREN, _R.MELDEN}

RECHTEN: dict[Rol, frozenset[Recht]] = {
    Rol.DECAAN: _IEDEREEN
    | _EIGEN
    | {
        _R.MELDINGEN_BEANTWOORDEN,
        _R.LEERLINGEN_ZIEN,
        _R.LEERLINGEN_AANLEVEREN,
        _R.MARKEREN,
        _R.VERVOLGKEUZE_WIJZIGEN,
        _R.LEERPLICHT_INSCHAKELEN,
        _R.PGN_ZIEN,
        _R.EXPORTEREN,
        _R.RAPPORTAGES_ZIEN,
        _R.VVA_ZIEN,
        _R.VVA_OPHALEN,
        _R.VVA_AFSTEMMEN,
        _R.VVA_MELDEN,
        _R.GESPREKKEN_VOEREN,
    },
    Rol.MANAGER_VO: _IEDEREEN
    | _EIGEN
    | {
        _R.LEERLINGEN_ZIEN,
        _R.MARKEREN,
        _R.EXPORTEREN,
        _R.RAPPORTAGES_ZIEN,
        _R.SCHOLEN_ZIEN,
        _R.VVA_SCHOLEN_ZIEN,
    },
    Rol.MBO_MEDEWERKER: _IEDEREEN
    | _EIGEN
    | {
        _R.MELDINGEN_BEANTWOORDEN,
        _R.LEERLINGEN_ZIEN,
        _R.AANMELDING_WIJZIGEN,
        _R.AANMELDINGEN_AANLEVEREN,
        _R.VVA_AFSTEMMEN,
        _R.EXPORTEREN,
        _R.RAPPORTAGES_ZIEN,
        _R.GESPREKKEN_VOEREN,
    },
    Rol.MBO_MANAGER: _IEDEREEN
    | _EIGEN
    | {_R.LEERLINGEN_ZIEN, _R.EXPORTEREN, _R.RAPPORTAGES_ZIEN, _R.AFSPRAKEN_WIJZIGEN},
    Rol.LEERPLICHT: _IEDEREEN
    | _EIGEN
    | {
        _R.MELDINGEN_BEANTWOORDEN,
        _R.LEERLINGEN_ZIEN,
        _R.LEERPLICHT_BEHANDELEN,
        _R.EXPORTEREN,
        _R.RAPPORTAGES_ZIEN,
        _R.VVA_ZIEN,
        _R.VVA_OPHALEN,
        _R.GESPREKKEN_VOEREN,
    },
    Rol.AANJAGER: _IEDEREEN
    | {
        _R.MELDEN,
        _R.LEERLINGEN_ZIEN,
        _R.SCHOLEN_ZIEN,
        _R.EXPORTEREN,
        _R.RAPPORTAGES_ZIEN,
        _R.VVA_SCHOLEN_ZIEN,
    },
    Rol.SAMENWERKINGSVERBAND: _IEDEREEN | _EIGEN | {_R.RAPPORTAGES_ZIEN, _R.GEDEELDE_ZIEN},
    Rol.FUNCTIONEEL_BEHEERDER: _IEDEREEN | _EIGEN | {_R.ACCOUNTS_BEHEREN, _R.SYSTEMEN_ZIEN, _R.MANDAAT_GEVEN},
    Rol.BEHEERORGANISATIE: _IEDEREEN
    | {
        _R.BEHEREN,
        _R.ACCOUNTS_BEHEREN,
        _R.LOGBOEK_ZIEN,
        _R.RAPPORTAGES_ZIEN,
        _R.EXPORTEREN,
        _R.VVA_ZIEN,
        _R.VVA_AFSTEMMEN,
        _R.VVA_SCHOLEN_ZIEN,
        _R.CONTACTEN_BEHEREN,
        _R.MELDINGEN_BEANTWOORDEN,
        _R.SYSTEMEN_ZIEN,
    },
}


class Scope(StrEnum):
    """What an API client may be allowed to call (raakvlakken.md, vva.md)."""

    LEERLINGEN_SCHRIJVEN = "leerlingen:schrijven"
    AANMELDINGEN_SCHRIJVEN = "aanmeldingen:schrijven"
    OVERSTAPPEN_LEZEN = "overstappen:lezen"
    GEBEURTENISSEN_SCHRIJVEN = "gebeurtenissen:schrijven"
    RAPPORTAGES_LEZEN = "rapportages:lezen"
    VVA_MBO_GANGERS = "vva.mbo-gangers:schrijven"
    VVA_AANMELDSTATUSSEN = "vva.aanmeldstatussen:schrijven"
    VVA_POSTBUS = "vva.postbus:lezen"


SCOPE_LABELS: dict[Scope, str] = {
    Scope.LEERLINGEN_SCHRIJVEN: "leerlingen aanleveren (LAS)",
    Scope.AANMELDINGEN_SCHRIJVEN: "aanmeldingen aanleveren (SIS)",
    Scope.OVERSTAPPEN_LEZEN: "overstappen lezen",
    Scope.GEBEURTENISSEN_SCHRIJVEN: "statussen wijzigen",
    Scope.RAPPORTAGES_LEZEN: "cijfers en exports",
    Scope.VVA_MBO_GANGERS: "VVA: potentiële mbo-gangers melden",
    Scope.VVA_AANMELDSTATUSSEN: "VVA: aanmeldstatussen melden",
    Scope.VVA_POSTBUS: "VVA: postbus lezen",
}

# The services in which a system can act for another organisatie, per kind of who gives the mandaat. The other calls are of
# the system's own organisatie only: no mandaat opens them.
DIENSTEN: dict[Soort, tuple[Scope, ...]] = {
    Soort.VO: (Scope.LEERLINGEN_SCHRIJVEN, Scope.VVA_MBO_GANGERS),
    Soort.MBO: (Scope.AANMELDINGEN_SCHRIJVEN, Scope.VVA_AANMELDSTATUSSEN),
}
