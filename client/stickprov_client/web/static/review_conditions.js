// Shows the questions that apply with the answers so far and hides the others. What is hidden keeps its answer; the
// server leaves it out. Without this script every question is there, each saying when it applies.

const sheet = document.querySelector("#review");

function controlsOf(field) {
  return [...sheet.querySelectorAll(`[name="${CSS.escape(field)}"]`)];
}

function valuesOf(field) {
  return controlsOf(field)
    .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
    .map((control) => control.value)
    .filter((value) => value !== "");
}

function applies(question) {
  const deciding = sheet.querySelector(`.question[data-field="${CSS.escape(question.dataset.if)}"]`);
  if (deciding && deciding.hidden) return false;
  const values = valuesOf(question.dataset.if);
  return question.dataset.answers.split(" ").some((answer) => values.includes(answer));
}

function isLeft(question) {
  return !question.hidden && !("optional" in question.dataset) && valuesOf(question.dataset.field).length === 0;
}

function arrange() {
  for (const question of sheet.querySelectorAll("[data-if]")) question.hidden = !applies(question);
  for (const subunit of sheet.querySelectorAll("[data-subunit]")) {
    const outcome = subunit.querySelector("[data-outcome]");
    const asked = subunit.querySelector("[data-asked]");
    asked.hidden = outcome.value !== "reviewed";
    const left = asked.hidden ? 0 : [...asked.querySelectorAll(".question")].filter(isLeft).length;
    const told = subunit.querySelector("[data-left]");
    told.textContent = left === 0 ? told.dataset.none : told.dataset.some.replace("{count}", String(left));
    told.classList.toggle("good", left === 0);
    told.hidden = false;
  }
}

if (sheet) {
  document.documentElement.classList.add("scripted");
  sheet.addEventListener("input", arrange);
  sheet.addEventListener("change", arrange);
  arrange();
}
