// Puts what is said into the page. Text only ever becomes text: no HTML is made from words.
// The markup is that of templates/entry.html.

import { controls, language, numbers, word } from "./words.js";

const NUMBER = new RegExp(numbers.pattern, "g");
const DATE = new RegExp(`^${numbers.date}$`);
const TEXTING = new RegExp(numbers.texting, "u");
const NAMED = new RegExp(numbers.named);
const MORE = new RegExp(numbers.more);
const POINT = "– ";

const log = document.getElementById("log");
const answers = document.getElementById("answers");
const controlRow = document.getElementById("controls");

/** Adds what the visitor said. */
export function showSaid(text) {
  const entry = make("div", "entry visitor kind-text");
  entry.lang = language();
  entry.append(make("span", "unseen", `${word("you")}: `), make("p", "", text));
  log.append(entry);
  return entry;
}

/** Adds replies, and returns the first of them. */
export function showReplies(replies) {
  const entries = replies.map(entryOf);
  log.append(...entries);
  return entries[0];
}

/** Shows the buttons of the latest question, the controls in their own quieter row. */
export function showButtons(titles) {
  const buttons = titles.map((title, index) => {
    const control = controls[title];
    const button = make("button", control ? "control" : "answer", title);
    button.name = "button";
    button.value = index;
    if (control) button.dataset.control = control;
    return button;
  });
  answers.replaceChildren(...buttons.filter((each) => !each.dataset.control));
  controlRow.replaceChildren(...buttons.filter((each) => each.dataset.control));
}

/** Takes the answers away while a turn is under way; the controls keep their place, at rest. */
export function restButtons() {
  answers.replaceChildren();
  for (const button of controlRow.children) button.disabled = true;
}

/** The titles of the buttons that can be pressed now, in the order in which they came. */
export function shownButtons() {
  return [...document.querySelectorAll("#chat button[name=button]")]
    .sort((one, other) => one.value - other.value)
    .map((each) => each.textContent.trim());
}

function entryOf(reply) {
  const entry = make("div", `entry bot kind-${reply.kind}`);
  entry.lang = language();
  if (reply.kind === "emergency") entry.setAttribute("role", "alert");
  entry.append(make("span", "unseen", `${word("answer")}: `));
  for (const block of reply.text.trim().split(/\n\s*\n/)) entry.append(...blockOf(block, reply.kind));
  return entry;
}

// In a plan, the first line of a block names it; of services, each line stands alone; "– " begins
// a point.
function blockOf(text, kind) {
  const lines = text.trim().split("\n");
  const parts = [];
  if (kind === "plan" && !/[.?:]$/.test(lines[0])) parts.push(make("h2", "", lines.shift()));
  const plain = lines.filter((line) => !line.startsWith(POINT));
  const paragraphs = kind === "services" || !plain.length ? plain : [plain.join("\n")];
  parts.push(...paragraphs.map((paragraph) => linked(make("p"), paragraph)));
  const points = lines.filter((line) => line.startsWith(POINT));
  if (points.length) {
    const list = make("ul");
    list.append(...points.map((point) => linked(make("li"), point.slice(POINT.length))));
    parts.push(list);
  }
  return parts;
}

/** Fills an element with text in which numbers can be called or texted. */
function linked(element, text) {
  let end = 0;
  for (const found of text.matchAll(NUMBER)) {
    const before = text.slice(0, found.index);
    const href = linkOf(found[0], before, text.slice(found.index + found[0].length));
    if (!href) continue;
    const link = make("a", "", found[0]);
    link.href = href;
    element.append(text.slice(end, found.index), link);
    end = found.index + found[0].length;
  }
  element.append(text.slice(end));
  return element;
}

// The same as Links.link in templates/numbers.py.
function linkOf(text, before, after) {
  const digits = text.replace(/\D/g, "");
  const texted = TEXTING.test(before);
  const fits = digits.length >= numbers.fewest && digits.length <= numbers.most;
  const inPlace = digits.length > 1 && (texted || (NAMED.test(before) && MORE.test(after)));
  if (!(fits && !DATE.test(text)) && !numbers.short.includes(digits) && !inPlace) return "";
  const sign = { "+": "+", "*": "*", "#": "%23" }[text[0]] ?? "";
  return `${texted ? "sms" : "tel"}:${sign}${digits}`;
}

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}
