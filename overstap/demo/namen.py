"""Names for synthetic leerlingen: what Dutch classes sound like. No name here belongs to a person that we know of."""

from __future__ import annotations

from random import Random
from typing import Final

# Per background: share, first names, last names as (tussenvoegsel, achternaam).
_NL_VOOR: Final = ["Noor", "Emma", "Julia", "Sanne", "Lotte", "Fleur", "Eva", "Tess", "Sara", "Lieke", "Isa", "Fenna", "Roos", "Anouk", "Maud", "Femke", "Jasmijn", "Iris", "Merel", "Floor", "Bente", "Lynn", "Amber", "Nina", "Daan", "Sem", "Lars", "Bram", "Thijs", "Jesse", "Ruben", "Tim", "Luuk", "Finn", "Sven", "Mees", "Jens", "Niels", "Stijn", "Koen", "Max", "Milan", "Gijs", "Joris", "Teun", "Pim", "Rik", "Boaz", "Tygo", "Siem"]  # fmt: skip
_NL_ACHTER: Final = ["Jansen", "de Vries", "Bakker", "Visser", "de Boer", "Smit", "de Wit", "Mulder", "Meijer", "van Dijk", "van den Berg", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "Dijkstra", "Schipper", "van der Meer", "Koning", "Prins", "Blom", "Huisman", "van Vliet", "Kuiper", "Post", "Veenstra", "de Haan", "van 't Hof", "Groen", "Zwart", "Kok", "Schouten", "van der Linden", "Molenaar", "Tol", "Schilder", "Kroon", "Zijlstra", "Hoekstra", "ter Horst", "op den Berg", "Timmer", "van der Laan", "de Graaf", "Hartog", "Stam", "Boon"]  # fmt: skip
_TR_VOOR: Final = [
    "Elif",
    "Zeynep",
    "Esma",
    "Defne",
    "Azra",
    "Ecrin",
    "Selin",
    "Melek",
    "Yağmur",
    "Büşra",
    "Emre",
    "Kerem",
    "Yusuf",
    "Mert",
    "Berat",
    "Enes",
    "Deniz",
    "Can",
    "Burak",
    "Ömer",
]
_TR_ACHTER: Final = [
    "Yılmaz",
    "Kaya",
    "Demir",
    "Çelik",
    "Şahin",
    "Yıldız",
    "Öztürk",
    "Aydın",
    "Arslan",
    "Doğan",
    "Koç",
    "Polat",
    "Güneş",
    "Aksoy",
]
_MA_VOOR: Final = [
    "Salma",
    "Yasmine",
    "Imane",
    "Nour",
    "Hajar",
    "Aya",
    "Sofia",
    "Douae",
    "Ilyas",
    "Mohamed",
    "Bilal",
    "Ayoub",
    "Anas",
    "Hamza",
    "Zakaria",
    "Amin",
    "Reda",
    "Younes",
]
_MA_ACHTER: Final = [
    "El Idrissi",
    "Bouali",
    "Amrani",
    "Benali",
    "El Khatib",
    "Ouali",
    "Chaouki",
    "Azzouzi",
    "Tahiri",
    "El Bakkali",
    "Haddad",
    "Lamrani",
    "Ait Said",
]
_SR_VOOR: Final = [
    "Shanaya",
    "Naomi",
    "Priya",
    "Djenna",
    "Kiana",
    "Rishika",
    "Romy",
    "Xavier",
    "Jairo",
    "Ravish",
    "Dion",
    "Jaden",
    "Gianni",
    "Anil",
    "Rowan",
    "Chayenne",
]
_SR_ACHTER: Final = [
    "Ramdin",
    "Pinas",
    "Kartosen",
    "Bhagwandin",
    "Sewnath",
    "Doelwijt",
    "Vreden",
    "Jabini",
    "Mohan",
    "Wijngaarde",
    "Sital",
    "Landveld",
    "Amatredjo",
]
_PL_VOOR: Final = [
    "Zuzanna",
    "Maja",
    "Oliwia",
    "Hanna",
    "Natalia",
    "Wiktoria",
    "Jakub",
    "Kacper",
    "Filip",
    "Szymon",
    "Oskar",
    "Mateusz",
    "Antoni",
    "Michał",
]
_PL_ACHTER: Final = [
    "Kowalski",
    "Nowak",
    "Wiśniewski",
    "Wójcik",
    "Kamiński",
    "Lewandowski",
    "Zieliński",
    "Szymański",
    "Woźniak",
    "Dąbrowski",
    "Kozłowski",
]
_OV_VOOR: Final = [
    "Ama",
    "Kofi",
    "Abena",
    "Kwame",
    "Sami",
    "Lina",
    "Rania",
    "Yara",
    "Omar",
    "Diana",
    "Bohdan",
    "Oksana",
    "Ling",
    "Wei",
    "Aïcha",
    "Fatou",
    "Thuy",
    "Minh",
    "Mateo",
    "Lucia",
]
_OV_ACHTER: Final = [
    "Mensah",
    "Owusu",
    "Boateng",
    "Haile",
    "Tesfay",
    "Al Hassan",
    "Khalil",
    "Shevchenko",
    "Bondar",
    "Chen",
    "Nguyen",
    "Diallo",
    "Pereira",
    "dos Santos",
    "García",
]
_GROEPEN: Final = (
    (0.56, _NL_VOOR, _NL_ACHTER),
    (0.11, _TR_VOOR, _TR_ACHTER),
    (0.13, _MA_VOOR, _MA_ACHTER),
    (0.10, _SR_VOOR, _SR_ACHTER),
    (0.05, _PL_VOOR, _PL_ACHTER),
    (0.05, _OV_VOOR, _OV_ACHTER),
)
_TUSSENVOEGSELS: Final = ("van der", "van den", "van 't", "op den", "van", "de", "den", "ter", "ten")


def _splits(achternaam: str) -> tuple[str, str]:
    for voor in _TUSSENVOEGSELS:
        if achternaam.startswith(f"{voor} "):
            return voor, achternaam[len(voor) + 1 :]
    return "", achternaam


# The shares added up, so that one draw picks a group.
_GESPLITST: Final = tuple(
    (sum(g[0] for g in _GROEPEN[: i + 1]), voor, tuple(_splits(a) for a in achter))
    for i, (_, voor, achter) in enumerate(_GROEPEN)
)


def trek_naam(rng: Random) -> tuple[str, str, str]:
    """(voornaam, tussenvoegsel, achternaam); sometimes a double last name, so that names differ."""
    lot = rng.random()
    _, voor, achter = next((g for g in _GESPLITST if lot < g[0]), _GESPLITST[0])
    tussen, achternaam = achter[int(rng.random() * len(achter))]
    if rng.random() < 0.08:
        achternaam = f"{achternaam}-{_NL_DUBBEL[int(rng.random() * len(_NL_DUBBEL))]}"
    return voor[int(rng.random() * len(voor))], tussen, achternaam


_NL_DUBBEL: Final = tuple(a for a in _NL_ACHTER if " " not in a)


def trek_persoonsnaam(rng: Random) -> str:
    """A full name in one string, for an account or a contact."""
    return " ".join(deel for deel in trek_naam(rng) if deel)
