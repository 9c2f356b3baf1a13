/* A box that narrows a long list of checkboxes. Ticked ones always stay in sight. */

function narrow(list) {
  const box = list.querySelector("[data-filter-box]");
  if (!box) return;
  const input = box.querySelector("input");
  const groups = [...list.querySelectorAll("[data-filter-group]")];
  const opened = new Map(groups.map((group) => [group, group.open]));
  box.hidden = false;
  input.addEventListener("input", () => {
    const words = input.value.toLocaleLowerCase(document.documentElement.lang).split(/\s+/).filter(Boolean);
    for (const group of groups) {
      let shown = 0;
      for (const row of group.querySelectorAll("[data-filter-row]")) {
        const text = row.textContent.toLocaleLowerCase(document.documentElement.lang);
        const fits = words.every((word) => text.includes(word)) || row.querySelector("input").checked;
        row.hidden = !fits;
        shown += fits ? 1 : 0;
      }
      group.hidden = shown === 0;
      group.open = words.length > 0 ? true : opened.get(group);
    }
  });
  /* Enter in the box would send the whole form. */
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

/* A button that ticks what is shown of a group, or unticks it if all of it is ticked. */
function tickAll(button) {
  const group = button.closest("[data-filter-group]");
  const name = button.querySelector("[data-all]");
  const boxes = () => [...group.querySelectorAll("[data-filter-row]:not([hidden]) input")];
  const areTicked = () => boxes().every((box) => box.checked);
  const show = () => { name.textContent = areTicked() ? name.dataset.none : name.dataset.all; };
  button.hidden = false;
  button.addEventListener("click", () => {
    const ticked = !areTicked();
    for (const box of boxes()) box.checked = ticked;
    show();
  });
  group.addEventListener("change", show);
  show();
}

for (const list of document.querySelectorAll("[data-filtered]")) narrow(list);
for (const button of document.querySelectorAll("[data-tick-all]")) tickAll(button);
