// What makes the pages smoother where there is a script. Everything works without it.
"use strict";

// After a part of the page has changed: put the focus where somebody has to look.
document.addEventListener("htmx:afterSettle", (event) => {
  const changed = event.detail.elt;
  const target = changed.querySelector(".error-summary, [data-focus]") || (changed.id === "notice" ? changed : null);
  if (target) target.focus();
});

// An amount in the currency of a form, as the page's language writes it.
function written(form, amount) {
  const { currency, digits } = form.dataset;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency", currency, minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits), useGrouping: "always",
  }).format(amount);
}

// The sum of what is ticked: <form data-sum> with ticks that carry their amount in minor units.
function showSum(form) {
  const ticked = [...form.querySelectorAll("input[data-minor]:checked")];
  const minor = ticked.reduce((sum, tick) => sum + Number(tick.dataset.minor), 0);
  const sum = written(form, minor / 10 ** form.dataset.digits);
  for (const place of form.querySelectorAll("[data-sum-shown]")) place.textContent = sum;
  for (const place of form.querySelectorAll("[data-count-shown]")) place.textContent = String(ticked.length);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-sum]");
  if (form && event.target.matches("[data-minor]")) showSum(form);
});

// The total of amounts that are typed: <form data-amounts>. Empty is nothing; what cannot be read as an amount leaves it open.
function amountIn(text) {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "");
  if (!bare) return 0;
  const parts = bare.match(/^(\d{1,3}(?:([.,])\d{3})*|\d+)(?:([.,])(\d{1,2}))?$/);
  if (!parts || (parts[2] && parts[2] === parts[3])) return NaN;
  return Number(parts[1].replace(/[.,]/g, "") + "." + (parts[4] || "0"));
}

function showTotal(form) {
  const total = [...form.querySelectorAll(".input--money")].reduce((sum, field) => sum + amountIn(field.value), 0);
  const place = form.querySelector("[data-total]");
  place.hidden = Number.isNaN(total);
  if (!place.hidden) place.querySelector("[data-total-shown]").textContent = written(form, total);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-amounts]");
  if (form) showTotal(form);
});

// Copying: <button data-copy="…" hidden> shows itself where there is a clipboard, and says when it is done.
function offerCopies(part) {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll("button[data-copy]")) button.hidden = false;
}

function sayCopied(button) {
  const words = button.querySelector("[data-copy-words]");
  words.setAttribute("role", "status");
  words.textContent = button.dataset.copied;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  // A browser that may not copy leaves the words as they were; the value stands beside the button.
  navigator.clipboard.writeText(button.dataset.copy).then(() => sayCopied(button), () => button.blur());
});

document.addEventListener("htmx:afterSettle", (event) => offerCopies(event.detail.elt));
offerCopies(document);

// Money that is split: <form data-split="its minor units"> with a [data-share] for each account, whose part is what is
// ticked there until somebody types another. One account alone has no part: what is ticked counts.
function showSplit(form) {
  const plain = new Intl.NumberFormat(document.documentElement.lang, {
    minimumFractionDigits: Number(form.dataset.digits), maximumFractionDigits: Number(form.dataset.digits), useGrouping: false,
  });
  let placed = 0;
  for (const share of form.querySelectorAll("[data-share]")) {
    const ticks = [...share.querySelectorAll("input[type=checkbox]:checked")];
    const ticked = ticks.reduce((sum, tick) => sum + amountIn(form.elements[`amount-${tick.value}`].value), 0);
    const part = share.querySelector("[name^=part-]");
    if (part && !part.dataset.typed) part.value = ticks.length && !Number.isNaN(ticked) ? plain.format(ticked) : "";
    placed += part ? amountIn(part.value) : ticked;
  }
  const live = form.querySelector("[data-split-live]");
  live.hidden = Number.isNaN(placed);
  if (live.hidden) return;
  live.querySelector("[data-placed]").textContent = written(form, placed);
  const left = live.querySelector("[data-left]");
  if (left) left.textContent = written(form, form.dataset.split / 10 ** form.dataset.digits - placed);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-split]");
  if (!form) return;
  if (event.target.name.startsWith("part-")) event.target.dataset.typed = event.target.value ? "yes" : "";
  showSplit(form);
});

