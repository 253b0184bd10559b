"""Words for synthetic toelichtingen and the redenen to draw from. No health data, as the fields themselves ask."""

from __future__ import annotations

from typing import Final

# Redenen as drawn; what occurs more stands there more often.
AFGEMELD: Final = ("andere_opleiding", "andere_opleiding", "andere_instelling", "andere_instelling", "niet_geslaagd", "werk", "verhuisd",
                   "persoonlijk", "onbekend")  # fmt: skip
AFGEWEZEN: Final = (
    "niet_verschenen",
    "niet_verschenen",
    "geen_reactie",
    "vooropleiding",
    "opleiding_vol",
    "opleiding_vol",
    "ondersteuning",
)

LEERPLICHT: Final = (
    "Heeft zich nog niet aangemeld en reageert niet op uitnodigingen van de mentor. Twee keer gebeld met thuis, geen afspraak gelukt.",
    "Is afgewezen en wil zelf niets nieuws zoeken. We hebben drie opleidingen besproken; graag een gesprek samen met ouders.",
    "Komt sinds de vakantie weinig op school. De decaan heeft een gesprek gehad, er is nog geen keuze gemaakt.",
    "Wil gaan werken zonder startkwalificatie. Ouders zijn het daar niet mee eens. Aanmelden bij een bbl is besproken.",
    "Heeft zich afgemeld bij het mbo en neemt de telefoon niet op. De mentor is bij het huis geweest, niemand thuis.",
    "Weet niet wat te kiezen. Twee open dagen bezocht met de decaan, daarna geen contact meer.",
)
EIGEN_ONDERZOEK: Final = "Kwam in beeld bij een gesprek over verzuim. School is gebeld en weet ervan."
AFSPRAAK: Final = (
    "Gaat eerst drie dagen per week werken met begeleiding. In januari opnieuw kijken naar een opleiding.",
    "Vrijwillige begeleiding door het jongerenpunt. Elke twee weken contact, doel is instroom in februari.",
    "Vrijstelling voor dit schooljaar is aangevraagd. Leerplicht houdt contact met ouders.",
)
TERUGKOPPELING: Final = (
    "Wil zich alsnog aanmelden. Graag deze week samen met de mentor een opleiding kiezen.",
    "Gesproken met leerling en ouders. De school kan de begeleiding weer oppakken.",
    "Gaat naar een meeloopdag. Willen jullie daarna vragen hoe het was?",
)
ANDERS: Final = "Gaat een tussenjaar doen bij een maatschappelijke diensttijd."
