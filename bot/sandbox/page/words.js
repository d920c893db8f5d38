// Every sentence of the page, and how dates and sizes are written. Sentences live in words.*.json.

const ZONE = "Asia/Ho_Chi_Minh";
const LANGUAGES = ["vi", "en"];
let words = {};

export let language = chosen();

function chosen() {
  const wanted = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("tungnha.language");
  return LANGUAGES.includes(wanted) ? wanted : "vi";
}

export async function speak(next) {
  words = await (await fetch(`words.${next}.json`)).json();
  language = next;
  localStorage.setItem("tungnha.language", next);
  document.documentElement.lang = next;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-word-label]")) {
    element.setAttribute("aria-label", say(element.dataset.wordLabel));
    if (element.tagName === "BUTTON") element.title = say(element.dataset.wordLabel);
  }
  for (const element of document.querySelectorAll("[data-word-placeholder]")) {
    element.placeholder = say(element.dataset.wordPlaceholder);
  }
}

export const otherLanguage = () => LANGUAGES.find((one) => one !== language);

export function say(key, params = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
}

export const known = (key) => key in words;

/** Year, month, day, hour, minute on a Vietnamese wall clock, as text with leading zeros. */
export function wall(instant) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(instant).map((part) => [part.type, part.value]));
}

export function time(instant) {
  const { hour, minute } = wall(instant);
  return `${hour}:${minute}`;
}

/** Day and month as officials write them: 09/9/2021, but 05/02/2022. */
export function date(instant) {
  const { year, month, day } = wall(instant);
  return `${day}/${Number(month) > 2 ? Number(month) : month}/${year}`;
}

export function longDate(instant) {
  const weekday = new Intl.DateTimeFormat(language, { timeZone: ZONE, weekday: "long" }).format(instant);
  return `${weekday}, ${date(instant)}`;
}

export function size(bytes) {
  const [value, unit] = bytes < 1024 ? [bytes, "B"] : bytes < 1024 ** 2 ? [bytes / 1024, "KB"] : [bytes / 1024 ** 2, "MB"];
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)} ${unit}`;
}

/** For searching: lower case, without diacritics, đ as d. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