// A browser keeps ticks when one comes back to a page.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sum]")) showSum(form);
  for (const form of document.querySelectorAll("form[data-amounts]")) showTotal(form);
  for (const form of document.querySelectorAll("form[data-split]")) {
    for (const part of form.querySelectorAll("[name^=part-]")) if (part.value) part.dataset.typed = "yes";
    showSplit(form);
  }
});

// A key that leads to a field, such as / to the search.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const field = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// A menu is shut by Escape, and when somebody goes on elsewhere.
function shutMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
}

document.addEventListener("click", (event) => shutMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement.closest("details.menu[open]");
  if (menu) menu.querySelector("summary").focus();
  if (event.key === "Escape") shutMenus(null);
});

// A group of the menu that opens below the edge, as on a phone, is brought into view.
document.addEventListener("click", (event) => {
  const summary = event.target.closest(".rail__group > summary");
  if (!summary) return;
  requestAnimationFrame(() => summary.parentElement.open && summary.parentElement.scrollIntoView({ block: "nearest" }));
});

// Files: <div data-upload> takes what is dropped on it besides what is chosen, and lists what will be sent.
function showChosen(place) {
  const files = [...place.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const list = place.querySelector(".upload__chosen");
  list.replaceChildren(...files.map((file) => {
    const line = document.createElement("li");
    line.textContent = file.name;
    return line;
  }));
  list.hidden = !files.length;
}

function offerDrops(part) {
  for (const place of part.querySelectorAll("[data-upload] .upload__drop")) place.hidden = !matchMedia("(pointer: fine)").matches;
}

document.addEventListener("change", (event) => {
  const place = event.target.closest("[data-upload]");
  if (place) showChosen(place);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest && event.target.closest("[data-upload]");
    if (!place || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("upload--over", kind === "dragover");
    if (kind !== "drop") return;
    const input = place.querySelector("input[type=file]");
    const together = new DataTransfer();
    for (const file of [...input.files, ...event.dataTransfer.files]) together.items.add(file);
    input.files = together.files;
    showChosen(place);
  });
}

document.addEventListener("htmx:afterSettle", (event) => offerDrops(event.detail.elt));
offerDrops(document);

// What is typed into one form of a page stays when another of them is sent: <div data-drafts="dispute-7"> around the
// forms. It is kept in this tab until the same page comes again, also where a page asks for a code in between.
const TYPED = "textarea, select, input[type=text], input[type=date]";

function draftsOf(place) {
  const fields = new Map();
  for (const form of place.querySelectorAll("form[method=post]")) {
    for (const field of form.querySelectorAll(TYPED)) fields.set(`${form.getAttribute("action")} ${field.name}`, field);
  }
  return fields;
}

// A form that was refused starts with what was typed, so that on such a page everything counts as typed.
function isTyped(field, isRefused) {
  if (field.matches("select")) return isRefused || [...field.options].some((one) => one.selected !== one.defaultSelected);
  return field.value !== "" && (isRefused || field.value !== field.defaultValue);
}

function keepDrafts(place, sent) {
  const kept = JSON.parse(sessionStorage.getItem(place.dataset.drafts) || "{}");
  const isRefused = document.querySelector(".error-summary") !== null;
  for (const [name, field] of draftsOf(place)) {
    if (field.form !== sent && isTyped(field, isRefused)) kept[name] = field.value;
    else delete kept[name];
  }
  sessionStorage.setItem(place.dataset.drafts, JSON.stringify(kept));
}

function bringDraftsBack(place) {
  const kept = JSON.parse(sessionStorage.getItem(place.dataset.drafts) || "{}");
  for (const [name, field] of draftsOf(place)) {
    if (!(name in kept)) continue;
    field.value = kept[name];
    delete kept[name];
  }
  sessionStorage.setItem(place.dataset.drafts, JSON.stringify(kept));
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("[action='/sign-out']")) sessionStorage.clear();
  const place = event.target.closest("[data-drafts]");
  if (place) keepDrafts(place, event.target);
});
for (const place of document.querySelectorAll("[data-drafts]")) bringDraftsBack(place);
