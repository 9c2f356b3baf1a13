/* Similar ideas, and elements that a text fits, while somebody types. The page works without: then
   they are shown after sending.
   What is typed goes out in a POST, so that no address and no log keeps it. */

const PAUSE = 700;
const SHORTEST = 6;

/* The browser takes its time to bring a field into the window, and a change of the page meanwhile
   would stop it half way: what comes in waits until somebody has stayed for a moment. */
const STAYING = 700;
let arrived = -STAYING;
document.addEventListener("focusin", (event) => {
  arrived = event.timeStamp;
});

async function staying() {
  for (;;) {
    const rest = arrived + STAYING - performance.now();
    if (rest <= 0) return;
    await new Promise((over) => setTimeout(over, rest));
  }
}

/* Where somebody is on the page stays where it is in the window, whatever comes in above it. */
function holding(change) {
  const here = document.activeElement;
  const before = here.getBoundingClientRect().top;
  change();
  if (here === document.body || !here.isConnected) return;
  const moved = here.getBoundingClientRect().top - before;
  if (moved !== 0) window.scrollBy({ top: moved, behavior: "instant" });
}

function suggest(panel) {
  const fields = [...document.querySelectorAll("[data-similar]")];
  const form = fields[0]?.form;
  if (!form) return;
  const list = panel.querySelector("[data-similar-list]");
  const status = panel.querySelector("[data-similar-status]");
  let timer;
  let asked = "";
  let running;

  const ask = async () => {
    const body = new FormData();
    for (const field of fields) body.append(field.dataset.similar, field.value);
    const typed = fields.map((field) => field.value.trim()).join("\n").trim();
    if (typed === asked || typed.length < SHORTEST) return;
    asked = typed;
    /* Not form.elements: a field of the form is called so. */
    const token = form.querySelector("[name=csrf_token]");
    if (token) body.append("csrf_token", token.value);
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(panel.dataset.similarUrl, { method: "POST", body, signal: running.signal });
      if (!answer.ok) return;
      const found = (await answer.text()).trim();
      await staying();
      if (asked !== typed) return;
      holding(() => {
        list.innerHTML = found;
        panel.hidden = found === "";
      });
      status.textContent = found ? status.dataset.found : "";
    } catch {
      /* Offline or overtaken by a newer question: the form works without suggestions. */
    }
  };
  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    });
  }
  ask();
}

/* A suggested element ticks its box, or takes the tick away; the box stays what counts. */
function ticks(panel) {
  const box = (button) => [...panel.closest("form").querySelectorAll("input[type=checkbox]")]
    .find((one) => one.name === "elements" && one.value === button.dataset.ticks);
  const show = () => {
    for (const button of panel.querySelectorAll("[data-ticks]")) {
      button.setAttribute("aria-pressed", String(Boolean(box(button)?.checked)));
    }
  };
  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ticks]");
    const ticked = button && box(button);
    if (!ticked) return;
    ticked.checked = !ticked.checked;
    if (ticked.checked && ticked.closest("details")) ticked.closest("details").open = true;
    ticked.dispatchEvent(new Event("change", { bubbles: true }));
  });
  panel.closest("form").addEventListener("change", show);
  new MutationObserver(show).observe(panel.querySelector("[data-similar-list]"), { childList: true });
}

for (const panel of document.querySelectorAll("[data-similar-panel]")) {
  suggest(panel);
  if (panel.closest("form")) ticks(panel);
}
