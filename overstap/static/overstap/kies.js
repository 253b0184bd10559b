/*
 * Makes choosing many rows quicker: counts them, chooses all on this page, a range with Shift, from row to row with the
 * arrows. And says that a form is at work. Without this file everything works: the bar is always there and its buttons
 * submit the form.
 */
(function () {
  "use strict";

  function start(form) {
    if (form.dataset.kiesKlaar) return;
    form.dataset.kiesKlaar = "ja";
    var bladzijde = form.querySelector("input[data-kies-alles]");
    var filter = form.querySelector("input[data-kies-filter]");
    var teller = form.querySelector("[data-kies-aantal]");
    var hulp = form.querySelector("[data-kies-hulp]");
    var laatste = null;

    function vakjes() { return Array.prototype.slice.call(form.querySelectorAll("input[data-kies]")); }

    function woorden(aan) {
      if (filter && filter.checked) return "Alle " + filter.dataset.kiesFilter + " van dit filter gekozen";
      return aan === 0 ? "Niets gekozen" : aan + " gekozen";
    }

    function tel() {
      var alle = vakjes();
      var aan = alle.filter(function (v) { return v.checked; }).length;
      if (teller && teller.textContent !== woorden(aan)) teller.textContent = woorden(aan);
      if (bladzijde) {
        bladzijde.checked = alle.length > 0 && aan === alle.length;
        bladzijde.indeterminate = aan > 0 && aan < alle.length;
      }
    }

    /* From the row that was chosen last up to this one: all as that one is. */
    function reeks(tot, stand) {
      var alle = vakjes();
      var a = alle.indexOf(laatste);
      var b = alle.indexOf(tot);
      if (a < 0 || b < 0) return;
      alle.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(function (v) { v.checked = stand; });
    }

    form.addEventListener("click", function (e) {
      var vak = e.target;
      if (!vak.matches || !vak.matches("input[data-kies]")) return;
      if (e.shiftKey && laatste && laatste !== vak) reeks(vak, vak.checked);
      laatste = vak;
      tel();
    });

    form.addEventListener("keydown", function (e) {
      var vak = e.target;
      if (!vak.matches || !vak.matches("input[data-kies]") || e.altKey || e.metaKey) return;
      if (e.ctrlKey && e.key.toLowerCase() === "a") {
        e.preventDefault();
        vakjes().forEach(function (v) { v.checked = true; });
        tel();
        return;
      }
      if (e.ctrlKey || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
      var alle = vakjes();
      var naar = alle[alle.indexOf(vak) + (e.key === "ArrowDown" ? 1 : -1)];
      e.preventDefault();
      if (!naar) return;
      if (e.shiftKey) {
        vak.checked = true;
        naar.checked = true;
        tel();
      }
      laatste = naar;
      naar.focus();
    });

    form.addEventListener("change", function (e) {
      if (e.target === bladzijde) {
        vakjes().forEach(function (v) { v.checked = bladzijde.checked; });
        if (!bladzijde.checked && filter) filter.checked = false;
      } else if (e.target === filter) {
        vakjes().forEach(function (v) { v.checked = filter.checked; });
      } else if (filter && e.target.matches && e.target.matches("input[data-kies]") && !e.target.checked) {
        filter.checked = false;
      }
      tel();
    });
    if (bladzijde) bladzijde.closest("label").hidden = false;
    if (hulp) hulp.hidden = false;
    tel();
  }

  /* A second press does nothing while the first is under way; the button says so when it takes longer than a blink. */
  function bezig(e) {
    var form = e.target;
    if (!form.matches || !form.matches("form[data-bezig]")) return;
    if (form.dataset.onderweg) { e.preventDefault(); return; }
    form.dataset.onderweg = "ja";
    form.setAttribute("aria-busy", "true");
    var knop = e.submitter;
    if (!knop) return;
    form.bezigKnop = { knop: knop, tekst: knop.textContent };
    window.setTimeout(function () {
      if (!form.dataset.onderweg) return;
      knop.classList.add("htmx-request");
      knop.textContent = "Bezig…";
      var zin = document.querySelector("main [role=status]");
      if (zin) zin.textContent = "Bezig. Dit kan even duren.";
    }, 400);
  }

  function klaar(form) {
    delete form.dataset.onderweg;
    form.removeAttribute("aria-busy");
    if (!form.bezigKnop) return;
    form.bezigKnop.knop.classList.remove("htmx-request");
    form.bezigKnop.knop.textContent = form.bezigKnop.tekst;
    delete form.bezigKnop;
  }

  function zoek(wortel) { wortel.querySelectorAll("form[data-kiesbaar]").forEach(start); }

  document.addEventListener("submit", bezig);
  document.addEventListener("DOMContentLoaded", function () { zoek(document); });
  document.addEventListener("htmx:afterSwap", function () { zoek(document); });
  /* Back button: the browser restores the boxes after DOMContentLoaded, and a page as it was when its form was sent. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-bezig]").forEach(klaar);
    document.querySelectorAll("form[data-kiesbaar]").forEach(function (f) { f.dispatchEvent(new Event("change")); });
  });
})();
