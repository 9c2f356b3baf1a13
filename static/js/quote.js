/* Quote words of a passage by selecting them. Without this they are typed into the field. */

/** The words that are selected within a passage; empty if nothing is, or something elsewhere. */
function selectedIn(passage) {
  const selection = document.getSelection();
  const words = selection?.toString().trim() ?? "";
  const isInside = passage.contains(selection?.anchorNode ?? null) && passage.contains(selection?.focusNode ?? null);
  return isInside ? words : "";
}

/** Take selected words over into the form that is open. */
function offer(button) {
  const field = document.getElementById(button.dataset.quoteInto);
  const passage = document.getElementById(button.dataset.quoteFrom);
  if (!field || !passage) return;
  const status = document.getElementById(button.dataset.quoteStatus);
  let chosen = "";
  button.hidden = false;
  const choose = () => {
    /* What was selected last stays chosen: on a phone the button's press ends the selection. */
    chosen = selectedIn(passage) || chosen;
  };
  document.addEventListener("selectionchange", choose);
  choose();
  button.addEventListener("click", () => {
    if (chosen) {
      field.value = chosen;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (status) status.textContent = chosen ? status.dataset.taken : status.dataset.nothing;
  });
}

/** Let the link below a passage open the form with the words that are selected in it. */
function carry(link) {
  const passage = document.getElementById(link.dataset.quoteLink);
  const name = link.querySelector("[data-quoting]");
  if (!passage || !name) return;
  const plain = name.textContent;
  document.addEventListener("selectionchange", () => {
    const words = selectedIn(passage);
    if (!words) return;
    const address = new URL(link.href);
    address.searchParams.set("zitat", words);
    link.href = address.href;
    name.textContent = name.dataset.quoting;
  });
  window.addEventListener("pageshow", () => {
    /* Who comes back finds no selection any more. */
    const address = new URL(link.href);
    address.searchParams.delete("zitat");
    link.href = address.href;
    name.textContent = plain;
  });
}

for (const button of document.querySelectorAll("[data-quote-into]")) offer(button);
for (const link of document.querySelectorAll("[data-quote-link]")) carry(link);
