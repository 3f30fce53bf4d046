// The worklist by keyboard. Every key does what a link, a button or a field on the page does: each of these says its
// key by data-work-key, or lies in a data-work-into. Nothing happens while somebody types or a dialog is open.
"use strict";

const WORK_KEYS = new Set(["o", "d", "t", "s", "c", "p", "n", "k", "j"]);

function workItems() {
  return [...document.querySelectorAll("[data-work] [data-work-item]")];
}

function workItem() {
  const items = workItems();
  const focused = document.activeElement && document.activeElement.closest("[data-work-item]");
  return focused || items.find((one) => `#${one.id}` === location.hash) || items[0] || document.querySelector("[data-work-item]");
}

function openWork(item) {
  item.querySelector("[data-work-open]").focus();
  item.scrollIntoView({ block: "nearest" });
}

function moveWork(step) {
  const items = workItems();
  const at = items.findIndex((one) => one.contains(document.activeElement));
  const next = items[at < 0 ? 0 : Math.min(Math.max(at + step, 0), items.length - 1)];
  if (next) openWork(next);
}

// What a key means here: first on the piece of work itself, then on the page.
function workTarget(key) {
  const wanted = `[data-work-key="${key}"], [data-work-into="${key}"] :is(input, select, textarea)`;
  const item = workItem();
  return (item && item.querySelector(wanted)) || [...document.querySelectorAll(wanted)].find((one) => !one.closest("[data-work]"));
}

function doWork(target) {
  const more = target.closest("details");
  if (more) more.open = true;
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
}

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  const keys = document.getElementById("keys");
  if (!keys || keys.open || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && isTyping(event.target)) {
    const item = event.target.closest("[data-work] [data-work-item]");
    if (item) openWork(item);
    else event.target.blur();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    keys.showModal();
    return;
  }
  if (!WORK_KEYS.has(event.key)) return;
  const isList = document.querySelector("[data-work]") !== null;
  if (isList && (event.key === "j" || event.key === "k")) {
    event.preventDefault();
    moveWork(event.key === "j" ? 1 : -1);
    return;
  }
  const target = workTarget(event.key === "j" ? "n" : event.key);
  if (!target) return;
  event.preventDefault();
  doWork(target);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-work-help]")) document.getElementById("keys").showModal();
  if (event.target.closest("[data-work-close]")) document.getElementById("keys").close();
});

// Where somebody comes back to a list, they stand where they were; there are keys, so they are offered.
function beginWork() {
  for (const button of document.querySelectorAll("[data-work-help]")) button.hidden = false;
  const back = workItems().find((one) => `#${one.id}` === location.hash);
  if (back) openWork(back);
  const field = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (field && isTyping(field)) field.focus();
}

document.addEventListener("htmx:afterSettle", beginWork);
// Once all is there: what a browser does by itself for the part that an address names takes the focus away.
window.addEventListener("load", () => setTimeout(beginWork));
