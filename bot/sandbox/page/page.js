// Practice mode's page: joins the list, the chat and the clock, and listens for news.

import * as chat from "./chat.js";
import * as clock from "./clock.js";
import { $, attempt, get, make, reachable } from "./dom.js";
import * as people from "./people.js";
import { language, otherLanguage, say, speak } from "./words.js";

const WIDE = matchMedia("(min-width: 800px)");
const AT_LEAST = 300; // milliseconds between two looks at the list while much is happening
const RETRY = 1500; // milliseconds until the next attempt to reach the server

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function begin() {
  await turnTo(language);
  people.setUp((id) => (location.hash = encodeURIComponent(id)));
  chat.setUp();
  addEventListener("hashchange", show);
  addEventListener("visibilitychange", () => document.hidden || Promise.all([people.refresh(), clock.refresh()]).catch(() => {}));
  $("#back").addEventListener("click", back);
  $("#language").addEventListener("click", changeLanguage);
  $(".skip").addEventListener("click", (event) => (event.preventDefault(), $("#say").focus()));
  clock.setUp(() => attempt(chat.refresh));
  await begun();
  listen();
}

/** Shows what there is. The server may still be starting: then it is tried again. */
async function begun() {
  for (;;) {
    try {
      await Promise.all([people.refresh(), clock.refresh()]);
      break;
    } catch {
      reachable(false);
      await pause(RETRY);
    }
  }
  reachable(true);
  if (!location.hash && WIDE.matches && people.first()) history.replaceState(null, "", `#${encodeURIComponent(people.first().id)}`);
  await show();
}

async function show(event) {
  const known = people.find(chosen());
  const fromList = known && event && document.body.dataset.view === "list";
  if (fromList) history.replaceState({ fromList }, "");
  document.body.dataset.view = known ? "chat" : "list";
  if (!known) return event && document.querySelector(".person[aria-current]")?.focus();
  people.select(known.id);
  await attempt(() => chat.open(known.id));
  if (event) (WIDE.matches ? $("#say") : $("#who")).focus();
}

function chosen() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ""; // somebody wrote half a percent sign
  }
}

/** To the list, without leaving a step behind to which the phone's own back button would lead again. */
function back(event) {
  if (history.state?.fromList) return history.back();
  history.replaceState(null, "", location.pathname + location.search);
  show(event);
}

async function turnTo(next) {
  await speak(next);
  $("#language").replaceChildren(make("span", { textContent: say("language.other") }), make("abbr", { textContent: otherLanguage(), "aria-hidden": "true" }));
  $("#language").lang = otherLanguage();
}

async function changeLanguage() {
  await turnTo(otherLanguage());
  await attempt(people.refresh);
  chat.retell();
  clock.draw();
}

async function listen() {
  let after = 0;
  let lost = false;
  for (;;) {
    try {
      const { seq } = await get(`/api/news?after=${lost ? 0 : after}&wait=25`);
      if (seq < after) return location.reload(); // the server began anew
      if (seq !== after || lost) await Promise.all([chat.refresh(), people.refresh(), clock.refresh()]).then(chat.redraw);
      after = seq;
      lost = false;
      reachable(true);
      await pause(AT_LEAST);
    } catch {
      lost = true;
      reachable(false);
      await pause(RETRY);
    }
  }
}

begin();
