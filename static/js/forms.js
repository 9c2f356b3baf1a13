/* How many characters are left, or too many, beside a long text field. Said aloud only after a
   pause. The page gives the sentences with a 0, which the number replaces. */

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
    const words = left < 0 ? note.dataset.countOver : note.dataset.countText;
    const text = words.replace("0", numbers.format(Math.abs(left)));
    shown.textContent = text;
    note.classList.toggle("is-over", left < 0);
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
