// Takes over the page that works without it: what was a form becomes a conversation without reloads.
// Everything it knows is in memory. It stores nothing, and leaving wipes it.

import { leave, whenLeaving } from "./leave.js";
import { Line } from "./line.js";
import { restButtons, showButtons, shownButtons, showReplies, showSaid } from "./show.js";
import {
  expired, idleMinutes, language, notTaken, speak, spellOutLeaving, unreachable, word,
} from "./words.js";

const BEFORE_WORRYING = 1500; // milliseconds: a line that is back by then was never worth a word
const EDGE = 12; // pixels of air above what is scrolled to

const $ = (id) => document.getElementById(id);
const form = $("talk");
const log = $("log");
const say = $("say");
const state = $("state");

let after = null; // id of the last turn whose replies are shown; null when only the server knows
let buttons = []; // titles of the latest question's buttons
let worry = 0;
let worried = false;
let idle = 0; // the timer that ends the talk
let lastSign = 0; // when somebody was last here

const line = new Line({ heard, gone, broken, whole, leaving: leave });
whenLeaving(() => {
  clearTimeout(worry);
  clearTimeout(idle);
  after = null;
  buttons = [];
  line.end();
});

// ── When nobody is there any more ──

/** Somebody is there: the time begins anew after which the talk ends here too. */
function stillHere() {
  lastSign = Date.now();
  clearTimeout(idle);
  idle = setTimeout(endIfIdle, idleMinutes * 60_000);
}

/** Takes the talk off the screen when it has ended on the server: somebody else may sit down here. */
function endIfIdle() {
  if (!lastSign || Date.now() - lastSign < idleMinutes * 60_000) return;
  line.end();
  clear();
  state.textContent = word("ended");
}

/** Takes a talk that is over off the screen. */
function clear() {
  clearTimeout(idle);
  lastSign = 0;
  whole();
  log.replaceChildren();
  say.value = "";
  after = null;
  buttons = [];
  showButtons([]);
  showWaiting();
  offerStart();
}

/** Erases the talk here and there, and shows what the server says of it. */
async function erase() {
  const asked = line.endWithReceipt(language());
  clear();
  const words = (await asked) ?? [word("promise_receipt_unreachable")];
  if (line.isOpen) return; // a new talk has begun meanwhile
  state.textContent = words.join(" ");
  document.querySelector("#answers button")?.focus();
}

// A timer sleeps while the device does.
document.addEventListener("visibilitychange", endIfIdle);

// ── What the visitor does ──

form.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (pressed?.name === "plan") return carry();
  event.preventDefault();
  if (pressed?.name === "button") press(Number(pressed.value));
  else if (pressed?.name === "switch") switchTo(pressed);
  else if (pressed?.name === "start") begin();
  else if (pressed?.name === "erase") erase();
  else sendWritten();
});

say.addEventListener("keydown", (event) => {
  // While a word is being composed (Chinese, Japanese, accents), Enter belongs to the keyboard.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendWritten();
});
say.addEventListener("input", () => {
  grow();
  stillHere();
});

/** Puts into the form what a page without scripts carries: the plan has a page of its own. */
function carry() {
  for (const [name, value] of [["conversation", line.conversation], ["language", language()]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value, autocomplete: "off" });
    form.append(field);
  }
}

function sendWritten() {
  const text = say.value.trim();
  if (!text) return;
  say.value = "";
  grow();
  send({ text }, text);
}

function press(index) {
  log.focus({ preventScroll: true }); // the button goes away, and the focus must be somewhere
  send({ button: index }, buttons[index]);
}

function switchTo(button) {
  speak(button.value);
  if (!$("chat").hidden) send({ text: button.textContent.trim() }, button.textContent.trim());
}

function send(turn, words) {
  const sent = { ...turn, turn: newId() };
  if (after !== null) sent.after = after;
  const entry = showSaid(words);
  const before = buttons;
  buttons = [];
  restButtons();
  reveal(entry);
  // What the server never sees stays here: it is needed if the turn is not taken.
  kept.set(sent, { entry, buttons: before, text: turn.text });
  line.say(sent);
  stillHere();
  showWaiting();
}

const kept = new WeakMap();

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ── What the line brings ──

function heard(frame, turn) {
  stillHere();
  if (frame.language) speak(frame.language);
  settle(frame.replies.map((reply) => reply.message), turn);
  const titles = frame.replies.flatMap((reply) => reply.buttons.map((button) => button.title));
  const first = frame.replies.length ? showReplies(frame.replies) : null;
  if (titles.length) buttons = titles;
  // Where more turns are under way, the buttons belong to the last of them.
  if (!line.isWaiting) showButtons(buttons);
  showWaiting();
  if (!first) return;
  reveal(first);
  if (turn) takeFocus();
}

