/* The receipt: copy, print, keep on this device; list what is kept here.
   Nothing is sent anywhere: kept receipts stand in this browser's own storage. */

const STORE = "bt-receipts";
const LIMIT = 50;

function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(list) ? list.filter((entry) => typeof entry?.code === "string") : [];
  } catch {
    return [];
  }
}

function store(list) {
  localStorage.setItem(STORE, JSON.stringify(list.slice(0, LIMIT)));
}

function keep(code, title) {
  const others = kept().filter((entry) => entry.code !== code);
  store([{ code, title, day: new Date().toISOString().slice(0, 10) }, ...others]);
}

function offer(panel) {
  const { receipt: code, receiptTitle: title } = panel.dataset;
  const status = panel.querySelector("[data-receipt-status]");
  const say = (button, went) => {
    status.textContent = went ? button.dataset.done : button.dataset.failed;
  };
  for (const part of panel.querySelectorAll("[data-receipt-actions]")) part.hidden = false;

  const copy = panel.querySelector("[data-receipt-copy]");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code);
      say(copy, true);
    } catch {
      say(copy, false);
    }
  });

  panel.querySelector("[data-receipt-print]").addEventListener("click", () => window.print());

  const save = panel.querySelector("[data-receipt-keep]");
  save.addEventListener("click", () => {
    try {
      keep(code, title);
      say(save, true);
    } catch {
      say(save, false);
    }
  });
}

function list(section) {
  const rows = section.querySelector("ul");
  const pattern = section.querySelector("template");
  const input = document.querySelector("[data-receipt-input]");
  const entries = kept();
  section.hidden = entries.length === 0;
  rows.replaceChildren(
    ...entries.map(({ code, title }) => {
      const row = pattern.content.cloneNode(true).firstElementChild;
      row.querySelector("[data-code]").textContent = code;
      row.querySelector("[data-title]").textContent = title ?? "";
      const use = row.querySelector("[data-use]");
      const forget = row.querySelector("[data-forget]");
      for (const button of [use, forget]) {
        button.setAttribute("aria-label", `${button.textContent.trim()}: ${code}`);
      }
      use.hidden = !input;
      use.addEventListener("click", () => {
        input.value = code;
        input.focus();
      });
      forget.addEventListener("click", () => {
        store(kept().filter((entry) => entry.code !== code));
        list(section);
        (section.hidden ? input : section.querySelector("[data-forget]"))?.focus();
      });
      return row;
    }),
  );
}

for (const panel of document.querySelectorAll("[data-receipt]")) offer(panel);
for (const section of document.querySelectorAll("[data-kept-receipts]")) list(section);
