// Annotate on the page of a debate or a speech, by selecting words or sentence by sentence. The page holds the addresses
// of the modules, which change with their content, for visitors who may annotate.

const root = document.getElementById("annotating");
const load = (name) => import(root.dataset[name]);
const [words, { sentenceMode }, { annotatePanel }, { pointFinder }, { reloadAndTell }] = await Promise.all(
  ["words", "sentences", "panel", "points", "actions"].map(load),
);
const [bar, status, toggle, unsaved] = ["annotate-bar", "annotating-status", "by-sentence", "unsaved"].map((id) => document.getElementById(id));
const [button, barred] = bar.children;
let [record, chosen, waiting, pressed, byKeys] = [null, null, 0, false, false];

const say = (sentence) => { status.textContent = sentence; };

// Read every speech of the page, by id. Throws an Error whose message is a sentence for the reader.
function speeches() {
  record ??= fetch(root.dataset.texts, { headers: { Accept: "application/json" } })
    .then((response) => { if (!response.ok) throw new Error(); return response.json(); })
    .catch(() => { record = null; throw new Error("The words of the record could not be fetched: try again."); });
  return record.then((rows) => new Map(rows.flatMap((row) => {
    const article = document.getElementById(row.id);
    return article?.querySelector(".words") ? [[row.id, words.speechOf(article, row)]] : [];
  })));
}

// Run a function, and show the message of an Error to the reader.
async function reportErrors(act) {
  try { return await act(); } catch (error) { say(error.message); barred.textContent = error.message; return undefined; }
}

function paint(range) {
  if (!("highlights" in CSS)) return;
  if (range) CSS.highlights.set("annotating", new Highlight(range)); else CSS.highlights.delete("annotating");
}

// Place the small button below the end of the words, clear of touch handles, as the next stop of Tab.
function placeBar(range) {
  const area = chosen.article.querySelector(".words");
  let block = range.endContainer;
  while (block.parentElement && block.parentElement !== area) block = block.parentElement;
  if (block.parentElement === area) block.after(bar); else area.append(bar);
  bar.hidden = false;
  const boxes = [...range.getClientRects()].filter((box) => box.width);
  const [end, base] = [boxes.at(-1) ?? area.getBoundingClientRect(), area.getBoundingClientRect()];
  const gap = matchMedia("(pointer: coarse)").matches ? 36 : 6;
  bar.style.top = `${end.bottom - base.top + gap}px`;
  bar.style.left = `${Math.max(0, Math.min(end.right - base.left - 40, base.width - bar.offsetWidth))}px`;
}

function hide() {
  chosen = null;
  bar.hidden = true;
  paint(null);
}

function handleSelection() {
  if (pressed || document.querySelector("dialog[open]")) return;
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) {
    if (chosen && !sentences.on() && !bar.contains(document.activeElement)) hide();
    return;
  }
  const found = words.cutToSpeech(selection);
  if (!found?.range.toString().trim()) { if (!sentences.on()) hide(); return; }
  chosen = found;
  paint(null);
  barred.textContent = "";
  placeBar(found.range);
  snapToWords(found).catch(() => { /* the words are requested again, with a message, when the button is pressed */ });
}

// Widen what is selected to whole words, show that, and say what will be quoted.
async function snapToWords(found) {
  const speech = (await speeches()).get(found.article.id);
  const [selected, quote] = speech ? [words.placeOf(speech, found.range), words.quoteOf(speech, found.range)] : [];
  if (!quote || chosen !== found) return;
  const range = words.rangeOf(speech, quote);
  Object.assign(found, { quote, range });
  paint(range);
  if (!byKeys && (selected.start !== quote.start || selected.end !== quote.end)) getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  const all = speech.text.slice(quote.start, quote.end).split(/\s+/);
  const quoted = all.length > 6 ? `${all.slice(0, 3).join(" ")} … ${all.slice(-2).join(" ")}` : all.join(" ");
  const cut = found.cut ? "Cut to one speech. " : "";
  barred.textContent = `${cut}${all.length} ${all.length === 1 ? "word" : "words"}: “${quoted}”`;
  placeBar(range);
  say(`${barred.textContent}. Annotate these words with the button after them.`);
}

