// The list of persons: grouped by unit, searchable, with a mark on those who received something unread.

import { $, get, icon, make } from "./dom.js";
import { fold, language, say } from "./words.js";

const MANY = 8;

let persons = [];
let onlyUnread = false;
let current = null;
let choose = () => {};
let seen = stored();

function stored() {
  return JSON.parse(localStorage.getItem("tungnha.seen") ?? "{}");
}

export const find = (id) => persons.find((person) => person.id === id);
export const first = () => persons[0];

/** The channel as a mark, where there is more than Telegram. */
export const mark = (person) =>
  persons.some((one) => one.channel !== "telegram") ? make("span", { className: `via ${person.channel}`, textContent: say(`channel.${person.channel}`) }) : null;

export function setUp(onChoose) {
  choose = onChoose;
  $("#search").addEventListener("input", draw);
  $("#unread").addEventListener("click", () => {
    onlyUnread = !onlyUnread;
    draw();
  });
  $("#people").addEventListener("keydown", walk);
  addEventListener("storage", () => {
    seen = stored(); // another tab has read on
    draw();
  });
}

export async function refresh() {
  const answer = await get(`/api/persons?lang=${language}`);
  const same = JSON.stringify(answer) === JSON.stringify(persons);
  persons = answer;
  for (const person of persons) if ((seen[person.id] ?? 0) > person.heard) seen[person.id] = 0; // a fresh store
  if (current) markSeen(current);
  if (!same) draw(); // a list that is redrawn under a finger loses the tap
}

export function select(id) {
  current = id;
  markSeen(id);
  draw();
}

function markSeen(id) {
  const person = find(id);
  if (!person || document.hidden) return;
  seen[id] = person.heard;
  localStorage.setItem("tungnha.seen", JSON.stringify(seen));
}

const unread = (person) => person.heard > (seen[person.id] ?? 0);

export function initials(name) {
  const parts = name.trim().split(/\s+/);
  return [parts.at(-1)?.[0], parts.length > 1 ? parts[0][0] : ""].reverse().join("").toUpperCase();
}

export const tint = (id) => `tint${[...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 6}`;

function draw() {
  const query = fold($("#search").value.trim());
  const waiting = persons.filter(unread).length;
  if (!waiting) onlyUnread = false;
  $(".search").hidden = persons.length < MANY;
  $("#unread").hidden = !waiting;
  $("#unread").textContent = say("people.unread", { n: waiting });
  $("#unread").setAttribute("aria-pressed", onlyUnread);

  const shown = persons.filter(
    (person) => (!onlyUnread || unread(person) || person.id === current) && fold(`${person.name} ${person.role} ${person.unit}`).includes(query),
  );
  const units = new Map();
  for (const person of shown) units.set(person.unit, [...(units.get(person.unit) ?? []), person]);

  const focused = document.activeElement?.dataset?.person;
  const sections = [...units].map(([unit, members]) =>
    make("section", {}, make("h2", { textContent: unit }), make("ul", {}, ...members.map((person) => make("li", {}, row(person))))),
  );
  $("#people").replaceChildren(...(sections.length ? sections : [make("p", { className: "none", textContent: say("people.none") })]));
  if (focused) document.querySelector(`[data-person="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function row(person) {
  const button = make(
    "button",
    { type: "button", className: "person", onclick: () => choose(person.id) },
    make("span", { className: `face ${tint(person.id)}`, textContent: initials(person.name), "aria-hidden": "true" }),
    make("span", { className: "named" }, make("span", { className: "name", textContent: person.name }), mark(person)),
    make("span", { className: "role", textContent: person.role }),
  );
  button.dataset.person = person.id;
  if (person.id === current) button.setAttribute("aria-current", "true");
  if (person.blocked) button.append(make("span", { className: "stop", title: say("people.blocked") }, icon("close"), hidden("people.blocked")));
  else if (unread(person)) button.append(make("span", { className: "dot" }, hidden("people.unread.one")));
  return button;
}

const hidden = (key) => make("span", { className: "sr", textContent: say(key) });

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const rows = [...$("#people").querySelectorAll(".person")];
  rows.at((rows.indexOf(document.activeElement) + step) % rows.length)?.focus();
  event.preventDefault();
}
