// Single keys of every page, and the panel in which a reader changes or disables them. A key clicks the element with its
// data-key, or calls a function of another script. The setting is stored in localStorage for the whole site.

const KEPT = "single-keys";
const FIELDS = "input, textarea, select, [contenteditable]";
const PAGES = { all: "Every page", debate: "Debates and speeches", "debate review": "Debates and review", review: "Review", video: "Videos" };
const ACTS = [
  ["search", "/", "Go to the search box", "all"],
  ["help", "?", "Show these shortcuts", "all"],
  ["note", "n", "Next note", "debate"],
  ["noteBefore", "p", "Previous note", "debate"],
  ["mention", "m", "Next mention", "debate"],
  ["mentionBefore", "M", "Previous mention", "debate"],
  ["sentences", "s", "Go sentence by sentence, or stop", "debate"],
  ["annotate", "a", "Annotate the selected words", "debate"],
  ["longer", "]", "End a word later", "debate"],
  ["shorter", "[", "End a word earlier", "debate"],
  ["earlier", "{", "Begin a word earlier", "debate"],
  ["later", "}", "Begin a word later", "debate"],
  ["further", "+", "Add the next sentence", "debate"],
  ["next", "j", "Next sentence or suggestion", "debate review"],
  ["previous", "k", "Previous sentence or suggestion", "debate review"],
  ["undo", "u", "Undo what you just saved or decided", "debate review"],
  ["accept", "a", "Confirm a changed quote", "review"],
  ["reject", "x", "Reject", "review"],
  ["skip", " ", "Skip", "review"],
  ["adjust", "e", "Change the words", "review"],
  ["start", "n", "Use the current time as the start", "video"],
];
const FIRST = Object.fromEntries(ACTS);
const FORM = `<form method="dialog"><h2 id="keys-title">Keyboard shortcuts</h2>
  <p><label><input type="checkbox" id="keys-on"> Turn on single-key shortcuts</label></p>
  <table></table>
  <p class="by">A shortcut is one character, or Space. Leave a field empty to turn its shortcut off.</p>
  <p class="by">These always work. On a sentence: the arrow keys move to the next or previous one; Shift with left or right moves its end by a word; Control and Shift move its beginning; Shift with down adds the next sentence; Enter annotates; Escape stops. When annotating: 1, 2 and 3 choose the reading (with Alt while you type), and Control with Enter saves.</p>
  <p class="by">In review, 1, 2 and 3 accept with that reading (with Alt while you type); [ and ] choose the point, { and } add one; left and right move back and forward, and Backspace undoes, while single-key shortcuts are on.</p>
  <p id="keys-problem" role="alert"></p>
  <p class="buttons"><button id="keys-save">Save</button> <button type="button" class="copy" id="keys-reset">Reset</button> <button type="button" class="copy" id="keys-close">Close</button></p></form>`;
const given = {}; // functions of other scripts, by act or by a fixed key
let now = readSetting();

function readSetting() {
  try {
    const { on, keys } = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    const own = Object.entries(keys ?? {}).filter(([act, key]) => act in FIRST && typeof key === "string" && [...key].length <= 1);
    return { on: on !== false, keys: { ...FIRST, ...Object.fromEntries(own) } };
  } catch {
    return { on: true, keys: FIRST }; // storage is blocked, or holds other data
  }
}

const nameKey = (key) => (key === " " ? "Space" : key);
const findMarked = (act) => document.querySelector(`main [data-key="${act}"]`);
const findSearchBox = () => document.querySelector("input[type=search]");

// Find what a key does on this page, if anything.
function findAct(key, repeated) {
  if (key in given) return given[key];
  const act = ACTS.map(([name]) => name).find((name) => now.keys[name] === key && (name in given || findMarked(name)));
  return given[act] ?? (act && (() => { if (!repeated) findMarked(act).click(); }));
}

