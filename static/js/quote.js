/* Quote words of a passage by selecting them. Without this they are typed into the field. */

function offer(button) {
  const field = document.getElementById(button.dataset.quoteInto);
  const passage = document.getElementById(button.dataset.quoteFrom);
  if (!field || !passage) return;
  const status = document.getElementById(button.dataset.quoteStatus);
  let chosen = "";
  button.hidden = false;
  const choose = () => {
    const selection = document.getSelection();
    const words = selection?.toString().trim() ?? "";
    /* What was selected last stays chosen: on a phone the button's press ends the selection. */
    if (!words || !passage.contains(selection.anchorNode) || !passage.contains(selection.focusNode)) return;
    chosen = words;
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

for (const button of document.querySelectorAll("[data-quote-into]")) offer(button);
