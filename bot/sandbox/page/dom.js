// Making elements, talking to the server, telling the person.

import { known, say } from "./words.js";

export const $ = (selector) => document.querySelector(selector);

/** An element with properties and children; texts are never read as HTML. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== "role") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

export class Refused extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error ?? "other");
  return body;
}

export const get = async (path) => answer(await fetch(path));

export async function post(path, body = {}) {
  const form = body instanceof FormData;
  const headers = form ? {} : { "Content-Type": "application/json" };
  return answer(await fetch(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) }));
}

let hiding;

export function toast(sentence, stays = false) {
  clearTimeout(hiding);
  $("#toast").textContent = sentence;
  $("#toast").classList.add("shown");
  hiding = setTimeout(() => $("#toast").classList.remove("shown"), stays ? 9000 : 4500);
}

/** Where a finger types, focus would open the keyboard over what there is to read. */
export const toField = (field) => matchMedia("(pointer: fine)").matches && field.focus();

/** The server is out of reach, or again within it. */
export const reachable = (yes) => ($("#offline").hidden = yes);

/** Run an action of the person; a refusal becomes a sentence. Answers undefined when it failed. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    const key = error instanceof Refused ? `error.${error.key}` : "error.offline";
    toast(say(known(key) ? key : "error.other"));
    return undefined;
  }
}