function handleKey(event) {
  const { target, key } = event;
  if (!now.on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target.closest(FIELDS) || document.querySelector("dialog[open]") || (key === " " && target.closest("a, button, summary"))) return;
  const act = findAct(key, event.repeat);
  if (!act) return;
  event.preventDefault();
  act(event);
}

// Show each key on its button or link.
function showKeys() {
  for (const element of document.querySelectorAll("main [data-key]")) {
    const key = now.on ? nameKey(now.keys[element.dataset.key] ?? "") : "";
    if (key) element.setAttribute("aria-keyshortcuts", key); else element.removeAttribute("aria-keyshortcuts");
    for (const shown of element.querySelectorAll("kbd")) shown.textContent = key;
  }
  document.documentElement.classList.toggle("no-single-keys", !now.on);
}

// Describe the first problem of a choice of keys, or return "".
function findProblem(keys) {
  const meet = (one, other) => one === "all" || other === "all" || one.split(" ").some((page) => other.includes(page));
  for (const [act, , name, page] of ACTS) {
    const key = keys[act];
    if ([...key].length > 1 || /[0-9]/.test(key)) return `${key} is not allowed for “${name}”: use one character that is no digit, or Space.`;
    const twice = ACTS.find(([other, , , where]) => key && other !== act && keys[other] === key && meet(page, where));
    if (twice) return `${nameKey(key)} is used twice: for “${name}” and for “${twice[2]}”.`;
  }
  return "";
}

function fill(dialog, { on, keys }) {
  dialog.querySelector("#keys-on").checked = on;
  dialog.querySelector("#keys-problem").textContent = "";
  for (const input of dialog.querySelectorAll("[data-act]")) input.value = nameKey(keys[input.dataset.act]);
}

function save(dialog) {
  const typed = (value) => (value.trim().toLowerCase() === "space" ? " " : value.trim());
  const keys = Object.fromEntries([...dialog.querySelectorAll("[data-act]")].map((input) => [input.dataset.act, typed(input.value)]));
  const problem = dialog.querySelector("#keys-problem");
  problem.textContent = findProblem(keys);
  if (problem.textContent) return;
  now = { on: dialog.querySelector("#keys-on").checked, keys };
  showKeys();
  try {
    localStorage.setItem(KEPT, JSON.stringify(now));
    dialog.close();
  } catch {
    problem.textContent = "This browser does not store settings. These shortcuts work until you leave the page.";
  }
}

function rows([page, title]) {
  const body = document.createElement("tbody");
  body.innerHTML = `<tr><th scope="rowgroup" colspan="2">${title}</th></tr>`;
  for (const [act, , name] of ACTS.filter(([, , , where]) => where === page)) {
    body.insertRow().innerHTML = `<td><label for="key-${act}">${name}</label></td><td><input type="text" id="key-${act}" data-act="${act}" maxlength="5" autocomplete="off" autocapitalize="off"></td>`;
  }
  return body;
}

function show() {
  if (document.querySelector("dialog[open]")) return;
  const dialog = document.createElement("dialog");
  Object.assign(dialog, { id: "keys-panel", className: "panel", innerHTML: FORM });
  dialog.setAttribute("aria-labelledby", "keys-title");
  dialog.querySelector("table").append(...Object.entries(PAGES).map(rows));
  fill(dialog, now);
  dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); save(dialog); });
  dialog.querySelector("#keys-reset").addEventListener("click", () => fill(dialog, { on: true, keys: FIRST }));
  dialog.querySelector("#keys-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function give(acts) {
  Object.assign(given, acts);
}

give({ help: show, ...(findSearchBox() && { search: () => { findSearchBox().focus(); findSearchBox().select(); } }) });
document.addEventListener("keydown", handleKey);
document.addEventListener("click", ({ target }) => { if (target.closest?.("[data-keys]")) show(); });
addEventListener("storage", ({ key }) => { if (key === KEPT) { now = readSetting(); showKeys(); } });
showKeys();
globalThis.singleKeys = { give, showKeys };
