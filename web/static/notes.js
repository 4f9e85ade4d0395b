// Go from note to note and from mention to mention by keys. Without this script, links lead from each to the next.
const STEPS = { note: ["note", 1], noteBefore: ["note", -1], mention: ["mention", 1], mentionBefore: ["mention", -1] };
const FOUND = { note: "details.note > summary", mention: "[id^='mention-']" };
const jump = document.querySelector(".facts .jump");
const told = jump?.querySelector("[role=status]");

// Find where the reader is: the focus, else the target of the address, else null for the top of the window.
function findCurrent() {
  const focused = document.activeElement;
  if (focused?.closest("main") && focused.id !== "content") return focused.closest("details.note")?.querySelector("summary") ?? focused;
  const target = document.querySelector(":target");
  return target?.closest("details.note")?.querySelector("summary") ?? target;
}

// Return true if an element stands after a place (way 1) or before it (way -1).
function isOnTheWay(one, from, way) {
  if (from) return one !== from && Boolean(from.compareDocumentPosition(one) & (way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING)) && !from.contains(one);
  return (one.getBoundingClientRect().top >= 0) === (way > 0);
}

function step(kind, way) {
  const all = [...document.querySelectorAll(FOUND[kind])].filter((one) => kind === "mention" || one.getClientRects().length);
  const from = findCurrent();
  const found = all.filter((one) => isOnTheWay(kind === "mention" ? wordsOf(one) : one, from, way)).at(way > 0 ? 0 : -1);
  if (found) go(kind, kind === "mention" ? wordsOf(found) : found, kind === "mention" ? found.id : found.parentElement.querySelector(".body").id);
  else say(all.length ? `There is no ${kind} ${way > 0 ? "after" : "before"} this.` : `No ${kind}s are shown.`);
}

const wordsOf = (anchor) => anchor.nextElementSibling ?? anchor;

function go(kind, element, id) {
  if (kind === "note") element.parentElement.open = true;
  else element.tabIndex = -1;
  history.replaceState(null, "", `#${id}`);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center" });
  say("");
}

function say(sentence) {
  told.textContent = sentence;
}

if (jump) {
  singleKeys.give(Object.fromEntries(Object.entries(STEPS).map(([act, way]) => [act, () => step(...way)])));
}
