// The panel to annotate: quote, point, reading and note, stored as a draft until it is saved.

const ENDED = " Nothing that you typed is lost.";

// root is #annotating, words annotate_selection.js, finder pointFinder; saved(answer, speech) is called after saving.
export function annotatePanel({ root, words, finder, say, shown, saved }) {
  const dialog = document.getElementById("annotate-panel");
  const [form, problem] = [dialog.querySelector("form"), dialog.querySelector("#annotate-problem")];
  const [quoted, cut, note] = ["quote", "cut", "note"].map((name) => dialog.querySelector(`#annotate-${name}`));
  const [kept, last] = [`annotate-draft:${root.dataset.who}:${root.dataset.debate}`, `annotate-last:${root.dataset.who}`];
  const [same, rules] = [dialog.querySelector("#annotate-same"), dialog.querySelector(".rules")];
  const noted = JSON.parse(root.dataset.noted);
  let [speech, quote, back, busy, stale, memory, id, atFirst] = [null, null, () => {}, false, false, null, "", ""];

  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  dialog.append(told);
  const points = finder({
    input: dialog.querySelector("#annotate-point"), list: dialog.querySelector("#annotate-points"),
    about: dialog.querySelector("#annotate-paraphrase"), say: (sentence) => { told.textContent = sentence; }, changed: () => { keep(); warn(); },
  });
  const reading = () => form.querySelector("[name=reading]:checked")?.value ?? "";

  const draft = () => readStored(kept) ?? memory;
  const typed = () => ({ point: points.id(), typed: points.typed(), reading: reading(), note: note.value });

  function keep() {
    if (!speech) return;
    const now = typed();
    const any = Object.values(now).some(Boolean) && JSON.stringify(now) !== atFirst;
    memory = any ? { id, speech: speech.id, ...quote, exact: exact(), ...now, title: document.querySelector("h1").textContent, kept: new Date().toISOString() } : null;
    store(kept, memory);
  }

  // Warn where these words, or some of them, are on the chosen point already.
  function warn() {
    const [start, end] = speech ? [quote.start, quote.end].map((at) => words.codePoints(speech.text, at)) : [0, 0];
    const one = noted.find(([where, from, to, point]) => where === speech?.id && point === points.id() && from < end && to > start);
    const all = one && one[1] === start && one[2] === end;
    same.textContent = one ? `${all ? "These words are" : "Some of these words are"} already on this point: note ${one[4]}, by ${one[5]}. You can reply to that note instead.` : "";
  }

  function forget() {
    memory = null;
    store(kept, null);
    speech = null;
    form.reset();
    points.choose("");
  }

  const exact = () => speech.text.slice(quote.start, quote.end);

  function show() {
    quoted.textContent = exact();
    shown(speech, quote);
    warn();
    reveal();
  }

  // Scroll until the words are seen beside the panel, or above it where it lies at the bottom of the window.
  function reveal() {
    if (!dialog.open) return;
    const [box, panel, top] = [words.rangeOf(speech, quote).getBoundingClientRect(), dialog.getBoundingClientRect(), 56];
    const bottom = (panel.left < box.right ? panel.top : innerHeight) - 12;
    const by = box.top < top || box.height > bottom - top ? box.top - top : Math.max(0, box.bottom - bottom);
    if (by) scrollBy({ top: by, behavior: "instant" });
  }

  // Open on words, with the unsaved draft; `to` gives the focus back.
  function open(one, at, isCut, to) {
    const [kept_, first] = [draft(), !readStored(last)];
    const fill = kept_ ?? readStored(last) ?? {};
    [speech, quote, back, id] = [one, at, to, kept_?.id ?? newId()];
    points.choose(fill.point ?? "", fill.typed ?? "");
    note.value = kept_?.note ?? "";
    for (const radio of form.querySelectorAll("[name=reading]")) radio.checked = radio.value === fill.reading;
    rules.open = first;
    problem.replaceChildren();
    cut.hidden = !isCut;
    cut.textContent = isCut ? `Cut to the words of ${one.name}. A quote comes from one speech.` : "";
    dialog.showModal();
    show();
    const field = matchMedia("(pointer: coarse)").matches ? quoted : dialog.querySelector("#annotate-point"); // no keyboard over the words
    field.focus({ preventScroll: true });
    field.select?.();
    points.load().then(() => { atFirst = kept_ ? "" : JSON.stringify(typed()); keep(); warn(); });
  }

  function refuse(sentence, focus, link) {
    problem.replaceChildren(sentence);
    if (link) problem.append(" ", link);
    focus?.focus();
  }

  function signIn() {
    const link = document.createElement("a");
    Object.assign(link, { href: new URL("../sign-in", import.meta.url), target: "_blank", rel: "noopener", textContent: "Sign in in another tab, then save again" });
    return link;
  }

  async function save() {
    if (busy || !speech) return;
    await points.settle();
    keep();
    if (!points.id()) return void refuse("Choose a point of guidance from the list.", dialog.querySelector("#annotate-point"));
    if (!reading()) return void refuse("Choose a reading: said, implied or contradicted.", form.querySelector("[name=reading]"));
    busy = true;
    told.textContent = "Saving.";
    try {
      await send();
    } catch {
      refuse(`The site could not be reached.${ENDED} Save again when it can.`);
    } finally {
      busy = false;
    }
  }

  async function send() {
    if (stale) await freshToken();
    const response = await post(root, new URL("../annotate", import.meta.url), payload());
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.ok) {
      const [here, at] = [speech, quote];
      store(last, { point: points.id(), reading: reading() });
      forget();
      back = () => {};
      dialog.close();
      saved(answer, here, at);
      return;
    }
    if (response.status === 409) id = newId();
    stale = response.status === 401 || response.status === 403;
    const sentence = answer.error ?? `The site answered with an error (${response.status}).`;
    refuse(`${sentence}${ENDED}`, null, stale ? signIn() : null);
  }

  function payload() {
    const [start, end] = [quote.start, quote.end].map((at) => words.codePoints(speech.text, at));
    const points_ = [...speech.text];
    const [prefix, suffix] = [points_.slice(Math.max(0, start - 32), start), points_.slice(end, end + 32)].map((some) => some.join(""));
    return { id, speech: speech.id, exact: exact(), prefix, suffix, start, end, point: points.id(), reading: reading(), note: note.value };
  }

  // Read a new CSRF token from the page, since signing in again may change it.
  async function freshToken() {
    const html = await (await fetch(location.href)).text();
    const now = new DOMParser().parseFromString(html, "text/html").getElementById("annotating")?.dataset.csrf;
    if (now) root.dataset.csrf = now;
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.addEventListener("input", keep);
  dialog.addEventListener("close", () => { keep(); if (speech) say(memory ? "Closed. Your draft is kept in this browser." : "Closed."); back(); });
  dialog.querySelector("#annotate-close").addEventListener("click", () => dialog.close());
  dialog.querySelector("#annotate-discard").addEventListener("click", () => { forget(); dialog.close(); });
  for (const button of dialog.querySelectorAll("[data-adjust]")) {
    button.addEventListener("click", () => {
      quote = words.adjustQuote(speech, quote, button.dataset.adjust);
      show();
      keep();
      told.textContent = exact();
    });
  }
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); }
    const radio = form.querySelectorAll("[name=reading]")[["Digit1", "Digit2", "Digit3"].indexOf(event.code)];
    const typing = event.target.matches("textarea, [type=text]");
    if (!radio || event.ctrlKey || event.metaKey || (typing && !event.altKey)) return;
    event.preventDefault();
    radio.checked = true;
    points.settle();
    if (!typing) radio.focus();
    keep();
  });
  return { open, draft };
}

function readStored(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}

// Store a value; null removes it. Where the browser keeps nothing, a draft lasts as long as the page.
function store(key, value) {
  try { if (value) localStorage.setItem(key, JSON.stringify(value)); else localStorage.removeItem(key); } catch { /* blocked or full */ }
}

// Make an id like those of the journal (a ULID), so that a form sent twice is entered once.
function newId() {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  const time = Array.from({ length: 10 }, (_, n) => letters[Math.floor(Date.now() / 32 ** (9 - n)) % 32]);
  return time.join("") + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte % 32]).join("");
}

// Send JSON with the CSRF token of the page.
function post(root, address, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": root.dataset.csrf };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
}
