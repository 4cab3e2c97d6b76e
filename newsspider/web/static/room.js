// Keys for the reading room; every page works without this file.
"use strict";

const items = () => [...document.querySelectorAll("[data-item]")];
const dialog = document.getElementById("keys");

function step(by) {
  const all = items();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function help() {
  if (!dialog.open) dialog.showModal();
}

const actions = {
  "/": () => {
    const field = document.querySelector("[data-search]");
    field.focus();
    field.select();
  },
  j: () => step(1),
  k: () => step(-1),
  "?": help,
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog.open) return;
  const action = actions[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});

for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", help);
}
