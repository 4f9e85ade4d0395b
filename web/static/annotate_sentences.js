// Annotating sentence by sentence: a hidden button before each sentence, named by its words; the words of the button with
// the focus are marked. Marks, links and tables stay as they are, and nothing moves.

// words: annotate_selection.js; chosen(speech, quote, button) is called on every choice, left() at the end.
export function sentenceMode({ words, chosen, left, say }) {
  let [buttons, current, from] = [[], null, null];

  function enter(speeches) {
    from = document.activeElement;
    buttons = speeches.flatMap((speech) => insertButtons(speech, words));
    if (!buttons.length) { say("There are no sentences here."); left(); return; }
    const top = buttons.find(({ button }) => button.getBoundingClientRect().top >= 0) ?? buttons[0];
    say(`${buttons.length} sentences. Enter annotates, Escape leaves.`);
    go(top);
  }

  function leave() {
    const parents = buttons.map(({ button }) => button.parentNode);
    for (const { button } of buttons) button.remove();
    for (const parent of new Set(parents)) parent.normalize();
    [buttons, current] = [[], null];
    left();
    (from?.isConnected && from !== document.body ? from : document.querySelector("main")).focus();
  }

  function go(one) {
    if (current) current.button.tabIndex = -1;
    current = one;
    one.button.tabIndex = 0;
    if (document.activeElement !== one.button) one.button.focus();
    one.quote = { ...one.sentence };
    chosen(one.speech, one.quote, one.button);
  }

  function step(by) {
    const next = buttons[buttons.indexOf(current) + by];
    if (next) go(next);
    else say(by > 0 ? "That is the last sentence." : "That is the first sentence.");
  }

  function adjust(how) {
    const { start, end } = current.quote;
    current.quote = words.adjustQuote(current.speech, current.quote, how);
    const same = current.quote.start === start && current.quote.end === end;
    chosen(current.speech, current.quote, current.button);
    const quote = current.speech.text.slice(current.quote.start, current.quote.end);
    say(same ? "No further." : describeQuote(quote, how));
  }

  const KEYS = {
    ArrowDown: () => step(1), ArrowRight: () => step(1), ArrowUp: () => step(-1), ArrowLeft: () => step(-1),
    "Shift ArrowRight": () => adjust("longer"), "Shift ArrowLeft": () => adjust("shorter"),
    "Shift ArrowDown": () => adjust("further"), "Shift ArrowUp": () => adjust("nearer"),
    "Control Shift ArrowLeft": () => adjust("earlier"), "Control Shift ArrowRight": () => adjust("later"),
    Escape: leave,
  };

  document.addEventListener("keydown", (event) => {
    if (!current || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const name = `${event.ctrlKey ? "Control " : ""}${event.shiftKey ? "Shift " : ""}${event.key}`;
    const act = event.target.closest("button.sentence") || event.key === "Escape" ? KEYS[name] : null;
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A click on a sentence chooses it, so that nobody needs to drag.
  document.addEventListener("click", (event) => {
    if (!current || event.detail === 0 || !getSelection().isCollapsed || event.target.closest("a, button, summary, aside")) return;
    const article = event.target.closest("article.speech");
    const within = buttons.filter(({ speech }) => speech.article === article);
    const found = within.findLast((one) => words.rangeOf(one.speech, one.sentence).getClientRects()[0]
      && containsPoint(words.rangeOf(one.speech, one.sentence), event));
    if (found) go(found);
  });

  document.addEventListener("focusin", ({ target }) => {
    const one = target !== current?.button && target.matches?.("button.sentence") && buttons.find(({ button }) => button === target);
    if (one) go(one);
  });

  return { enter, leave, step: (by) => current && step(by), adjust: (how) => current && adjust(how), on: () => current !== null, quote: () => current };
}

function containsPoint(range, { clientX: x, clientY: y }) {
  return [...range.getClientRects()].some((box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
}

function describeQuote(quote, how) {
  const all = quote.split(/\s+/);
  const some = how === "earlier" || how === "later" ? all.slice(0, 4).join(" ") : all.slice(-4).join(" ");
  return `${how === "earlier" || how === "later" ? "Begins" : "Ends"}: “${some}”, ${all.length} ${all.length === 1 ? "word" : "words"}.`;
}

// Insert the buttons of a speech, last first, so that the places before stay valid.
function insertButtons(speech, words) {
  const at = words.placeFinder(speech);
  const made = speech.sentences.map(([start, end], n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sentence";
    button.tabIndex = -1;
    button.setAttribute("aria-haspopup", "dialog");
    const sentence = speech.text.slice(start, end);
    button.setAttribute("aria-label", `${n ? "" : `${speech.name}: `}${sentence.length > 400 ? `${sentence.slice(0, 400)}…` : sentence}`);
    return { button, speech, sentence: { start, end } };
  });
  for (const { button, sentence } of [...made].reverse()) {
    const { node, offset } = at(sentence.start);
    const link = node.parentElement.closest("a");
    (link ?? (offset ? node.splitText(offset) : node)).before(button);
  }
  return made;
}