/** Notes which turn was last taken; one that wasn't gives the words and buttons back. */
function settle(messages, turn) {
  if (!turn) return;
  const { entry, buttons: before, text } = kept.get(turn);
  if (messages.includes(expired)) after = null;
  else if (!messages.some((message) => notTaken.has(message))) after = turn.turn;
  else {
    entry.remove();
    buttons = before;
    if (text && !say.value) say.value = text;
    grow();
  }
}

function gone(frame, unsent) {
  clearTimeout(idle);
  lastSign = 0;
  whole();
  if (!say.value) say.value = unsent.map((turn) => turn.text ?? "").join("\n");
  showReplies(frame.replies);
  buttons = [];
  showButtons(buttons);
  showWaiting();
  after = null;
  offerStart();
}

function broken() {
  worry ||= setTimeout(() => {
    state.textContent = word("lost");
    if (!worried) reveal(showReplies(unreachable()));
    worried = true;
    showWaiting();
  }, BEFORE_WORRYING);
}

function whole() {
  clearTimeout(worry);
  worry = 0;
  state.textContent = worried ? word("found") : "";
  worried = false;
}

// ── How the page looks ──

function showWaiting() {
  $("waiting").hidden = !line.isWaiting || worried;
}

/** Makes the box as high as what is in it. */
function grow() {
  say.style.height = "auto";
  say.style.height = `${say.scrollHeight + say.offsetHeight - say.clientHeight}px`;
}

/** Scrolls to the end, but never so far that the beginning of what is new is out of sight. */
function reveal(entry) {
  const top = document.querySelector(".top").offsetHeight;
  const start = entry.getBoundingClientRect().top + scrollY - top - EDGE;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scrollTo({ top: Math.min(start, document.body.scrollHeight), behavior: still ? "auto" : "smooth" });
}

/** After a press the focus goes to the first answer; while someone writes it stays where it is. */
function takeFocus() {
  if (document.activeElement !== log && document.activeElement !== document.body) return;
  const answer = document.querySelector("#answers button");
  const byTouch = matchMedia("(pointer: coarse)").matches; // a focused box would call the keyboard
  if (answer) answer.focus({ preventScroll: true });
  else if (!byTouch) say.focus({ preventScroll: true });
}

// ── Beginning ──

function offerStart() {
  const start = document.createElement("button");
  start.name = "start";
  start.className = "answer main-answer";
  start.dataset.word = "start_again";
  start.textContent = word("start_again");
  $("answers").replaceChildren(start);
  $("erase-only").hidden = true;
  $("to-plan").hidden = true;
  $("dock").hidden = true;
}

function begin(conversation = "") {
  $("start")?.remove();
  $("chat").hidden = false;
  $("erase-only").hidden = false;
  $("to-plan").hidden = false;
  $("dock").hidden = false;
  showButtons([]);
  state.textContent = "";
  grow();
  line.open(language(), conversation);
}

/** Goes on with a talk that began in another place; its link opens once, and stays nowhere. */
async function arrive() {
  const key = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  spellOutLeaving();
  const answer = await fetch("/api/moves", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": language() },
    body: JSON.stringify({ key }),
  }).catch(() => null);
  if (!answer?.ok) {
    const why = word(answer?.status === 404 ? "move_gone" : "move_failed");
    showReplies([{ message: "move_gone", text: why, buttons: [], kind: "text" }]);
    takeOver();
    return;
  }
  const { conversation, replies, turn } = await answer.json();
  speak(answer.headers.get("Content-Language"));
  say.removeAttribute("maxlength");
  document.documentElement.classList.add("scripted");
  begin(conversation);
  after = turn || null;
  heard({ replies });
}

function takeOver() {
  spellOutLeaving();
  say.removeAttribute("maxlength"); // here a text that is too long gets an answer instead
  document.documentElement.classList.add("scripted");
  const carried = (name) => form.elements.namedItem(name)?.value;
  const conversation = carried("conversation");
  if (!conversation) return begin();
  after = carried("after") || null;
  buttons = shownButtons();
  for (const field of form.querySelectorAll("input")) field.remove();
  grow();
  return line.open(language(), conversation);
}

// A helper's link: what it opens is sealed, and its key stands behind the #.
if (/^#[\w-]{22}\.[\w-]{22}$/.test(location.hash)) import("./slice.js").then((slice) => slice.open());
// A talk that goes on here: its key stands behind the #, too.
else if (/^#[\w-]{43}$/.test(location.hash)) arrive();
else takeOver();
