/* How many questions are answered, while somebody fills a survey in.
   The page gives two sentences, for one and for several; 0 stands for the number of questions. */

function isAnswered(question) {
  const area = question.querySelector("textarea");
  if (area) return area.value.trim() !== "";
  return [...question.querySelectorAll("input:checked")].some((input) => input.value !== "");
}

function follow(form) {
  const place = form.querySelector("[data-survey-progress]");
  const questions = [...form.querySelectorAll("[data-question]")];
  if (!place || questions.length < 3) return;
  const bar = place.querySelector("progress");
  const text = place.querySelector("[data-progress-text]");

  const update = () => {
    const done = questions.filter(isAnswered).length;
    const sentence = done === 1 ? text.dataset.one : text.dataset.many.replace("2", done);
    text.textContent = sentence.replace(/\b0\b(?!.*\b0\b)/, questions.length);
    bar.value = done;
  };
  form.addEventListener("input", update);
  update();
  place.hidden = false;
}

for (const form of document.querySelectorAll("[data-survey]")) follow(form);
