// One message as a bubble.

import { icon, make } from "./dom.js";
import { say, size, time } from "./words.js";

const MARKS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "code", spoiler: "span", blockquote: "q" };
const LIVE = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])|((?<![\w/])\/[a-z][a-z0-9_]{0,31}\b)/g;

/** `act` has tap(entry, button, element), reply(entry), send(text) and grown(); reply and send only where the bot hears of them.
 *  `original` is the message it replies to. */
export function bubble(entry, original, act) {
  const mine = entry.from === "person";
  const body = make("div", { className: "bubble" }, make("span", { className: "sr", textContent: say(`from.${entry.from}`) }));
  if (original) body.append(quote(original));
  if (entry.photo) body.append(picture(entry, act.grown));
  if (entry.document) body.append(file(entry.document));
  if (entry.contact) body.append(contact(entry.contact));
  if (entry.text) body.append(make("p", { className: "text" }, ...marked(entry, mine ? null : act.send)));
  const stamp = make("span", { className: "stamp" }, entry.edited ? `${say("edited")} ` : "", time(new Date(entry.date)));
  body.append(stamp);

  const item = make("article", { className: mine ? "mine" : "theirs" }, make("div", { className: "turn" }, body, act.reply && answer(entry, act)));
  if (entry.buttons.length) item.append(keyboard(entry, act));
  item.dataset.id = entry.message_id;
  return item;
}

function answer(entry, act) {
  const reply = make("button", { type: "button", className: "icon small answer", title: say("reply"), onclick: () => act.reply(entry) }, icon("reply"));
  reply.setAttribute("aria-label", say("reply"));
  return reply;
}

function keyboard(entry, act) {
  const rows = entry.buttons.map((row) =>
    make(
      "div",
      { className: "buttons" },
      ...row.map((button) => make("button", { type: "button", textContent: button.text, onclick: (event) => act.tap(entry, button, event.currentTarget) })),
    ),
  );
  return make("div", { className: "keyboard", role: "group" }, ...rows);
}

export function glimpse(entry) {
  return entry.text || entry.document?.name || entry.contact?.name || (entry.photo ? say("photo") : "");
}

const quote = (original) => make("p", { className: "quote", textContent: glimpse(original) });

function picture(entry, grown) {
  const image = make("img", { src: entry.photo, alt: entry.text || say("photo"), onload: grown });
  return make("a", { href: entry.photo, target: "_blank", rel: "noopener", className: "picture" }, image);
}

function file(document) {
  const facts = { name: document.name, size: size(document.size) };
  return make(
    "a",
    { href: document.url, download: document.name, className: "file", "aria-label": say("document", facts) },
    icon("file"),
    make("span", {}, make("b", { textContent: facts.name }), make("small", { textContent: facts.size })),
  );
}

const contact = (shared) =>
  make("div", { className: "file" }, icon("contact"), make("span", {}, make("b", { textContent: shared.name }), make("small", { textContent: shared.phone })));

/** The text cut at the edges of its entities; offsets are UTF-16 units, as JavaScript counts. */
function marked({ text, entities }, send) {
  const styled = entities.filter((one) => one.type in MARKS || one.type === "text_link");
  const edges = new Set([0, text.length, ...styled.flatMap((one) => [one.offset, one.offset + one.length])]);
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((start, index) => {
    const end = cuts[index + 1];
    let parts = live(text.slice(start, end), send);
    for (const one of styled.filter((mark) => mark.offset <= start && mark.offset + mark.length >= end)) {
      parts = [one.type === "text_link" ? link(one.url, parts) : make(MARKS[one.type], {}, ...parts)];
    }
    return parts;
  });
}

/** Addresses become links; commands become buttons that send themselves. */
function live(text, send) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(LIVE)) {
    const [whole, address] = found;
    if (!address && !send) continue;
    parts.push(text.slice(at, found.index));
    parts.push(address ? link(address, [whole]) : make("button", { type: "button", className: "command", textContent: whole, onclick: () => send(whole) }));
    at = found.index + whole.length;
  }
  return [...parts, text.slice(at)];
}

const link = (address, parts) =>
  /^https?:\/\//.test(address) ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...parts) : make("span", {}, ...parts);
