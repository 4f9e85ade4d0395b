// From note to note and from mention to mention by keys. Without it, links beside each lead to the next.
// Whether single keys do anything is one setting with those for annotating (annotate_keys.js), kept in localStorage.
const KEPT = "single-keys";
const STEPS = { n: ["note", 1], p: ["note", -1], m: ["mention", 1], M: ["mention", -1] };
const FOUND = { note: "details.note > summary", mention: "[id^='mention-']" };
const jump = document.querySelector(".facts .jump");
const told = jump?.querySelector("[role=status]");
let memory = null; // where storage is closed to us

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT));
    return memory ?? (found && typeof found === "object" ? found : {});
  } catch {
    return memory ?? {};
  }
}

// The keys that the annotating scripts listen to here; theirs go first.
const taken = () => (document.getElementById("annotating") ? Object.values(kept().keys ?? {}) : []);

function turn(on) {
  const now = { ...kept(), on };
  try {
    localStorage.setItem(KEPT, JSON.stringify(now));
  } catch {
    memory = now; // a browser that keeps nothing: it holds until the page is left
  }
  dispatchEvent(new CustomEvent("single-keys", { detail: on }));
}

// Where the reader is: what has the focus, else what the address names, else the top of the window (null).
function here() {
  const focused = document.activeElement;
  if (focused?.closest("main") && focused.id !== "content") return focused.closest("details.note")?.querySelector("summary") ?? focused;
  const target = document.querySelector(":target");
  return target?.closest("details.note")?.querySelector("summary") ?? target;
}

// Whether one stands on the way from a place: after it, or before it.
function onward(one, from, way) {
  if (from) return one !== from && Boolean(from.compareDocumentPosition(one) & (way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING)) && !from.contains(one);
  return (one.getBoundingClientRect().top >= 0) === (way > 0);
}

function step(kind, way) {
  const all = [...document.querySelectorAll(FOUND[kind])].filter((one) => kind === "mention" || one.getClientRects().length);
  const from = here();
  const found = all.filter((one) => onward(kind === "mention" ? words(one) : one, from, way)).at(way > 0 ? 0 : -1);
  if (found) go(kind, kind === "mention" ? words(found) : found, kind === "mention" ? found.id : found.parentElement.querySelector(".body").id);
  else say(all.length ? `There is no ${kind} ${way > 0 ? "after" : "before"} this.` : `No ${kind}s are shown.`);
}

const words = (anchor) => anchor.nextElementSibling ?? anchor;

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
  const box = jump.querySelector("input");
  const refresh = () => { box.checked = kept().on !== false; };
  box.addEventListener("change", () => turn(box.checked));
  refresh();
  document.addEventListener("close", refresh, true); // the panel of keys for annotating was closed
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (kept().on === false || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!(key in STEPS) || taken().includes(key) || document.querySelector("dialog[open]")) return;
    if (target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (target !== document.body && !target.closest("main")) return;
    event.preventDefault();
    step(...STEPS[key]);
  });
}
