// The line to the server: a WebSocket, or plain requests where WebSockets are blocked.
// A turn waits here until it is answered. After a broken line it is sent again with the same id,
// and the server answers a repeated id with the same replies: nothing is lost, nothing said twice.

import { solve } from "./work.js";

const OPENING = 6000; // milliseconds a new line may take
const PATIENCE = 15000; // milliseconds an answer may take before the line counts as broken
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
const GONE = 4404;

export class Line {
  #listener;
  #language = "";
  #conversation = "";
  #turns = [];
  #socket = null;
  #byRequests = false;
  #asking = false;
  #pauses = 0;
  #timer = 0;
  #ended = true;

  /** The listener is told: heard(frame, turn), leaving(), gone(frame, unsent), broken(), whole(). */
  constructor(listener) {
    this.#listener = listener;
    addEventListener("online", () => this.#again());
  }

  /** Opens a new conversation, or takes up the one given. */
  open(language, conversation = "") {
    this.#language = language;
    this.#conversation = conversation;
    this.#ended = false;
    this.#connect();
  }

  /** Sends a turn as soon as the line and the turns before it allow. */
  say(turn) {
    this.#turns.push(turn);
    if (this.#turns.length === 1) this.#sendNext();
  }

  get conversation() {
    return this.#conversation;
  }

  get isOpen() {
    return !this.#ended;
  }

  get isWaiting() {
    return this.#turns.length > 0;
  }

  /** Ends the line, forgets everything and asks the server to do the same; waits for nothing. */
  end() {
    this.#erased()?.catch(() => {});
  }

  /** As end, and brings what the server says of it: words in a language; null if it says nothing. */
  async endWithReceipt(language) {
    const asking = { Prefer: "return=representation", "Accept-Language": language };
    try {
      const answer = await this.#erased(asking);
      return answer.ok ? (await answer.json()).words : null;
    } catch {
      return null;
    }
  }

  #erased(more = {}) {
    const conversation = this.#conversation;
    this.#stop();
    if (!conversation) return null;
    const headers = { ...more, "X-Conversation": conversation };
    return fetch("/api/conversations", { method: "DELETE", headers, keepalive: true });
  }

  #stop() {
    this.#ended = true;
    this.#conversation = "";
    this.#turns = [];
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  // ── Opening, and opening again ──

  #connect() {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#socket = null;
    this.#asking = false;
    if (this.#byRequests) this.#askToGoOn();
    else this.#openSocket();
  }

  /** Connects at once instead of at the end of the pause. */
  #again() {
    if (this.#pauses && !this.#socket && !this.#asking) this.#connect();
  }

  #connected() {
    this.#pauses = 0;
    this.#listener.whole();
  }

  #broken() {
    if (this.#ended) return;
    this.#socket = null;
    this.#listener.broken();
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#pauses++);
    clearTimeout(this.#timer);
    // A little by chance, so that after a restart not everybody comes back in the same moment.
    this.#timer = setTimeout(() => this.#connect(), pause * (0.75 + Math.random() / 2));
  }

  #goneFor(frame) {
    const unsent = this.#turns;
    this.#stop();
    this.#listener.gone(frame, unsent);
  }

  #take(frame) {
    if (frame.leave) {
      this.#turns = [];
      this.#listener.leaving();
      return;
    }
    const turn = this.#turns.shift();
    this.#listener.heard(frame, turn);
    this.#sendNext();
  }

  #sendNext() {
    const [turn] = this.#turns;
    if (!turn || !this.#conversation) return;
    if (this.#byRequests) this.#askTurn(turn);
    else if (this.#socket?.isGreeted) this.#sendBySocket(turn);
  }

  // ── By WebSocket ──

  #openSocket() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#dropped(socket), OPENING);
    socket.onopen = () => {
      const conversation = this.#conversation || undefined;
      socket.send(JSON.stringify({ conversation, language: this.#language }));
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#heardBySocket(socket, JSON.parse(data));
    };
    socket.onclose = ({ code }) => {
      if (code !== GONE) this.#dropped(socket);
    };
  }

  #heardBySocket(socket, frame) {
    clearTimeout(this.#timer);
    if (isGone(frame)) this.#goneFor(frame);
    else if (socket.isGreeted) this.#take(frame);
    else if (frame.conversation) this.#greetedBy(socket, frame);
    else if (frame.work) this.#workFor(socket, frame.work);
    else this.#goneFor(frame); // no conversation was to be had; the words say why
  }

  async #workFor(socket, puzzle) {
    const work = await solve(puzzle);
    if (socket !== this.#socket) return;
    socket.send(JSON.stringify({ language: this.#language, work }));
    this.#timer = setTimeout(() => this.#dropped(socket), OPENING);
  }

  #greetedBy(socket, frame) {
    socket.isGreeted = true;
    this.#conversation = frame.conversation;
    this.#connected();
    this.#listener.heard(frame);
    this.#sendNext();
  }

  #sendBySocket(turn) {
    const socket = this.#socket;
    socket.send(JSON.stringify(turn));
    this.#timer = setTimeout(() => this.#dropped(socket), PATIENCE);
  }

  /** A socket that closed, or that is silent for too long. */
  #dropped(socket) {
    if (socket !== this.#socket) return;
    clearTimeout(this.#timer);
    this.#socket = null;
    socket.close();
    // One that never got through may be blocked on the way where a plain request is not.
    if (socket.isGreeted) this.#broken();
    else this.#askToGoOn();
  }

  // ── By plain requests ──

  async #askToGoOn() {
    if (this.#ended) return;
    this.#asking = true;
    try {
      if (this.#conversation) await this.#ask("GET", "/health");
      else await this.#askForConversation();
      this.#byRequests = true;
      this.#connected();
      this.#sendNext();
    } catch {
      this.#byRequests = false;
      this.#broken();
    } finally {
      this.#asking = false;
    }
  }

  async #askForConversation() {
    const frame = await this.#begun();
    if (!frame.conversation) throw new Error("no conversation");
    if (this.#ended) return;
    this.#conversation = frame.conversation;
    this.#listener.heard(frame);
  }

  async #begun(work) {
    const wish = { language: this.#language, work };
    const frame = await frameOf(await this.#ask("POST", "/api/conversations", wish));
    return frame.work ? this.#begun(await solve(frame.work)) : frame;
  }

  async #askTurn(turn) {
    try {
      const response = await this.#ask("POST", "/api/turns", turn);
      const frame = await frameOf(response);
      if (this.#ended || this.#turns[0] !== turn) return;
      if (response.headers.has("X-Leave")) this.#take({ leave: true });
      else if (response.status === 404) this.#goneFor(frame);
      else this.#take(frame);
    } catch {
      this.#byRequests = false;
      this.#broken();
    }
  }

  async #ask(method, path, body) {
    const headers = { "Content-Type": "application/json", "Accept-Language": this.#language };
    if (this.#conversation) headers["X-Conversation"] = this.#conversation;
    const signal = AbortSignal.timeout?.(PATIENCE);
    return fetch(path, { method, headers, signal, body: body && JSON.stringify(body) });
  }
}

function isGone(frame) {
  return frame.replies.some((reply) => reply.message === "conversation_gone");
}

async function frameOf(response) {
  const frame = await response.json();
  return { ...frame, language: response.headers.get("Content-Language") };
}
