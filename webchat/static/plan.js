// The plan's own page: leaving erases the talk, and nobody finds the page open after a while.

import { whenLeaving } from "./leave.js";

const conversation = document.querySelector("[name=conversation]")?.value;
whenLeaving(() => {
  if (!conversation) return;
  const headers = { "X-Conversation": conversation };
  fetch("/api/conversations", { method: "DELETE", headers, keepalive: true });
});

const idle = Number(document.body.dataset.idle) * 60_000;
let timer = 0;

/** Somebody is there: the time begins anew after which this page is emptied. */
function stillHere() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace("/"), idle);
}
for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, stillHere, true);
stillHere();

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
