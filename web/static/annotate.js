// Annotate on the page of a debate or a speech, by selecting words or sentence by sentence. The page holds the addresses
// of the modules, which change with their content, for visitors who may annotate.

const root = document.getElementById("annotating");
const load = (name) => import(root.dataset[name]);
const [words, { sentenceMode }, { annotatePanel, post }, { pointFinder }, { reloadAndTell, tellWhatWasSaved }] = await Promise.all(
  ["words", "sentences", "panel", "points", "after"].map(load),
);
const [bar, status, toggle, unsaved] = ["annotate-bar", "annotating-status", "by-sentence", "unsaved"].map((id) => document.getElementById(id));
const [button, barred] = bar.children;
let [record, chosen, waiting, pressed] = [null, null, 0, false];

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
  const count = found?.range.toString().trim().split(/\s+/).filter(Boolean).length;
  if (!count) { if (!sentences.on()) hide(); return; }
  chosen = found;
  paint(null);
  barred.textContent = found.cut ? "Cut to one speech." : "";
  placeBar(found.range);
  say(`${found.cut ? "Cut to one speech. " : ""}${count} ${count === 1 ? "word" : "words"} selected. Annotate these words with the button after them.`);
  speeches().catch(() => { /* requested again, with a message, when the button is pressed */ });
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
  saved: ({ entry, address, shown }, speech) => reloadAndTell({
    entry, address, speech, sentence: shown === false ? "Saved; it is shown here after the next load." : "Saved.",
  }),
});
const undo = tellWhatWasSaved({ root, post, say });

const bySentence = () => reportErrors(async () => {
  if (sentences.on()) { sentences.leave(); return; }
  const all = await speeches();
  getSelection().removeAllRanges();
  toggle.setAttribute("aria-pressed", "true");
  sentences.enter([...all.values()]);
});
singleKeys.give({
  sentences: bySentence, annotate: openChosen, undo: () => undo?.(),
  next: () => sentences.step(1), previous: () => sentences.step(-1),
  ...Object.fromEntries(["longer", "shorter", "earlier", "later", "further"].map((how) => [how, () => sentences.adjust(how)])),
});

document.addEventListener("selectionchange", () => { clearTimeout(waiting); waiting = setTimeout(handleSelection, 250); });
document.addEventListener("pointerdown", (event) => { pressed = event.pointerType === "mouse"; });
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { pressed = false; clearTimeout(waiting); waiting = setTimeout(handleSelection, 50); });
bar.addEventListener("mousedown", (event) => event.preventDefault()); // a press would clear the selection
button.addEventListener("click", openChosen);
toggle.addEventListener("click", bySentence);
unsaved.hidden = !panel.draft();
unsaved.firstElementChild.addEventListener("click", goOn);
document.addEventListener("click", (event) => { if (event.target.closest("button.sentence")) openChosen(); });
root.dataset.ready = "true";
