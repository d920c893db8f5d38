// The chat of one person: what was said, and everything that person can do.

import { bubble, glimpse } from "./bubble.js";
import { $, attempt, get, make, post, toast, toField } from "./dom.js";
import * as people from "./people.js";
import { language, longDate, say } from "./words.js";

const NEAR_THE_END = 120; // pixels
const FRESH = 300; // milliseconds in which the second tap of a double one must not hit a new button
const DRAFTS = "tungnha.draft.";
const PATIENCE = 250; // milliseconds before the bot is shown as answering

let person = null;
let seq = 0;
let said = new Map(); // message id -> entry
let replyTo = null;
let pending = 0;
let following = true; // the newest message is in sight and shall stay so
let fetching = Promise.resolve();

const onZalo = () => person?.channel === "zalo"; // where nothing but what is typed reaches the bot
const path = (action) => `/api/persons/${encodeURIComponent(person.id)}/${action}`;
const act = { tap, reply, send: (text) => send({ text }), grown: () => following && toTheEnd() };

export function setUp() {
  $("#compose").addEventListener("submit", submit);
  new ResizeObserver(() => following && toTheEnd()).observe($("#log"));
  $("#log").addEventListener("scroll", () => (following = $("#log").scrollTop > restingPlace() - NEAR_THE_END));
  $("#say").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    if (event.key === "Escape") reply(null);
  });
  $("#say").addEventListener("input", () => {
    write($("#say").value);
    if ($("#say").value.startsWith("/") && !onZalo()) showCommands($("#say").value.slice(1).split(/\s/)[0]);
    else hideCommands();
  });
  $("#send").addEventListener("mousedown", (event) => event.preventDefault()); // a phone's keyboard stays open for the next answer
  $("#show-commands").addEventListener("click", () => ($("#commands").hidden ? showCommands("") : hideCommands()));
  $("#compose").addEventListener("keydown", (event) => event.key === "Escape" && hideCommands());
  $("#reply button").addEventListener("click", () => reply(null));
  $("#attach").addEventListener("click", () => $("#file").click());
  $("#file").addEventListener("change", showFile);
  $("#attached button").addEventListener("click", () => (($("#file").value = ""), showFile()));
  $("#start button").addEventListener("click", () => send({ text: "/start" }));
  $("#block").addEventListener("click", () => block(!person.blocked));
  $("#blocked button").addEventListener("click", () => block(false));
  $("#share").addEventListener("click", openShare);
  $("#share-dialog [data-close]").addEventListener("click", () => $("#share-dialog").close());
  $("#share-dialog").addEventListener("close", share);
}

export async function open(id) {
  const next = people.find(id);
  if (!next) return;
  if (person?.id !== id) {
    said = new Map();
    seq = 0;
    $("#log").replaceChildren();
    reply(null);
    $("#file").value = "";
    showFile();
    hideCommands();
    $("#say").value = unsent(id);
  }
  person = next;
  $("#nobody").hidden = true;
  $("#talk").hidden = false;
  redraw();
  grow();
  await refresh();
  toTheEnd();
}

/** Where the newest message is best read: at its end, where its choices are, but a long list from its beginning. */
function restingPlace() {
  const log = $("#log");
  const end = log.scrollHeight - log.clientHeight;
  const newest = spokenLast(log.lastElementChild);
  const screens = onZalo() || newest?.querySelector(".keyboard") ? 2 : 1;
  const long = newest?.matches(".theirs") && newest.offsetHeight > screens * log.clientHeight;
  return long ? Math.min(newest.offsetTop - log.offsetTop - 8, end) : end;
}

/** A bare picture belongs to the words before it. */
function spokenLast(entry) {
  const bare = entry?.matches(".theirs") && entry.querySelector(".picture") && !entry.querySelector(".keyboard");
  return bare && entry.previousElementSibling?.matches(".theirs") ? entry.previousElementSibling : entry;
}

function toTheEnd() {
  following = true;
  $("#log").scrollTop = restingPlace();
}

