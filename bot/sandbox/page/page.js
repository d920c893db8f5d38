// Practice mode's page: joins the list, the chat and the clock, and listens for news.

import * as chat from "./chat.js";
import * as clock from "./clock.js";
import { $, attempt, get, make, toast } from "./dom.js";
import * as people from "./people.js";
import { language, otherLanguage, say, speak } from "./words.js";

const WIDE = matchMedia("(min-width: 800px)");
const AT_LEAST = 300; // milliseconds between two looks at the list while much is happening

async function begin() {
  await turnTo(language);
  people.setUp((id) => (location.hash = encodeURIComponent(id)));
  chat.setUp();
  addEventListener("hashchange", show);
  addEventListener("visibilitychange", () => attempt(people.refresh));
  $("#back").addEventListener("click", () => (location.hash = ""));
  $("#language").addEventListener("click", changeLanguage);
  await attempt(people.refresh);
  await clock.setUp(() => attempt(chat.refresh));
  if (!location.hash && WIDE.matches && people.first()) history.replaceState(null, "", `#${encodeURIComponent(people.first().id)}`);
  await show();
  listen();
}

async function show(event) {
  const id = decodeURIComponent(location.hash.slice(1));
  const known = people.find(id);
  document.body.dataset.view = known ? "chat" : "list";
  if (!known) return event && document.querySelector(".person[aria-current]")?.focus();
  people.select(id);
  await attempt(() => chat.open(id));
  if (event) (WIDE.matches ? $("#say") : $("#who")).focus();
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
      await new Promise((done) => setTimeout(done, AT_LEAST));
    } catch {
      if (!lost) toast(say("error.offline"), true);
      lost = true;
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

begin();
