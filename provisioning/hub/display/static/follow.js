// One ticket on a phone: reads its state again when the hub tells of a change, every 20 seconds, and on coming back.
"use strict";

const EVERY = 20_000;
const place = document.getElementById("state");
const said = document.getElementById("told");
const urgent = document.getElementById("urgent");
const offline = document.getElementById("offline");
const ticket = location.pathname.split("/").at(-1);
// The hub renders the part and escapes what it holds; nothing else becomes markup here.
const markup = window.trustedTypes?.createPolicy("hub", { createHTML: (text) => text }) ?? { createHTML: (text) => text };

let reading = false;
let again = false;

// Only what has changed is put in place and said: a screen reader keeps its place, and is not told the same every 20 s.
function show(text) {
  const fresh = document.createElement("main");
  fresh.innerHTML = markup.createHTML(text);
  const ticketOf = (part) => part.querySelector(".ticket, .unknown");
  const before = ticketOf(place);
  const now = ticketOf(fresh);
  if (before.outerHTML === now.outerHTML) {
    const updated = place.querySelector("#updated");
    if (updated) updated.textContent = fresh.querySelector("#updated").textContent;
    return;
  }
  place.replaceChildren(...fresh.childNodes);
  const called = now.classList.contains("called");
  const words = [".number", ".main", ".wait"].map((part) => now.querySelector(part)?.textContent.trim()).filter(Boolean);
  said.textContent = called ? "" : words.join(", ") || now.textContent.trim();
  urgent.textContent = called ? words.join(", ") : "";
  if (called && before.className !== now.className) navigator.vibrate?.([400, 200, 400]);
}

async function renew() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const reply = await fetch(`${location.pathname}/state${location.search}`, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
    if (!reply.ok && reply.status !== 404) throw new Error(String(reply.status));
    show(await reply.text());
    offline.hidden = true;
  } catch {
    offline.hidden = false;
  }
  reading = false;
  if (again) {
    again = false;
    renew();
  }
}

function listen() {
  const stream = new EventSource(`/v1/events?topics=ticket:${ticket}`);
  for (const kind of ["ticket_called", "ticket_recalled", "ticket_status", "reset"]) stream.addEventListener(kind, renew);
  stream.onopen = renew;
  stream.onerror = () => {
    offline.hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000 + 5000 * Math.random());
  };
}

setInterval(renew, EVERY);
document.addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
listen();
