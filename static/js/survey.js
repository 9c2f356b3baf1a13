/* A survey while somebody fills it in. Everything here can be done without it, too:
   questions appear and disappear with the answers that they hang on, places are given with
   buttons, points are added up, the words of "other" open with their box, going back finds what
   was typed, and on one page the answered questions are counted. Sentences come from the page. */

const ONE = /\b1\b/;
const NONE = /\b0\b/;

/* What was answered -------------------------------------------------------------------------- */

function partsOf(question) {
  return [...question.querySelectorAll("input, select, textarea")].filter((part) => !part.disabled);
}

function isAnswered(question) {
  return partsOf(question).some((part) => {
    if (part.closest("[data-words]")) return false;
    if (part.type === "radio" || part.type === "checkbox") return part.checked && part.value !== "";
    return part.value.trim() !== "";
  });
}

function tickedIn(question) {
  const ticked = [...question.querySelectorAll("input:checked")].map((input) => input.value);
  for (const part of question.querySelectorAll("[data-ranking] select, [data-sum] input")) {
    if (Number.parseInt(part.value, 10) > 0) ticked.push(part.name.slice(part.name.indexOf(":") + 1));
  }
  return ticked;
}

/* As on the server: a separator before exactly three digits groups them. */
function numberIn(question) {
  if (question.dataset.kind === "scale") {
    const chosen = question.querySelector("input:checked:not([data-role=no_answer])");
    return chosen ? Number(chosen.value) : Number.NaN;
  }
  if (question.dataset.kind !== "number") return Number.NaN;
  const text = question.querySelector("input[type=text]").value.trim();
  const grouped = text.replace(/^-?[1-9]\d{0,2}([.,\s'])\d{3}(?:\1\d{3})*(?!\d)/, (whole) => whole.replace(/[^\d-]/g, ""));
  return grouped === "" ? Number.NaN : Number(grouped.replace(",", "."));
}

/* Conditions --------------------------------------------------------------------------------- */

function holds(term, page) {
  if (typeof term === "boolean") return term;
  const earlier = page.get(term.earlier);
  const isAsked = earlier && !earlier.hidden && !earlier.closest("[data-question]").hidden;
  if (term.operator === "ticked" || term.operator === "not_ticked") {
    const isTicked = Boolean(isAsked) && tickedIn(earlier).includes(term.choice);
    return isTicked === (term.operator === "ticked");
  }
  const number = isAsked ? numberIn(earlier) : Number.NaN;
  if (Number.isNaN(number)) return false;
  return term.operator === "at_least" ? number >= term.number : number <= term.number;
}

/* A question that is not asked is hidden and not sent; what was typed stays in it. */
function follow(form) {
  const page = new Map([...form.querySelectorAll("[data-code]")].map((part) => [part.dataset.code, part]));
  const hanging = [...form.querySelectorAll("[data-rule]")].map((part) => [part, JSON.parse(part.dataset.rule)]);
  if (hanging.length === 0) return;
  const update = () => {
    for (const [part, rule] of hanging) {
      const terms = rule.terms.map((term) => holds(term, page));
      const isAsked = rule.all ? terms.every(Boolean) : terms.some(Boolean);
      part.hidden = !isAsked;
      for (const field of part.querySelectorAll("input, select, textarea, button")) {
        field.disabled = !isAsked || Boolean(field.closest("[data-rule][hidden]"));
      }
    }
    form.dispatchEvent(new Event("asked"));
  };
  form.addEventListener("input", update);
  update();
}

/* The words of "other" ------------------------------------------------------------------------- */

function openWords(place) {
  const question = place.closest("[data-question]");
  const box = question.querySelector("[data-role=other]");
  if (!box) return;
  const field = place.querySelector("input");
  const update = () => {
    place.hidden = !box.checked && field.value === "";
  };
  question.addEventListener("change", (event) => {
    update();
    if (event.target === box && box.checked) field.focus();
  });
  field.addEventListener("input", () => {
    if (field.value !== "" && !box.checked) {
      box.checked = true;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  update();
}

/* A ranking ------------------------------------------------------------------------------------ */

function rank(list) {
  const question = list.closest("[data-question]");
  const status = question.querySelector("[data-rank-status]");
  const items = [...list.querySelectorAll("[data-rank-item]")];
  const select = (item) => item.querySelector("select");
  const placeOf = (item) => Number.parseInt(select(item).value, 10) || 0;
  const most = select(items[0]).options.length - 1;

  const ranked = () => items.filter(placeOf).sort((one, other) => placeOf(one) - placeOf(other));

  const show = (order) => {
    for (const item of items) select(item).value = "";
    order.slice(0, most).forEach((item, at) => {
      select(item).value = String(at + 1);
    });
    const first = order.slice(0, most);
    const all = [...first, ...items.filter((item) => !first.includes(item))];
    all.forEach((item, at) => {
      item.classList.toggle("is-ranked", at < first.length);
      item.querySelector("[data-rank-up]").disabled = at === 0 && first.length > 0;
      item.querySelector("[data-rank-down]").disabled = at >= first.length;
      list.append(item);
    });
  };

  const say = (item) => {
    const sentence = placeOf(item) ? list.dataset.said : list.dataset.saidNone;
    const name = item.querySelector("label").textContent.trim();
    status.textContent = sentence.replace(ONE, String(placeOf(item))).replace(NONE, () => name);
  };

  const move = (item, by, button) => {
    const order = ranked();
    const at = order.indexOf(item);
    if (at < 0) {
      if (order.length === most) order.pop();
      order.push(item);
    } else if (by < 0 && at > 0) {
      [order[at - 1], order[at]] = [order[at], order[at - 1]];
    } else if (by > 0 && at < order.length - 1) {
      [order[at], order[at + 1]] = [order[at + 1], order[at]];
    } else if (by > 0) {
      order.pop();
    }
    show(order);
    say(item);
    /* Moving an element takes the focus from it. */
    (button.disabled ? item.querySelector("button:not(:disabled)") : button).focus();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  };

  for (const item of items) {
    item.querySelector("[data-rank-move]").hidden = false;
    const [up, down] = [item.querySelector("[data-rank-up]"), item.querySelector("[data-rank-down]")];
    up.addEventListener("click", () => move(item, -1, up));
    down.addEventListener("click", () => move(item, 1, down));
    select(item).addEventListener("change", () => {
      const wanted = placeOf(item);
      const order = ranked().filter((one) => one !== item);
      if (wanted) order.splice(wanted - 1, 0, item);
      show(order);
      say(item);
      select(item).focus();
    });
  }
  /* What the server could not take stays as it was typed, until something is moved. */
  const places = items.map(placeOf).filter(Boolean);
  if (new Set(places).size === places.length && Math.max(0, ...places) === places.length) show(ranked());
}

/* Points to distribute --------------------------------------------------------------------------- */

function addUp(list) {
  const question = list.closest("[data-question]");
  const note = question.querySelector("[data-sum-text]");
  const points = Number(question.dataset.points);
  const update = () => {
    let sum = 0;
    for (const field of list.querySelectorAll("input")) sum += Number.parseInt(field.value, 10) || 0;
    const left = points - sum;
    const sentence = left > 0 ? note.dataset.left : left < 0 ? note.dataset.over : note.dataset.done;
    note.textContent = sentence.replace(NONE, "\u0000").replace(ONE, String(points)).replace("\u0000", String(Math.abs(left)));
    note.classList.toggle("is-over", left < 0);
    note.classList.toggle("is-done", left === 0);
  };
  list.addEventListener("input", update);
  update();
  note.hidden = false;
}

/* "No answer" and an answer exclude each other ---------------------------------------------------- */

function exclude(question) {
  const none = question.querySelector("input[type=checkbox][data-role=no_answer]");
  if (!none) return;
  question.addEventListener("change", (event) => {
    if (event.target === none && none.checked) {
      for (const box of question.querySelectorAll("input[type=checkbox]:checked")) box.checked = box === none;
    } else if (event.target !== none && (event.target.type !== "checkbox" || event.target.checked)) {
      none.checked = false;
    }
  });
}

/* Going back in the browser: what was typed is still there. It is kept for this tab only and until
   the answers are sent, so that the browser need not offer it to whoever types here next. */

const KEPT = "bt-survey ";

function remember(form) {
  const name = KEPT + form.elements.submission.value + form.elements.page.value;
  const fields = [...form.elements].filter((part) => part.name && part.matches("input:not([type=hidden]), select, textarea"));
  const isBox = (part) => part.type === "radio" || part.type === "checkbox";
  form.setAttribute("autocomplete", "off");
  try {
    const kept = JSON.parse(sessionStorage.getItem(name));
    const [arrival] = performance.getEntriesByType("navigation");
    if (["back_forward", "reload"].includes(arrival?.type) && kept?.length === fields.length) {
      fields.forEach((part, at) => {
        if (isBox(part)) part.checked = kept[at];
        else part.value = kept[at];
      });
    }
    addEventListener("pagehide", () => {
      sessionStorage.setItem(name, JSON.stringify(fields.map((part) => (isBox(part) ? part.checked : part.value))));
    });
  } catch {
    /* A browser that keeps nothing: the buttons of the form go back as well. */
  }
}

function forget() {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(KEPT)) sessionStorage.removeItem(name);
    }
  } catch {
    /* Nothing was kept. */
  }
}

/* The browser's way back from a step goes one step back, as our button does. Without this it would
   ask to send a form again, because no page with answers is kept in its cache. A browser skips
   entries of its history that were made before somebody did something, so this waits for that. */

function stepBack(form) {
  const button = form.querySelector("button[name=tun][value=zurueck]");
  if (!button) return;
  const begin = () => {
    removeEventListener("pointerdown", begin);
    removeEventListener("keydown", begin);
    history.pushState("step", "");
  };
  addEventListener("pointerdown", begin);
  addEventListener("keydown", begin);
  addEventListener("popstate", (event) => {
    if (event.state !== "step" && !location.hash) form.requestSubmit(button);
  });
}

/* How many questions are answered, on one page ----------------------------------------------------- */

function count(form) {
  const place = form.querySelector("[data-survey-progress]");
  const questions = [...form.querySelectorAll("[data-question]")];
  if (!place || questions.length < 3) return;
  const bar = place.querySelector("progress");
  const text = place.querySelector("[data-progress-text]");

  const update = () => {
    const asked = questions.filter((question) => !question.hidden);
    const done = asked.filter(isAnswered).length;
    const sentence = done === 1 ? text.dataset.one : text.dataset.many.replace("2", done);
    text.textContent = sentence.replace(/\b0\b(?!.*\b0\b)/, asked.length);
    bar.max = asked.length;
    bar.value = done;
  };
  form.addEventListener("input", update);
  form.addEventListener("asked", update);
  update();
  place.hidden = false;
}

for (const form of document.querySelectorAll("#bogen")) stepBack(form);
for (const form of document.querySelectorAll("[data-survey]")) {
  remember(form);
  for (const list of form.querySelectorAll("[data-ranking]")) rank(list);
  for (const list of form.querySelectorAll("[data-sum]")) addUp(list);
  for (const place of form.querySelectorAll("[data-words]")) openWords(place);
  for (const question of form.querySelectorAll("[data-question]")) exclude(question);
  follow(form);
  count(form);
}
if (document.querySelector("[data-receipt]")) forget();
