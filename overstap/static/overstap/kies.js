/*
 * Makes choosing many rows quicker: counts them, chooses all on this page, shift-click for a range.
 * Without this file everything works: the bar is always there and its buttons submit the form.
 */
(function () {
  "use strict";

  function start(form) {
    if (form.dataset.kiesKlaar) return;
    form.dataset.kiesKlaar = "ja";
    var alles = form.querySelector("input[data-kies-alles]");
    var teller = form.querySelector("[data-kies-aantal]");
    var laatste = null;

    function vakjes() { return Array.prototype.slice.call(form.querySelectorAll("input[data-kies]")); }

    function tel() {
      var alle = vakjes();
      var aan = alle.filter(function (v) { return v.checked; }).length;
      if (teller) teller.textContent = aan === 0 ? "Niets gekozen" : aan + " gekozen";
      if (alles) {
        alles.checked = alle.length > 0 && aan === alle.length;
        alles.indeterminate = aan > 0 && aan < alle.length;
      }
    }

    form.addEventListener("click", function (e) {
      var vak = e.target;
      if (!vak.matches || !vak.matches("input[data-kies]")) return;
      if (e.shiftKey && laatste && laatste !== vak) {
        var alle = vakjes();
        var a = alle.indexOf(laatste);
        var b = alle.indexOf(vak);
        if (a >= 0 && b >= 0) {
          alle.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(function (v) { v.checked = vak.checked; });
        }
      }
      laatste = vak;
      tel();
    });
    form.addEventListener("change", function (e) {
      if (e.target === alles) vakjes().forEach(function (v) { v.checked = alles.checked; });
      tel();
    });
    if (alles) alles.closest("label").hidden = false;
    tel();
  }

  function zoek(wortel) { wortel.querySelectorAll("form[data-kiesbaar]").forEach(start); }

  document.addEventListener("DOMContentLoaded", function () { zoek(document); });
  document.addEventListener("htmx:afterSwap", function () { zoek(document); });
  /* Back button: the browser restores the boxes after DOMContentLoaded. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-kiesbaar]").forEach(function (f) { f.dispatchEvent(new Event("change")); });
  });
})();
