// Single keys: which act, whether they do at all, and the panel in which a reader changes both. Kept in localStorage.

const KEPT = "single-keys";
const FIRST = { sentences: "s", next: "j", previous: "k", annotate: "a", longer: "]", shorter: "[", earlier: "{", later: "}", further: "+", undo: "u", help: "?" };
const NAMES = {
  sentences: "Sentence by sentence, or no longer", next: "Next sentence", previous: "Previous sentence",
  annotate: "Annotate the words selected", longer: "End a word later", shorter: "End a word earlier",
  earlier: "Begin a word earlier", later: "Begin a word later", further: "Add the next sentence",
  undo: "Undo what was just saved", help: "This panel",
};
const FIELDS = "input, textarea, select, [contenteditable]";

function kept() {
  try {
    const { on, keys } = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    const own = Object.entries(keys ?? {}).filter(([act, key]) => act in FIRST && typeof key === "string" && [...key].length <= 1);
    return { on: on !== false, keys: { ...FIRST, ...Object.fromEntries(own) } };
  } catch {
    return { on: true, keys: { ...FIRST } }; // storage is closed to us, or holds what nobody here wrote
  }
}

// acts: what each of the names above does; a name that is missing does nothing.
export function singleKeys(acts, dialog) {
  let now = kept();
  const [table, turned, problem] = [dialog.querySelector("dl"), dialog.querySelector("#keys-on"), dialog.querySelector("#keys-problem")];

  function fill({ on, keys }) {
    turned.checked = on;
    problem.textContent = "";
    table.replaceChildren(...Object.entries(NAMES).flatMap(([act, name]) => row(act, name, keys[act])));
  }

  function show() {
    if (dialog.open) return;
    fill(now);
    dialog.showModal();
  }

  function save() {
    const given = [...table.querySelectorAll("input")].map((input) => [input.dataset.act, input.value.trim()]);
    const twice = given.find(([act, key]) => key && given.some(([other, same]) => other !== act && same === key));
    if (twice) { problem.textContent = `${twice[1]} is given twice: each key does one thing.`; return; }
    now = { on: turned.checked, keys: Object.fromEntries(given) };
    try {
      localStorage.setItem(KEPT, JSON.stringify(now));
      dialog.close();
    } catch {
      problem.textContent = "This browser keeps nothing: the keys hold until the page is left.";
    }
  }

  dialog.querySelector("#keys-save").addEventListener("click", save);
  dialog.querySelector("#keys-reset").addEventListener("click", () => fill({ on: true, keys: FIRST }));
  addEventListener("single-keys", ({ detail: on }) => { now = { ...now, on }; }); // turned in notes.js
  document.addEventListener("keydown", (event) => {
    if (!now.on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { target, key } = event;
    if (target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
    if (target !== document.body && !target.closest("main")) return;
    const act = Object.keys(FIRST).find((name) => now.keys[name] === key);
    if (!act || (act !== "help" && !acts[act])) return;
    event.preventDefault();
    (act === "help" ? show : acts[act])();
  });
  return { show };
}

function row(act, name, key) {
  const [term, field, input, label] = ["dt", "dd", "input", "label"].map((tag) => document.createElement(tag));
  Object.assign(input, { type: "text", id: `key-${act}`, value: key, maxLength: 2, autocomplete: "off" });
  input.dataset.act = act;
  input.addEventListener("input", () => { input.value = [...input.value].at(-1) ?? ""; });
  Object.assign(label, { htmlFor: input.id, textContent: name });
  term.append(label);
  field.append(input);
  return [term, field];
}
