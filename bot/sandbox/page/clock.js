// The practice clock: it stands still, is moved forward by hand, and tells what ran on the way.

import { $, Refused, attempt, get, icon, make, post } from "./dom.js";
import { date, longDate, say, time, wall } from "./words.js";

const JUMPS = ["07:00", "07:30", "08:00", "09:45", "10:00", "17:00"];
const DAY = 24 * 3600 * 1000;

let now = null;
let last = null; // the last move, so that it can be told again in another language
let moved = () => {};

export function setUp(onMoved) {
  moved = onMoved;
  $("#clock").addEventListener("click", openDialog);
  $("#clock-go").addEventListener("click", () => {
    const chosen = $("#clock-to").value;
    if (chosen) move(new Date(`${chosen}:00+07:00`));
  });
}

/** Without an application there is no clock, and none is shown. Out of reach it is shown as it was. */
export async function refresh() {
  try {
    now = new Date((await get("/api/clock")).now);
  } catch (error) {
    if (error instanceof Refused) now = null;
  }
  draw();
}

export function draw() {
  $("#clock").hidden = !now;
  if (!now) return;
  const face = $("#clock time");
  face.dateTime = now.toISOString();
  face.replaceChildren(make("b", { textContent: time(now) }), make("span", { textContent: longDate(now) }), make("small", { textContent: date(now).slice(0, -5) }));
  if (last) tell();
}

const onDay = (instant, clockTime) => {
  const { year, month, day } = wall(instant);
  return new Date(`${year}-${month}-${day}T${clockTime}:00+07:00`);
};

function jumps() {
  const found = JUMPS.map((clockTime) => {
    const today = onDay(now, clockTime);
    if (today > now) return [today, clockTime];
    return [onDay(new Date(now.getTime() + DAY), clockTime), say("clock.tomorrow", { time: clockTime })];
  });
  return [[new Date(now.getTime() + 600_000), say("clock.plus10")], ...found.sort(([a], [b]) => a - b)];
}

function openDialog() {
  $("#clock-dialog .now").replaceChildren(make("b", { textContent: time(now) }), ` ${longDate(now)}`);
  const buttons = jumps().map(([to, label]) => make("button", { type: "button", textContent: label, onclick: () => move(to) }));
  $("#clock-dialog .jumps").replaceChildren(...buttons);
  const { year, month, day, hour, minute } = wall(now);
  $("#clock-to").min = $("#clock-to").value = `${year}-${month}-${day}T${hour}:${minute}`;
  $("#clock-dialog").showModal();
  buttons[0].focus();
}

async function move(to) {
  const from = now;
  $("#clock-dialog").close();
  last = null;
  $("#ran").replaceChildren(make("p", { textContent: say("clock.moving") }));
  $("#ran").hidden = false;
  $("#clock").disabled = true;
  const answer = await attempt(() => post("/api/clock", { now: to.toISOString() }));
  $("#clock").disabled = false;
  $("#clock").focus();
  if (answer) {
    now = new Date(answer.now);
    last = { ...answer, from, to: now };
    draw();
  } else {
    $("#ran").hidden = true;
    await refresh(); // it may have been moved elsewhere
  }
  moved();
}

function tell() {
  const { ran, undelivered } = last;
  const near = last.to - last.from < DAY && date(last.from) === date(last.to);
  const span = near ? { from: time(last.from), to: time(last.to) } : { from: stamp(last.from), to: stamp(last.to) };
  const groups = new Map();
  for (const run of ran) {
    const key = `${run.due_at} ${run.job}`;
    groups.set(key, { ...run, units: [...(groups.get(key)?.units ?? []), run.unit] });
  }
  const rows = [...groups.values()].map(({ job, due_at: due, units }) => {
    const name = say(`job.${job.replace(/_\d{4}$/, "")}`);
    const where = units.length > 1 ? say("ran.units", { n: units.length }) : "";
    return make("li", {}, make("b", { textContent: near ? time(new Date(due)) : stamp(new Date(due)) }), ` ${name}`, where ? make("span", { textContent: ` · ${where}` }) : null);
  });
  const close = make("button", { type: "button", className: "icon small", onclick: () => (($("#ran").hidden = true), (last = null)) }, icon("close"));
  close.setAttribute("aria-label", say("ran.close"));
  $("#ran").replaceChildren(
    make("p", { textContent: say(rows.length ? "ran.some" : "ran.none", span) }),
    make("ul", {}, ...rows),
    ...(undelivered ? [make("p", { className: "warn", textContent: say("ran.undelivered", { n: undelivered }) })] : []),
    close,
  );
  $("#ran").hidden = false;
}

const stamp = (instant) => `${time(instant)} ${date(instant)}`;
