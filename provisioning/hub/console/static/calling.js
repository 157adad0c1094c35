// Keeps a calling page up to date and lets it be worked by keys. Without this script the page is the same: plain forms,
// and it loads itself again.
"use strict";

const EVERY = 20_000; // what the stream did not tell is found here
const GATHER = 250; // a change tells several things at once
const QUIET = 500; // a second press this soon after a change was meant for what stood there before
const LONGEST = 10_000;
const KINDS = ["ticket_issued", "ticket_called", "ticket_recalled", "ticket_status", "window_changed", "queue_changed", "rating_invited", "rating_closed", "reset"];

const live = () => document.getElementById("live");
const lost = document.getElementById("lost");
let stream = null;
let sending = false;
let reading = false;
let again = false;
let changed = -Infinity;
let timer = 0;

function request(method, address, body) {
  return new Promise((done, failed) => {
    const call = new XMLHttpRequest();
    call.open(method, address);
    call.responseType = "document";
    call.timeout = LONGEST;
    if (!body) call.setRequestHeader("x-live", "1"); // nobody need be here for this one
    call.onload = () => (call.response && call.status < 500 ? done(call) : failed(new Error(String(call.status))));
    call.onerror = call.ontimeout = () => failed(new Error("no answer"));
    call.send(body ?? null);
  });
}

// Puts the page that came into the place of the one that is there; another page is gone to.
function show(call, pressed) {
  const fresh = call.response.getElementById("live");
  const old = live();
  if (!fresh || fresh.dataset.page !== old.dataset.page) {
    location.assign(call.status < 400 ? call.responseURL : location.pathname);
    return;
  }
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const told = pressed ? null : document.getElementById("told");
  old.replaceWith(document.adoptNode(fresh));
  if (told) document.getElementById("told")?.replaceWith(told);
  document.title = call.response.title;
  if (fresh.dataset.topics !== old.dataset.topics) listen();
  const main = document.querySelector("#live button.main[autofocus]");
  const next = pressed ? main ?? document.getElementById("now") : document.getElementById(focused);
  next?.focus({ preventScroll: true });
  if (pressed) changed = performance.now();
}

function online(is) {
  lost.hidden = is;
}

async function renew() {
  if (reading || sending) {
    again = true;
    return;
  }
  reading = true;
  try {
    const call = await request("GET", location.pathname);
    if (!sending) show(call, false);
    online(true);
  } catch {
    online(false);
  }
  reading = false;
  if (again) {
    again = false;
    soon();
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, GATHER);
}

function listen() {
  stream?.close();
  stream = new EventSource(`/console/events?topics=${live().dataset.topics}&after=${live().dataset.cursor}`);
  for (const kind of KINDS) stream.addEventListener(kind, soon);
  stream.onopen = soon;
  stream.onerror = () => {
    online(false);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => { renew(); listen(); }, 3000 + 2000 * Math.random());
  };
}

// A form is sent here, so that a lost connection leaves the page standing: the same form may then be pressed again, and
// the hub does what it says once.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("#live")) return;
  event.preventDefault();
  if (sending) return;
  sending = true;
  const body = new URLSearchParams(new FormData(form));
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    show(await request("POST", form.action, body), true);
    online(true);
  } catch {
    online(false);
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
  sending = false;
  if (again) {
    again = false;
    soon();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#live") && (event.detail > 1 || performance.now() - changed < QUIET) && event.isTrusted) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest?.("input, select, textarea")) return;
  const space = event.key === " ";
  if (space && event.target.closest?.("a, button, summary")) return; // the browser presses what has the focus
  const key = space ? "N" : event.key.toUpperCase();
  const target = [...document.querySelectorAll("#live [data-key]")].find((one) => one.dataset.key === key && !one.disabled);
  if (!target) return;
  event.preventDefault();
  if (performance.now() - changed >= QUIET) target.click();
});

setInterval(renew, EVERY);
document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
window.addEventListener("offline", () => online(false));
window.addEventListener("online", soon);
listen();
