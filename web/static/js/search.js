// The search box with its suggestions: a combobox whose focus stays in the box while arrows choose an option.
// <form data-suggests> holds the box (role combobox) and the list that htmx fills; without this the form is a plain one.
"use strict";

function suggestionsOf(form) {
  return [...form.querySelectorAll("[role=option]")];
}

function pointAt(form, option) {
  const box = form.querySelector("[role=combobox]");
  for (const one of suggestionsOf(form)) one.setAttribute("aria-selected", String(one === option));
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
}

function openSuggestions(form, isOpen) {
  const box = form.querySelector("[role=combobox]");
  const list = form.querySelector("[role=listbox]");
  const shows = isOpen && suggestionsOf(form).length > 0;
  list.hidden = !shows;
  box.setAttribute("aria-expanded", String(shows));
  if (!shows) pointAt(form, null);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.elt.closest("form[data-suggests]");
  if (!form) return;
  pointAt(form, null);
  openSuggestions(form, form.contains(document.activeElement));
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest && event.target.closest("form[data-suggests]");
  if (!form || !event.target.matches("[role=combobox]") || event.isComposing) return;
  const list = form.querySelector("[role=listbox]");
  const options = suggestionsOf(form);
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    openSuggestions(form, false);
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
    event.preventDefault();
    if (list.hidden) openSuggestions(form, true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = at < 0 ? (step > 0 ? 0 : options.length - 1) : at + step;
    pointAt(form, options[next] || null);
  } else if (event.key === "Enter" && !list.hidden && at >= 0) {
    event.preventDefault();
    options[at].click();
  }
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest && event.target.closest("form[data-suggests]");
  if (form && !form.contains(event.relatedTarget)) openSuggestions(form, false);
});

document.addEventListener("focusin", (event) => {
  const box = event.target;
  if (box.matches("form[data-suggests] [role=combobox]") && box.value) openSuggestions(box.form, true);
});
