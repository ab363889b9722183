// Leaving the page: at once, whatever else works or fails. Stands alone on purpose.
// The order is what matters: nothing on the screen first, then nothing in memory, then away.

const PRESSES = 3;
const PATIENCE = 5000; // milliseconds, counted anew at each press

const link = document.getElementById("leave");
const neutral = link.href;
const tasks = [];

/** Remembers something to wipe when the page is left. */
export function whenLeaving(task) {
  tasks.push(task);
}

/** Leaves the page, and with it every other tab of it. One failing step never stops the next. */
export function leave() {
  for (const step of [blank, tellOthers, ...tasks.splice(0), go]) attempt(step);
}

const others = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;
others?.addEventListener("message", () => {
  for (const step of [blank, ...tasks.splice(0), go]) attempt(step);
});

function tellOthers() {
  others?.postMessage("");
}

function attempt(step) {
  try {
    step();
  } catch {
    // Nobody is left to tell.
  }
}

/** Takes everything off the screen and out of the tab; the calm background stays. */
export function blank() {
  document.body.replaceChildren();
  document.title = "";
  for (const each of document.querySelectorAll("link[rel=icon], script")) each.remove();
  // For those who can't see that the page is gone; spoken because it comes after the element.
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "alert");
  document.body.append(said);
  said.textContent = link.dataset.leaving;
}

function go() {
  try {
    location.replace(neutral);
  } catch {
    location.assign(neutral);
  }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".leave, .second-leave, .erase")) return;
  event.preventDefault();
  leave();
});

// Coming back by the back button shows an empty page, never the chat.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const step of [blank, ...tasks.splice(0)]) attempt(step);
});

// Shift three times, alone: as part of a capital letter or a shortcut it doesn't count.
// Esc three times, outside text fields, where it has other uses.
let key = "";
let presses = 0;
let timer = 0;
let shiftAlone = false;

function count(pressed) {
  presses = key === pressed ? presses + 1 : 1;
  key = pressed;
  clearTimeout(timer);
  timer = setTimeout(reset, PATIENCE);
  if (presses === PRESSES) leave();
  else tell(presses === PRESSES - 1 ? "leave_one_more" : "leave_two_more");
}

function reset() {
  clearTimeout(timer);
  if (!presses) return;
  presses = 0;
  tell("");
}

/** Says to those who can't see it how many presses are left. */
function tell(word) {
  const status = document.getElementById("leave-status");
  if (status) status.textContent = word && (link.dataset[word] ?? "");
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Shift") {
      if (!event.repeat) shiftAlone = !(event.ctrlKey || event.altKey || event.metaKey);
    } else {
      shiftAlone = false;
      if (event.key !== "Escape" || isWriting(event.target)) reset();
      else if (!event.repeat) count("Escape");
    }
  },
  true,
);
document.addEventListener(
  "keyup",
  (event) => {
    if (event.key === "Shift" && shiftAlone) count("Shift");
  },
  true,
);
document.addEventListener("pointerdown", () => (shiftAlone = false), true);

function isWriting(target) {
  return target.matches?.("textarea, input, [contenteditable]") ?? false;
}