/** The person's own words may have changed: their language, or whether they blocked the bot. */
export function redraw() {
  person = person && people.find(person.id);
  if (!person) return;
  $("#who").textContent = person.name;
  $("#via").replaceChildren(...[people.mark(person)].filter(Boolean));
  $("#post").textContent = [person.role, person.unit].filter(Boolean).join(" · ");
  $("#show-commands").hidden = onZalo();
  $("#say").placeholder = say(onZalo() ? "say.zalo" : "say.placeholder");
  $("#start p").textContent = say(onZalo() ? "start.zalo" : "start.hint");
  $("#start button").hidden = onZalo();
  $("#face").textContent = people.initials(person.name);
  $("#face").className = `face ${people.tint(person.id)}`;
  $("#block").setAttribute("aria-checked", person.blocked);
  $("#blocked").hidden = !person.blocked;
  $("#compose").hidden = person.blocked;
  showStart();
}

/** In another language every bubble's labels change. */
export function retell() {
  for (const entry of said.values()) draw(entry);
  drawDays();
  redraw();
}

/** Fetch what changed. One at a time, so that an older answer never comes after a newer one. */
export function refresh() {
  fetching = fetching.then(fetchNew, fetchNew);
  return fetching;
}

async function fetchNew() {
  if (!person) return;
  const asked = person.id;
  const changed = await get(path(`chat?after=${seq}`));
  if (asked !== person?.id || !changed.length) return showStart();
  const log = $("#log");
  const lost = changed.some((entry) => log.querySelector(`[data-id="${entry.message_id}"]`)?.contains(document.activeElement));
  for (const entry of changed) {
    seq = Math.max(seq, entry.seq);
    if (entry.from === "person" && entry.text === unsent(asked).trim()) sessionStorage.removeItem(DRAFTS + asked); // it has arrived
    if (entry.deleted) said.delete(entry.message_id);
    else said.set(entry.message_id, entry);
    draw(entry);
  }
  drawDays();
  showStart();
  if (lost) {
    const next = log.querySelector("article:last-of-type .keyboard button");
    if (next) next.focus({ preventScroll: true });
    else toField($("#say"));
  }
  if (following || changed.some((entry) => entry.from === "person")) toTheEnd();
}

function draw(entry) {
  const log = $("#log");
  const before = log.querySelector(`[data-id="${entry.message_id}"]`);
  if (entry.deleted) return before?.remove();
  const item = bubble(entry, said.get(entry.reply_to), onZalo() ? { ...act, send: null, reply: null } : act);
  const keys = item.querySelector(".keyboard");
  keys?.classList.add("fresh");
  setTimeout(() => keys?.classList.remove("fresh"), FRESH);
  if (before) return before.replaceWith(item);
  const next = [...log.querySelectorAll("[data-id]")].reverse().find((other) => Number(other.dataset.id) < entry.message_id);
  if (next) next.after(item);
  else log.prepend(item);
}

function drawDays() {
  for (const day of $("#log").querySelectorAll(".day")) day.remove();
  let shown = "";
  for (const item of [...$("#log").querySelectorAll("[data-id]")]) {
    const day = longDate(new Date(said.get(Number(item.dataset.id)).date));
    if (day !== shown) item.before(make("p", { className: "day", textContent: day }));
    shown = day;
  }
}

function showStart() {
  $("#start").hidden = said.size > 0 || person.blocked || pending > 0;
}

async function send(body, form = null) {
  const who = person.id;
  const answered = replyTo;
  if (answered) (form ?? { append: (key, value) => (body[key] = value) }).append("reply_to", answered.message_id);
  reply(null);
  const answer = await waiting(() => post(path("messages"), form ?? body));
  if (who === person.id) await attempt(refresh);
  if (answer === undefined && who === person.id && answered && !replyTo) reply(answered);
  return answer;
}

async function tap(entry, button, element) {
  const keys = element.closest(".keyboard");
  if (keys.querySelector(".busy")) return;
  element.classList.add("busy");
  element.setAttribute("aria-busy", "true");
  const answer = await waiting(() => post(path("taps"), { message_id: entry.message_id, data: button.data }));
  element.classList.remove("busy");
  element.removeAttribute("aria-busy");
  if (answer?.answer) toast(answer.answer.text, answer.answer.alert);
  await attempt(refresh);
}

