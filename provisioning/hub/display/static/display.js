// The waiting area: shows and speaks every call, one after another, none dropped and no two at once.
"use strict";

const options = new URLSearchParams(location.search);
const VOICES = (options.get("voices") ?? "zh,ko").split(",").filter((code) => ["zh", "ko", "en"].includes(code));
const DWELL = Math.max(1, Number(options.get("dwell")) || 8) * 1000;
const LONGEST_SOUND = 20_000;
const CHECK = 30_000;
const STALE = 300_000; // how long the last call stands once no window calls any more
const REMEMBERED = "announced";

const at = (id) => document.getElementById(id);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Announcements by id: those that were made known to this page, and those that have been shown (kept over a reload).
const known = new Set();
const queue = [];
let made = remembered();
let stream = null;
let clockSkew = 0;
let calling = null;
let shown = null;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED));
  } catch {
    return null;
  }
}

function remember(id) {
  made = [...(made ?? []), id].slice(-200);
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(made));
  } catch {
    // Private mode: after a reload a call may be heard twice, which is better than never.
  }
}

function enqueue(call) {
  if (known.has(call.announcement_id)) return;
  known.add(call.announcement_id);
  queue.push(call);
  document.body.dataset.queued = queue.length;
  if (!calling) calling = callAll().finally(() => { calling = null; });
}

async function callAll() {
  while (queue.length) {
    const call = queue[0];
    const begun = performance.now();
    show(call);
    await speak(call);
    await sleep(DWELL - (performance.now() - begun));
    remember(call.announcement_id);
    queue.shift();
    document.body.dataset.queued = queue.length;
  }
  at("now").classList.remove("fresh");
}

function show(call) {
  shown = call;
  at("none").hidden = true;
  at("call").hidden = false;
  at("number").textContent = call.number;
  at("name").textContent = call.masked_name ?? "";
  const [zh, ko] = at("window").content.children;
  at("where_zh").textContent = zh.textContent.replace("{window}", call.window);
  at("where_ko").textContent = ko.textContent.replace("{window}", call.window);
  at("again").hidden = !call.recalled;
  const section = at("now");
  section.classList.remove("fresh");
  void section.offsetWidth; // begins the animation anew
  section.classList.add("fresh");
  setLast(call);
}

function setLast(call) {
  for (const row of at("windows").children) {
    const own = row.dataset.window === call.window;
    row.classList.toggle("current", own);
    if (own) row.querySelector(".last").textContent = call.number;
  }
}

async function speak(call) {
  if (!VOICES.length) return;
  for (const sound of ["chime", ...VOICES.map((code) => call[`voice_${code}`])]) await play(`/display/voice/${sound}.wav`);
}

function play(address) {
  return new Promise((done) => {
    const audio = new Audio(address);
    const end = () => {
      clearTimeout(limit);
      audio.pause();
      document.body.dataset.playing = "";
      done();
    };
    const limit = setTimeout(end, LONGEST_SOUND);
    audio.onended = audio.onerror = end;
    audio.onplaying = () => { document.body.dataset.playing = address; };
    audio.play().then(() => { at("silent").hidden = true; }, (error) => {
      if (error.name === "NotAllowedError") at("silent").hidden = false;
      end();
    });
  });
}

function showState(state) {
  clockSkew = Date.parse(state.now) - Date.now();
  document.body.dataset.state = state.state;
  const message = at("message");
  message.hidden = state.state === "open";
  if (!message.hidden) message.replaceChildren(at(state.state).content.cloneNode(true));
  const waiting = new Set(queue.map((call) => call.announcement_id));
  const before = new Map([...at("windows").children].map((row) => [row.dataset.window, row.querySelector(".last").textContent]));
  at("windows").replaceChildren(...state.windows.map((window) => {
    const row = at("row").content.firstElementChild.cloneNode(true);
    row.dataset.window = window.window;
    row.classList.toggle("closed", !window.open);
    row.querySelector(".window").textContent = window.window;
    row.querySelector(".zh").textContent = window.names.zh;
    row.querySelector(".ko").textContent = window.names.ko;
    // A number that is still to be called is not shown before it is.
    const told = window.last && !waiting.has(window.last.announcement_id);
    row.querySelector(".last").textContent = told ? window.last.number : before.get(window.window) ?? "";
    row.classList.toggle("current", shown?.window === window.window);
    return row;
  }));
  at("windows").dataset.many = state.windows.length > 8;
  const newest = state.announcements.at(-1);
  const stale = (call) => state.state !== "open" && Date.parse(state.now) - Date.parse(call.at) > STALE;
  if (!shown && newest && !queue.length && !stale(newest)) {
    show(newest);
    at("now").classList.remove("fresh");
  } else if (shown && !queue.length && stale(shown)) {
    shown = null;
    at("call").hidden = true;
    at("none").hidden = false;
  }
}

async function readState() {
  const reply = await fetch("/display/state.json", { cache: "no-store", signal: AbortSignal.timeout(10_000) });
  if (!reply.ok) throw new Error(String(reply.status));
  const state = await reply.json();
  // A page that was never here before does not repeat what was called before it came.
  const pending = made === null ? [] : state.announcements.filter((call) => !made.includes(call.announcement_id));
  if (made === null) remember("");
  const fresh = pending.filter((call) => !known.has(call.announcement_id));
  for (const call of state.announcements) if (!pending.includes(call)) known.add(call.announcement_id);
  for (const call of fresh) enqueue(call);
  showState(state);
  return { state, missed: fresh.length };
}

async function listen() {
  stream?.close();
  try {
    const { state } = await readState();
    stream = new EventSource(`/v1/events?topics=display&after=${state.cursor}`);
    stream.onopen = () => { at("offline").hidden = true; };
    stream.onerror = () => {
      at("offline").hidden = false;
      // The browser itself tries again with Last-Event-ID, except after a reply that is no stream.
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000 + 1000 * Math.random());
    };
    stream.addEventListener("announcement", (event) => enqueue(JSON.parse(event.data)));
    stream.addEventListener("window_changed", () => readState().catch(() => {}));
    stream.addEventListener("reset", () => readState().catch(() => {}));
  } catch {
    at("offline").hidden = false;
    setTimeout(listen, 2000 + 1000 * Math.random());
  }
}

// A connection can die without a word (a pulled cable): whatever the stream should have told is found here.
setInterval(() => {
  readState().then(({ missed }) => { if (missed) listen(); }, () => { at("offline").hidden = false; });
}, CHECK);

function showClock() {
  const now = new Date(Date.now() + clockSkew);
  const china = { timeZone: "Asia/Shanghai" };
  at("time").textContent = now.toLocaleTimeString("zh-CN", { ...china, hour: "2-digit", minute: "2-digit", hour12: false });
  at("date").textContent = now.toLocaleDateString("zh-CN", { ...china, month: "long", day: "numeric", weekday: "long" });
}

setInterval(showClock, 500);
showClock();

at("silent").onclick = () => { at("silent").hidden = true; };
listen();
