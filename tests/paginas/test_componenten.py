"""The components of templates/componenten/, rendered with sample data: the markup that pages and screen readers rely on."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils.safestring import mark_safe

from statuses.status import Status

WORTEL = Path(__file__).parents[2]
STATIC = WORTEL / "overstap/static/overstap"


@dataclass(frozen=True)
class EenStatus:
    label: str
    teken: str
    soort: str


AFGEMELD = EenStatus("Afgemeld", "↩", "terug")
FASEN = [
    {"naam": "Afronding vorig jaar", "begin": date(2025, 9, 1), "eind": date(2025, 10, 15)},
    {"naam": "Aanmelden", "begin": date(2025, 10, 1), "eind": date(2026, 4, 1)},
    {"naam": "Afronden aanmeldproces", "begin": date(2026, 4, 2), "eind": date(2026, 7, 15)},
    {"naam": "Inschrijving en start", "begin": date(2026, 7, 15), "eind": date(2026, 10, 1)},
]


def render(bron: str, **context: Any) -> str:
    """The template with the tags loaded, white space folded so that asserts read like the page."""
    tekst = engines["django"].from_string("{% load overstap_tags %}" + bron).render(context)
    return re.sub(r"\s+", " ", tekst)


def test_status_is_sign_word_and_colour_together() -> None:
    html = render("{% status s %}", s=AFGEMELD)
    assert '<span class="status status--terug">' in html
    assert '<span class="status__teken" aria-hidden="true">↩</span>Afgemeld</span>' in html


def test_status_takes_a_dated_label_and_no_status_at_all() -> None:
    assert "Plaatsing aangeboden</span>" in render('{% status s label="Plaatsing aangeboden" %}', s=AFGEMELD)
    assert "geen status" in render("{% status s %}", s=None)


@pytest.mark.parametrize("nummer", list(Status))
def test_each_of_the_fourteen_has_sign_word_and_a_colour_that_exists(nummer: Status) -> None:
    html = render("{% status s %}", s=int(nummer))
    assert html == render("{% status s %}", s=nummer.code)
    assert re.search(r'aria-hidden="true">\S+</span>' + re.escape(nummer.label) + "</span>", html)
    assert f".status--{nummer.soort} {{ color" in (STATIC / "overstap.css").read_text()


def test_a_status_in_a_history_has_the_label_of_its_day() -> None:
    oud = render("{% status 10 op=dag %}", dag=date(2023, 7, 31))
    nieuw = render("{% status 10 op=dag %}", dag=date(2023, 8, 1))
    assert "OOK afgedrukt" in oud
    assert "Plaatsing aangeboden" in nieuw


def test_a_label_cannot_become_markup() -> None:
    html = render("{% status s %}", s=EenStatus("<b>x</b>", "", "geen"))
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "<b>x</b>" not in html


def test_knop_is_a_link_with_url_and_a_submit_button_without() -> None:
    assert re.search(
        r'<a class="utrecht-button [^"]*primary-action" href="/x">',
        render('{% knop "Bekijk" url="/x" soort="eerst" %}'),
    )
    html = render('{% knop "Doe" naam="actie" waarde="lp" extra="voor Sem" %}')
    assert 'type="submit" name="actie" value="lp"' in html
    assert '<span class="alleen-lezer"> voor Sem</span>' in html


def test_faselijn_shows_the_phase_of_today_and_says_so_in_words() -> None:
    html = render("{% faselijn fasen vandaag %}", fasen=FASEN, vandaag=date(2026, 3, 20))
    assert "<strong>Fase 2</strong>" in html
    assert 'aria-label="Fase 2 van 4: Aanmelden, 1 okt tot en met 1 april. Vandaag is het 20 mrt."' in html
    assert html.count("<rect") == 4
    assert len(re.findall(r'class="nu"', html)) == 1
    assert ">1 april</text>" in html
    assert 'class="vandaag" x1="50.63%"' in html


@pytest.mark.parametrize(
    ("vandaag", "fase"), [(date(2025, 9, 1), "Fase 1"), (date(2025, 10, 10), "Fase 2"), (date(2026, 10, 1), "Fase 4")]
)
def test_faselijn_on_the_edges(vandaag: date, fase: str) -> None:
    assert f"<strong>{fase}</strong>" in render("{% faselijn fasen vandaag %}", fasen=FASEN, vandaag=vandaag)


def test_faselijn_outside_the_year_and_without_phases() -> None:
    buiten = render("{% faselijn fasen vandaag %}", fasen=FASEN, vandaag=date(2026, 12, 1))
    assert "Buiten de fasen" in buiten
    assert 'class="vandaag"' not in buiten
    assert "Geen fasen ingesteld" in render("{% faselijn fasen vandaag %}", fasen=[], vandaag=date(2026, 3, 20))


def test_meter_never_shows_a_percentage_without_its_numbers() -> None:
    html = render('{% meter 91.6 norm=100 label="1 april" teller=196 noemer=214 populatie="aangemerkt" %}')
    assert '<rect class="stand" x="0" y="4" width="91.60%"' in html
    assert "91,6%</span> · 196 van 214 aangemerkt · ambitie 100%" in html


def test_meter_over_the_norm_and_out_of_bounds() -> None:
    html = render("{% meter 75 norm=75 teller=3 noemer=4 %}")
    assert "stand--goed" in html
    assert "ambitie 75%, gehaald" in html
    assert 'width="100.00%"' in render("{% meter 130 norm=75 kaal=True %}")


def test_meter_of_nobody_is_neither_0_nor_100() -> None:
    html = render('{% meter None norm=75 populatie="in procedure" %}')
    assert "geen leerlingen (in procedure)" in html
    assert "%" not in html
    assert "geen leerlingen" in render("{% meter None norm=75 kaal=True %}")


def test_bare_meter_says_its_value() -> None:
    assert 'role="img" aria-label="71,1%, ambitie 100%"' in render("{% meter 71.1 norm=100 kaal=True %}")


def test_werklijst_row_and_a_row_that_is_done() -> None:
    html = render(
        "{% werklijst s %}",
        s=[
            {"aantal": 11, "naam": "Zonder aanmelding", "url": "/leerlingen?x=1", "eerst": True},
            {"aantal": 0, "naam": "Gemeld", "url": "/leerlingen?x=2"},
        ],
    )
    assert (
        'utrecht-button--primary-action" href="/leerlingen?x=1">Bekijk 11<span class="alleen-lezer">: Zonder aanmelding'
        in html
    )
    assert 'werk__naam--klaar"><span aria-hidden="true">✓ </span>Gemeld<span class="alleen-lezer"> (klaar)' in html
    assert html.count("utrecht-button") == 2  # one button (two classes), the done row has a plain link


def test_chips_mark_the_active_one_also_for_who_cannot_see_colour() -> None:
    html = render(
        "{% chips c %}", c=[{"naam": "Risico", "url": "?r", "aantal": 0, "actief": True}, {"naam": "Klas", "url": "?k"}]
    )
    assert '<a class="chip" href="?r" aria-current="true">Risico <b>0</b></a>' in html
    assert '<a class="chip" href="?k">Klas</a>' in html


def test_tabel_has_caption_sort_and_a_region_for_the_keyboard() -> None:
    html = render(
        '{% tabel bijschrift="Leerlingen" kolommen=k kiesbaar=True %}<tr>{% kiescel 7 naam %}<td class="g">3</td></tr>{% endtabel %}',
        k=[
            {"naam": "Dagen", "url": "?sorteer=dagen", "richting": "af", "getal": True},
            {"naam": "Acties", "verborgen": True},
        ],
        naam="Bakker, <Sem>",
    )
    assert '<div class="rooster" role="region" aria-label="Leerlingen" tabindex="0">' in html
    assert '<caption class="utrecht-table__caption">Leerlingen</caption>' in html
    assert '<th scope="col" class="g" aria-sort="descending"><a class="sorteer" href="?sorteer=dagen">Dagen' in html
    assert (
        '<span class="alleen-lezer">Kies Bakker, &lt;Sem&gt;</span><input type="checkbox" name="kies" value="7" data-kies>'
        in html
    )
    assert "<label hidden>" in html  # "alles kiezen" appears with JavaScript, which alone makes it work


def test_bulkbalk_buttons_submit_the_form_around_them() -> None:
    html = render(
        "{% bulkbalk k %}",
        k=[{"naam": "Leerplicht…", "waarde": "lp", "soort": "eerst"}, {"naam": "Excel", "actie_url": "/export"}],
    )
    assert 'type="submit" name="actie" value="lp">Leerplicht…' in html
    assert 'type="submit" formaction="/export">Excel' in html
    assert "hidden" not in html


def test_paging_is_two_links_and_nothing_when_there_is_nothing() -> None:
    html = render('{% paginering volgende="?na=x" tekst="1 tot 50 van 214" %}')
    assert 'href="?na=x" rel="next"' in html
    assert 'rel="prev"' not in html
    assert render("{% paginering %}").strip() == ""


def test_list_of_terms_and_time_line() -> None:
    assert '<dt>Vo</dt><dd><span class="zacht">onbekend</span></dd>' in render("{% lijst p %}", p=[("Vo", "")])
    assert "<dd><b>x</b></dd>" in render("{% lijst p %}", p=[{"term": "t", "waarde": mark_safe("<b>x</b>")}])
    html = render(
        "{% verloop m %}",
        m=[
            {"naam": "Afgemeld", "wanneer": "19 mrt", "wie": "SIS", "status": AFGEMELD},
            {"naam": "Intake", "wanneer": "2 feb"},
        ],
    )
    assert '<ol class="tijd">' in html
    assert "<small>19 mrt · SIS</small>" in html
    assert "<strong>Intake</strong><small>2 feb</small>" in html


def test_melding_says_its_kind_in_words() -> None:
    html = render('{% melding soort="fout" %}<p>Dat kan niet.</p>{% endmelding %}')
    assert "utrecht-alert--error" in html
    assert '<span class="alleen-lezer">Fout: </span><p>Dat kan niet.</p>' in html
    assert 'role="alert"' not in html
    assert 'role="alert"' in render('{% melding soort="fout" live=True %}x{% endmelding %}')


def test_a_block_component_escapes_what_the_page_would_escape() -> None:
    assert "<h2>&lt;i&gt;</h2>&lt;i&gt;" in render("{% kaart x %}{{ x }}{% endkaart %}", x="<i>")


def test_kruimels_end_with_this_page() -> None:
    html = render("{% kruimels k %}", k=[{"naam": "Leerlingen", "url": "/leerlingen"}, {"naam": "Noor", "url": "/x"}])
    assert 'href="/leerlingen">Leerlingen</a>' in html
    assert '<span aria-current="page">Noor</span>' in html


class Formulier(forms.Form):
    reden = forms.ChoiceField(label="Reden", choices=[("", "Kies"), ("a", "Havo")], help_text="Kies wat past.")
    zeker = forms.ChoiceField(label="Hoe zeker?", choices=[("v", "Verwacht"), ("z", "Zeker")], widget=forms.RadioSelect)
    toelichting = forms.CharField(label="Toelichting", required=False, widget=forms.Textarea(attrs={"class": "hoog"}))
    besproken = forms.BooleanField(label="Besproken", required=False)
    bestand = forms.FileField(label="Bestand", required=False)
    versie = forms.IntegerField(widget=forms.HiddenInput)


def test_form_without_data_has_labels_and_no_errors() -> None:
    html = render("{% formulier f %}", f=Formulier())
    assert "Dit klopt nog niet" not in html
    assert '<label class="utrecht-form-label" for="id_reden">Reden</label>' in html
    assert 'aria-describedby="id_reden_uitleg"' in html
    assert 'id="id_reden_uitleg">Kies wat past.' in html
    assert '<legend class="utrecht-form-label">Hoe zeker?</legend>' in html
    assert 'Toelichting <span class="niet-verplicht">(niet verplicht)</span>' in html
    assert "hoog utrecht-form-field__input utrecht-textarea" in html
    assert '<input type="hidden" name="versie" id="id_versie">' in html


def test_form_with_errors_says_them_at_the_top_and_at_the_field() -> None:
    form = Formulier({"versie": "x"})
    form.add_error(None, "Leerplicht is al in behandeling.")
    html = render("{% formulier f %}", f=form)
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert "<li>Leerplicht is al in behandeling.</li>" in html
    assert 'href="#id_reden">Reden: ' in html
    assert 'href="#id_zeker_0">Hoe zeker?: ' in html
    assert 'id="id_zeker_0"' in html
    assert 'aria-describedby="id_reden_fout id_reden_uitleg"' in html
    assert 'id="id_reden_fout"' in html
    assert "utrecht-select--invalid" in html
    assert re.search(r"<li>[^<]*</li>\s*</ul>", html)  # the hidden field's error has nothing to jump to, but is told


def test_a_placeholder_that_repeats_the_label_goes_and_another_stays() -> None:
    class Zoek(forms.Form):
        naam = forms.CharField(label="Naam", widget=forms.TextInput(attrs={"placeholder": "Naam"}))
        code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"placeholder": "6 cijfers"}))

    html = render("{% formulier f %}", f=Zoek())
    assert 'placeholder="Naam"' not in html
    assert 'placeholder="6 cijfers"' in html


def test_one_field_and_the_summary_can_stand_apart() -> None:
    form = Formulier({})
    assert "Dit klopt nog niet" in render("{% foutensamenvatting f %}", f=form)
    html = render("{% veld f.reden %}", f=form)
    assert "Dit klopt nog niet" not in html
    assert "utrecht-form-field--invalid" in html


def test_import_result_names_row_column_and_message() -> None:
    html = render(
        "{% importuitslag u %}",
        u={
            "bestand": "lln.csv",
            "aangenomen": 1,
            "geweigerd": 1,
            "kolommen_onbekend": ["mentor"],
            "regels": [{"rij": 4, "kolom": "bsn", "melding": "Dit is geen bsn."}],
        },
    )
    assert "1 rij verwerkt, 1 geweigerd" in html
    assert "Niet gebruikte kolommen: mentor." in html
    assert '<td class="g">4</td><td>bsn</td><td>Dit is geen bsn.</td>' in html
    assert "Niets geweigerd" in render("{% importuitslag u %}", u={"aangenomen": 2, "geweigerd": 0})


def test_bulk_result_names_who_and_why() -> None:
    html = render(
        "{% bulkuitslag u %}",
        u={"gelukt": 5, "geweigerd": [{"naam": "Osei", "url": "/l/1", "reden": "al bij leerplicht"}]},
    )
    assert "5 gelukt, 1 niet." in html
    assert '<a href="/l/1">Osei</a>: al bij leerplicht' in html


def test_confirm_page_is_a_plain_form() -> None:
    html = render(
        '{% include "componenten/bevestigen.html" %}',
        titel="Leerplicht inschakelen",
        punten=["3 leerlingen"],
        verborgen=[("kies", 7), ("kies", 8)],
        knop="Inschakelen",
        terug_url="/leerlingen",
    )
    assert "<h1>Leerplicht inschakelen</h1>" in html
    assert html.count('<input type="hidden" name="kies"') == 2
    assert 'type="submit">Inschakelen</button>' in html
    assert 'href="/leerlingen">Niet doen, terug</a>' in html


def test_base_shows_who_is_logged_in_and_where() -> None:
    html = render(
        '{% include "base.html" %}',
        menu=[
            {"naam": "Vandaag", "url": "/vandaag", "actief": True},
            {"naam": "Gesprekken", "url": "/gesprekken", "teller": 3},
        ],
        wie={"naam": "M. Aksoy", "rol": "decaan", "organisatie": "Het Baken", "regio": "Regio 21"},
        demo_banner={"vandaag": date(2026, 3, 20)},
    )
    assert '<html lang="nl">' in html
    assert 'href="#inhoud">Naar de inhoud</a>' in html
    assert '<main id="inhoud"' in html
    assert '<a href="/vandaag" aria-current="page">Vandaag</a>' in html
    assert "<strong>M. Aksoy, decaan</strong>Het Baken · Regio 21" in html
    assert "Van rol wisselen" not in html
    assert "alle scholen en leerlingen zijn verzonnen" in html
    assert "20 maart 2026" in html


@pytest.mark.parametrize("naam", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_render_without_any_context(naam: str) -> None:
    """500.html is rendered without context processors: nothing may be needed."""
    html = engines["django"].get_template(naam).render()
    assert "<h1>" in html
    assert 'href="/">Naar het begin</a>' in html


TEMPLATES = sorted(WORTEL.glob("templates/**/*.html"))
VERBODEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "htmx that needs eval": re.compile(r"\bhx-on\b|\bhx-on:|=\"js:", re.I),
}


@pytest.mark.parametrize("pad", TEMPLATES, ids=lambda p: str(p.relative_to(WORTEL)))
def test_templates_hold_nothing_that_the_csp_refuses(pad: Path) -> None:
    tekst = pad.read_text()
    assert [naam for naam, patroon in VERBODEN.items() if patroon.search(tekst)] == []


@pytest.mark.parametrize("pad", TEMPLATES, ids=lambda p: str(p.relative_to(WORTEL)))
def test_templates_compile_and_are_found_before_those_of_a_library(pad: Path) -> None:
    """Also the ones that no test renders; a page of allauth that is ours must not lose from allauth's own."""
    sjabloon = engines["django"].get_template(str(pad.relative_to(WORTEL / "templates")))
    assert sjabloon.origin.name == str(pad)


def test_stylesheets_name_only_files_that_are_there() -> None:
    gevonden = 0
    for blad in STATIC.glob("*.css"):
        for verwijzing in re.findall(r"url\(\"([^\"]+)\"\)", blad.read_text()):
            gevonden += 1
            assert (blad.parent / verwijzing).is_file(), verwijzing
    assert gevonden == 6  # the six font files
