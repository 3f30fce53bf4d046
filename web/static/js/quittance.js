// What makes the pages smoother where there is a script. Everything works without it.
"use strict";

// After a part of the page has changed: put the focus where somebody has to look.
document.addEventListener("htmx:afterSettle", (event) => {
  const changed = event.detail.elt;
  const target = changed.querySelector(".error-summary, [data-focus]") || (changed.id === "notice" ? changed : null);
  if (target) target.focus();
});

// The sum of what is ticked: <form data-sum> with ticks that carry their amount in minor units.
function showSum(form) {
  const ticked = [...form.querySelectorAll("input[data-minor]:checked")];
  const minor = ticked.reduce((sum, tick) => sum + Number(tick.dataset.minor), 0);
  const { currency, digits } = form.dataset;
  const format = new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency", currency, minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits), useGrouping: "always",
  });
  for (const place of form.querySelectorAll("[data-sum-shown]")) place.textContent = format.format(minor / 10 ** digits);
  for (const place of form.querySelectorAll("[data-count-shown]")) place.textContent = String(ticked.length);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sum]");
  if (form && event.target.matches("[data-minor]")) showSum(form);
});

// A browser keeps ticks when one comes back to a page.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sum]")) showSum(form);
});

// A key that leads to a field, such as / to the search.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const field = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!field) return;
  event.preventDefault();
  field.focus();
});
