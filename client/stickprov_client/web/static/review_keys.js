// Answers by keyboard: digits and the first letters of yes and no choose, Enter goes on, Ctrl+Enter sends, ? tells.
// Single keys can be turned off and never act while somebody writes in a field.

const form = document.querySelector("form#review[data-draft]");
const dialog = document.querySelector("[data-keys-dialog]");
const toggles = [...document.querySelectorAll("[data-keys-toggle]")];
const YEAR = 365 * 24 * 3600;
let on = document.querySelector("[data-keys]")?.dataset.keys === "on";

const isWriting = (element) =>
  element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");
const questions = () => [...form.querySelectorAll(".question[data-field]")].filter((one) => one.checkVisibility());
const choicesOf = (question) => [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
const fieldOf = (question) => question.querySelector("textarea, select, input:not([type=radio], [type=checkbox])");

function isAnswered(question) {
  const field = fieldOf(question);
  return field ? field.value.trim() !== "" : choicesOf(question).some((choice) => choice.checked);
}

// What was refused, until it is changed, is as good as unanswered.
const isLeft = (question) => question.classList.contains("wrong") || !isAnswered(question);

function present() {
  return document.activeElement?.closest(".question[data-field]") ?? questions().find(isLeft) ?? null;
}

function goTo(question) {
  const choices = question ? choicesOf(question) : [];
  const target = question
    ? (fieldOf(question) ?? choices.find((choice) => choice.checked) ?? choices[0])
    : form.querySelector("[data-submit]");
  target.focus({ preventScroll: true });
  (question ?? target).scrollIntoView({ block: "nearest" });
}

function goOnFrom(question) {
  const all = questions();
  const behind = question ? all.slice(all.indexOf(question) + 1) : all;
  goTo(behind.find(isLeft) ?? all.find((one) => one !== question && isLeft(one)) ?? null);
}

function choose(question, choice) {
  choice.checked = choice.type === "radio" || !choice.checked;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  if (choice.type === "radio") goOnFrom(question);
  else choice.focus();
}

function answer(key) {
  const question = present();
  if (!question) return false;
  const choices = choicesOf(question).filter((choice) => choice.value !== "");
  const chosen = /^[1-9]$/.test(key) ? choices[Number(key) - 1] : choices.find((choice) => choice.dataset.key === key);
  if (chosen) choose(question, chosen);
  // What is typed goes into the field that waits for it.
  else if (/^[0-9]$/.test(key) && fieldOf(question)) fieldOf(question).focus();
  return Boolean(chosen);
}

function turn(wanted) {
  on = wanted;
  document.cookie = `stickprov-shortcuts=${on ? "on" : "off"}; path=/; max-age=${YEAR}; samesite=lax`;
  show();
}

function show() {
  document.documentElement.classList.toggle("single-keys", on);
  for (const toggle of toggles) toggle.textContent = on ? toggle.dataset.turnOff : toggle.dataset.turnOn;
}

function pressed(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.isComposing || dialog?.open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(form.querySelector("[data-submit]"));
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter" && (target === document.body || target.matches("form#review input"))) {
    event.preventDefault();
    goOnFrom(target.closest(".question[data-field]"));
    return;
  }
  if (!on || event.repeat || isWriting(target)) return;
  if (event.key === "?" && dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (answer(event.key.toLowerCase())) event.preventDefault();
}

if (form) {
  for (const part of document.querySelectorAll("[data-keys]")) part.hidden = false;
  for (const toggle of toggles) toggle.addEventListener("click", () => turn(!on));
  document.querySelector("[data-keys-open]")?.addEventListener("click", () => dialog.showModal());
  document.querySelector("[data-keys-close]")?.addEventListener("click", () => dialog.close());
  document.addEventListener("keydown", pressed);
  form.addEventListener("input", (event) => event.target.closest(".question")?.classList.remove("wrong"));
  document.querySelector(".faults")?.focus();
  show();
}
