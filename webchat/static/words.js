// The page's words: both languages came with the page, so that it can change without a reload.

const data = JSON.parse(document.getElementById("page-data").textContent);

export const { controls, numbers, expired, idleMinutes } = data;
export const notTaken = new Set(data.notTaken);

/** The language that the page is in. */
export const language = () => document.documentElement.lang;

/** A word of the page in its language. */
export const word = (name) => data.words[language()][name];

/** What to show when nothing can be reached: the emergency words. */
export const unreachable = () => data.unreachable[language()];

/** Puts the whole page into a language. What was said stays as it was said. */
export function speak(code) {
  if (!(code in data.words) || code === language()) return;
  document.documentElement.lang = code;
  document.documentElement.dir = word("direction");
  for (const each of document.querySelectorAll("[data-word]")) {
    each.textContent = word(each.dataset.word);
  }
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", word(each.dataset.label));
  }
  for (const each of document.querySelectorAll("[data-placeholder]")) {
    each.placeholder = word(each.dataset.placeholder);
  }
  for (const each of document.querySelectorAll(".language")) {
    each.hidden = each.value === code;
  }
  spellOutLeaving();
}

/** Leaves the words about leaving where leave.js finds them without this module. */
export function spellOutLeaving() {
  const link = document.getElementById("leave");
  for (const name of ["leave_two_more", "leave_one_more", "leaving"]) link.dataset[name] = word(name);
}
