// Entering slips: Enter goes to the next field instead of sending the form, at the end to the
// button that stores. What a typed number stands for is marked in the list beside it.
const form = document.querySelector("[data-slip]");

function mark(field) {
  const list = form.querySelector(`[data-slip-boxes="${CSS.escape(field.name)}"]`);
  if (!list) return;
  const boxes = [...list.querySelectorAll("[data-slip-box]")];
  const known = boxes.map((box) => box.dataset.slipBox);
  const isShort = known.every((key) => key.length === 1);
  const parts = field.value.split(/[\s,;.+/-]+/).filter(Boolean);
  const typed = parts.flatMap((part) => (isShort && !known.includes(part) ? [...part] : [part]));
  boxes.forEach((box) => box.classList.toggle("bt-tag", typed.includes(box.dataset.slipBox)));
}

if (form) {
  const fields = [...form.querySelectorAll("[data-slip-field]")];
  const save = form.querySelector("[data-slip-save]");
  // Browsers leave the focus where it was when a page comes back from the cache.
  form.querySelector("[autofocus]")?.focus();
  fields.forEach((field, place) => {
    field.addEventListener("input", () => mark(field));
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.isComposing) return;
      event.preventDefault();
      (fields[place + 1] || save).focus();
    });
    mark(field);
  });
}