const openChosen = () => reportErrors(async () => {
  const { article, range, quote, cut, from } = chosen ?? {};
  if (!article) { say("Select words of a speech first."); return; }
  const speech = (await speeches()).get(article.id);
  if (!speech) throw new Error("This speech is no longer in the record: load the page again.");
  const at = quote ?? words.quoteOf(speech, range);
  if (!at) throw new Error("Select words of a speech first.");
  panel.open(speech, at, cut, () => { button.blur(); (from ?? button).focus(); unsaved.hidden = !panel.draft(); });
});

const goOn = () => reportErrors(async () => {
  const draft = panel.draft();
  const speech = draft && (await speeches()).get(draft.speech);
  const start = speech && (speech.text.slice(draft.start, draft.end) === draft.exact ? draft.start : speech.text.indexOf(draft.exact));
  if (!speech || start < 0) throw new Error("The words of your unsaved note are not here: select others, and it is kept with them.");
  const back = () => { unsaved.hidden = !panel.draft(); (unsaved.hidden ? toggle : unsaved.firstElementChild).focus(); };
  panel.open(speech, { start, end: start + draft.exact.length }, false, back);
});

const sentences = sentenceMode({
  words,
  say,
  chosen: (speech, quote, from) => {
    const range = words.rangeOf(speech, quote);
    chosen = { article: speech.article, range, quote, cut: false, from };
    barred.textContent = "";
    paint(range);
    placeBar(range);
  },
  left: () => { toggle.setAttribute("aria-pressed", "false"); hide(); },
});
const panel = annotatePanel({
  root, words, say, finder: pointFinder,
  shown: (speech, quote) => paint(words.rangeOf(speech, quote)),
  saved: ({ id, entry, shown }, speech, quote) => reloadAndTell({
    entry, note: id, sentence: shown === false ? "Saved. It is shown here after the next load." : "Saved.",
  }, words.rangeOf(speech, quote)),
});

const bySentence = () => reportErrors(async () => {
  if (sentences.on()) { sentences.leave(); return; }
  const repeatKeys = keepKeys();
  try {
    const all = await speeches();
    getSelection().removeAllRanges();
    toggle.setAttribute("aria-pressed", "true");
    sentences.enter([...all.values()]);
  } finally {
    await repeatKeys();
  }
});

// Keep the keys that are pressed while the sentences load; return the function that does what they asked for.
function keepKeys() {
  const kept = [];
  const keep = (event) => {
    if (!event.isTrusted || event.key === "Tab" || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    kept.push({ key: event.key, code: event.code, shiftKey: event.shiftKey, ctrlKey: event.ctrlKey });
  };
  addEventListener("keydown", keep, true);
  return async () => {
    for (let key = kept.shift(); key; key = kept.shift()) await repeatKey(key);
    removeEventListener("keydown", keep, true);
  };
}

async function repeatKey(key) {
  const target = document.activeElement;
  if (key.key === "Enter" && target.matches("button.sentence")) { await openChosen(); return; }
  if (target.matches("input, textarea") && key.key.length === 1) {
    target.setRangeText(key.key, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  target.dispatchEvent(new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true }));
}
singleKeys.give({
  sentences: bySentence, annotate: openChosen,
  next: () => sentences.step(1), previous: () => sentences.step(-1),
  ...Object.fromEntries(["longer", "shorter", "earlier", "later", "further"].map((how) => [how, () => sentences.adjust(how)])),
});

document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(handleSelection, 250); });
document.addEventListener("pointerdown", (event) => { pressed = event.pointerType === "mouse"; byKeys = false; });
document.addEventListener("keydown", () => { byKeys = true; }); // what is selected by Shift with an arrow can still be made shorter
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; clearTimeout(waiting); waiting = setTimeout(handleSelection, 50); });
bar.addEventListener("mousedown", (event) => event.preventDefault()); // a press would clear the selection
button.addEventListener("click", openChosen);
toggle.addEventListener("click", bySentence);
unsaved.hidden = !panel.draft();
unsaved.firstElementChild.addEventListener("click", goOn);
document.addEventListener("click", (event) => { if (event.target.closest("button.sentence")) openChosen(); });
root.dataset.ready = "true";
if (new URLSearchParams(location.search).has("draft") && panel.draft()) goOn();
