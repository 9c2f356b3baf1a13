/* The queue: single keys, no decision by a double click, and an undo that goes when its time is up.

   The keys are there for whoever has not turned them off in the profile. They can be switched off (WCAG 2.1.4) and never fire while somebody
   types. J and K walk through the queue; any other key presses what carries it as data-key,
   digits choose the ground with that number. */

const STORE = "bt-keys";
const TYPING = "input:not([type=radio]):not([type=checkbox]):not([type=submit]):not([type=button]), textarea, select, [contenteditable]";

function areOn() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(STORE);
    else localStorage.setItem(STORE, "off");
  } catch {
    /* A browser without storage forgets the choice with the page. */
  }
}

let on = document.querySelector("[data-single-keys]") !== null && areOn();

function show() {
  document.documentElement.dataset.keys = on ? "on" : "off";
}

function walk(step) {
  const links = [...document.querySelectorAll("[data-queue] a")];
  if (links.length === 0) return;
  const here = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = here < 0 ? links[0] : links[here + step];
  next?.click();
}

function chooseGround(number) {
  const choice = document.querySelectorAll("[data-grounds] input[type=radio]")[number - 1];
  if (!choice) return false;
  choice.click();
  choice.focus();
  return true;
}

function press(key) {
  if (key === "j" || key === "k") {
    walk(key === "j" ? 1 : -1);
    return true;
  }
  if (/^[1-9]$/.test(key) && chooseGround(Number(key))) return true;
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target || target.disabled || target.closest("[hidden]")) return false;
  target.focus();
  if (!target.matches("textarea, input:not([type=radio]):not([type=checkbox])")) target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!on || event.defaultPrevented || event.repeat || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key.length === 1 && press(event.key.toLowerCase())) event.preventDefault();
});

for (const part of document.querySelectorAll("[data-keys-switch]")) {
  const box = part.querySelector("input");
  part.hidden = false;
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    remember(on);
    show();
  });
}
show();

/* After a decision the button of the next contribution stands where the last one stood. A second
   click or key that was meant for the last one decides nothing. */

const GUARD = 600;
const undo = document.querySelector("[data-undo]");
let opened = performance.now();

if (undo) {
  addEventListener("pageshow", (event) => {
    if (event.persisted) opened = performance.now();
  });
  document.addEventListener("click", (event) => {
    const isDecision = event.target instanceof Element && event.target.closest("button[name=action]");
    if (isDecision && performance.now() - opened < GUARD) event.preventDefault();
  }, { capture: true });
  setTimeout(() => {
    const form = undo.querySelector("form");
    const hadFocus = form.contains(document.activeElement);
    form.hidden = true;
    if (!hadFocus) return;
    undo.tabIndex = -1;
    undo.focus();
  }, Number(undo.dataset.undo));
}

/* What was typed for a contribution stays while something else about it is saved, or while another
   one is looked at, and goes with the decision. It stands in this tab of the browser only. */

const decision = document.querySelector("[data-kept-as]");

function takeUp(form) {
  const kept = JSON.parse(sessionStorage.getItem(form.dataset.keptAs) ?? "{}");
  const { note, ground } = form.elements;
  if (note.value || form.querySelector("[name=ground]:checked")) return;
  note.value = kept.note ?? "";
  note.dispatchEvent(new Event("input", { bubbles: true }));
  if (ground && kept.ground) ground.value = kept.ground;
}

function keep(form, isDecided) {
  const typed = { note: form.elements.note.value, ground: form.elements.ground?.value ?? "" };
  if (isDecided || !(typed.note || typed.ground)) sessionStorage.removeItem(form.dataset.keptAs);
  else sessionStorage.setItem(form.dataset.keptAs, JSON.stringify(typed));
}

if (decision) {
  let isDecided = false;
  try {
    takeUp(decision);
    decision.addEventListener("submit", () => (isDecided = true));
    addEventListener("pagehide", () => keep(decision, isDecided));
  } catch {
    /* A browser without storage forgets what was typed with the page. */
  }
}
