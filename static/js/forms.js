/* How many characters are left, beside a long text field. Said aloud only after a pause.
   The page gives the sentence with a 0, which the number replaces. */

const PAUSE = 1000;

function count(note) {
  const field = document.getElementById(note.dataset.countFor);
  if (!field) return;
  const shown = note.querySelector("[data-shown]");
  const spoken = note.querySelector("[role=status]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  let timer;

  const update = () => {
    const left = Number(note.dataset.countMax) - field.value.length;
    const text = note.dataset.countText.replace("0", numbers.format(left));
    shown.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (document.activeElement === field) spoken.textContent = text;
    }, PAUSE);
  };
  field.addEventListener("input", update);
  update();
  note.hidden = false;
}

for (const note of document.querySelectorAll("[data-count-for]")) count(note);
