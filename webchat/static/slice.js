// A helper's link: fetches what is sealed, opens it here, and shows it. The key never leaves this page.

import { word } from "./words.js";

/** Opens the slice that the address names, and takes its key out of the address. */
export async function open() {
  const [name, key] = location.hash.slice(1).split(".");
  history.replaceState(null, "", location.pathname);
  const shown = document.createElement("section");
  shown.className = "slice";
  shown.append(make("h1", word("title")));
  document.querySelector("main").replaceChildren(shown);
  try {
    const answer = await fetch("/api/slices/opened", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name }),
    });
    if (!answer.ok) return say(shown, word("slice_gone"));
    show(shown, await unsealed((await answer.json()).sealed, bytes(key), bytes(name)));
  } catch {
    say(shown, word("slice_closed"));
  }
}

async function unsealed(sealed, key, name) {
  const whole = bytes(sealed);
  const opener = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: whole.slice(0, 12), additionalData: name };
  const plain = new Uint8Array(await crypto.subtle.decrypt(how, opener, whole.slice(12)));
  const length = new DataView(plain.buffer).getUint32(0);
  return JSON.parse(new TextDecoder().decode(plain.slice(4, 4 + length)));
}

function show(place, slice) {
  place.lang = slice.language;
  say(place, word("slice_about"));
  place.append(list(slice.numbers));
  for (const part of slice.sections) {
    place.append(make("h2", part.title));
    if (part.caution) place.append(make("p", part.caution));
    place.append(list(part.steps.map((step) => (step.about ? `${step.about}: ${step.text}` : step.text))));
  }
}

function list(texts) {
  const points = make("ul", "");
  points.append(...texts.map((text) => make("li", text)));
  return points;
}

function say(place, text) {
  place.append(make("p", text));
}

function make(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