/** Show that the bot is answering, once it takes longer than a moment. */
async function waiting(action) {
  pending += 1;
  showStart();
  const show = setTimeout(showWriting, PATIENCE);
  const answer = await attempt(action);
  clearTimeout(show);
  pending -= 1;
  if (!pending) $("#log .writing")?.remove();
  showStart();
  if (answer && answer.settled === false) toast(say("not_settled"));
  return answer;
}

function showWriting() {
  if ($("#log .writing")) return;
  const dots = [0, 1, 2].map(() => make("i", { "aria-hidden": "true" }));
  $("#log").append(make("div", { className: "theirs writing" }, make("div", { className: "bubble" }, make("span", { className: "sr", textContent: say("writing") }), ...dots)));
  if (following) toTheEnd();
}

async function submit(event) {
  event.preventDefault();
  hideCommands();
  const whole = $("#say").value;
  const text = whole.trim();
  const [file] = $("#file").files;
  if (!text && !file) return $("#say").focus();
  const who = person.id;
  $("#say").value = "";
  grow();
  let form = null;
  if (file) {
    form = new FormData();
    form.append("text", text);
    form.append("file", file);
    $("#file").value = "";
    showFile();
  }
  const sent = (await send({ text }, form)) !== undefined;
  if (sent) return unsent(who) === whole && sessionStorage.removeItem(DRAFTS + who);
  if (who !== person.id) return; // nothing typed is lost: it waits with that person
  if (!$("#say").value) write(whole);
  if (file && !$("#file").files.length) {
    const kept = new DataTransfer();
    kept.items.add(file);
    $("#file").files = kept.files;
    showFile();
  }
}

const unsent = (id) => sessionStorage.getItem(DRAFTS + id) ?? "";

/** What stands in the field is kept for this person until it is sent, also when the page is loaded anew. */
function write(text) {
  $("#say").value = text;
  sessionStorage.setItem(DRAFTS + person.id, text);
  grow();
}

function reply(entry) {
  replyTo = entry;
  $("#reply").hidden = !entry;
  if (!entry) return;
  $("#reply p").textContent = glimpse(entry);
  $("#say").focus();
}

function showFile() {
  const [file] = $("#file").files;
  $("#attached").hidden = !file;
  $("#attached p").textContent = file?.name ?? "";
  if (file) $("#say").focus();
}

function grow() {
  const field = $("#say");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 132)}px`;
}

async function showCommands(begun) {
  const commands = await attempt(() => get(`/api/commands?person=${encodeURIComponent(person.id)}&lang=${language}`));
  if (!commands) return;
  const matching = commands.filter((one) => one.command.startsWith(begun));
  const rows = matching.map((one) => {
    const use = () => (hideCommands(), write(""), toField($("#say")), send({ text: `/${one.command}` }));
    return make("li", {}, make("button", { type: "button", onclick: use }, make("b", { textContent: `/${one.command}` }), make("span", { textContent: one.description })));
  });
  if (!rows.length && begun) return hideCommands();
  $("#commands").replaceChildren(...(rows.length ? rows : [make("li", { className: "none", textContent: say("commands.none") })]));
  $("#commands").hidden = false;
  $("#show-commands").setAttribute("aria-expanded", "true");
  if (document.activeElement === $("#show-commands")) $("#commands button")?.focus();
}

function hideCommands() {
  $("#commands").hidden = true;
  $("#show-commands").setAttribute("aria-expanded", "false");
}

async function block(blocked) {
  await attempt(() => post(path(blocked ? "block" : "unblock")));
  await attempt(people.refresh);
  redraw();
  await attempt(refresh);
}

function openShare() {
  $("#share-name").value = person.name;
  $("#share-phone").value = "";
  $("#share-dialog").returnValue = "";
  $("#share-dialog").showModal();
  $("#share-phone").focus();
}

function share() {
  if ($("#share-dialog").returnValue !== "share") return;
  send({ contact: { name: $("#share-name").value.trim(), phone: $("#share-phone").value.trim() } });
}
