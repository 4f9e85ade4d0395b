// The panel to annotate: quote, point, reading and note, stored as a draft until it is saved.

const ENDED = " Nothing that you typed is lost.";

// root is #annotating, words annotate_selection.js, finder pointFinder; saved(answer, speech) is called after saving.
export function annotatePanel({ root, words, finder, say, shown, saved }) {
  const dialog = document.getElementById("annotate-panel");
  const [form, problem] = [dialog.querySelector("form"), dialog.querySelector("#annotate-problem")];
  const [quoted, cut, note] = ["quote", "cut", "note"].map((name) => dialog.querySelector(`#annotate-${name}`));
  const kept = `annotate-draft:${root.dataset.debate}`;
  let [speech, quote, back, busy, stale, memory, id] = [null, null, () => {}, false, false, null, ""];

  const told = document.createElement("p");
  told.className = "unseen";
  told.setAttribute("role", "status");
  dialog.append(told);
  const points = finder({
    input: dialog.querySelector("#annotate-point"), list: dialog.querySelector("#annotate-points"),
    about: dialog.querySelector("#annotate-paraphrase"), say: (sentence) => { told.textContent = sentence; }, changed: keep,
  });
  const reading = () => form.querySelector("[name=reading]:checked")?.value ?? "";

  function draft() {
    try { return JSON.parse(sessionStorage.getItem(kept)) ?? memory; } catch { return memory; }
  }

  function keep() {
    if (!speech) return;
    const typed = { point: points.id(), typed: points.typed(), reading: reading(), note: note.value };
    const any = Object.values(typed).some(Boolean);
    memory = any ? { id, speech: speech.id, ...quote, exact: exact(), ...typed } : null;
    try {
      if (memory) sessionStorage.setItem(kept, JSON.stringify(memory)); else sessionStorage.removeItem(kept);
    } catch { /* the browser keeps nothing: the draft lasts as long as the page */ }
  }

  function forget() {
    memory = null;
    try { sessionStorage.removeItem(kept); } catch { /* nothing was kept */ }
    speech = null;
    form.reset();
    points.choose("");
  }

  const exact = () => speech.text.slice(quote.start, quote.end);

  function show() {
    quoted.textContent = exact();
    shown(speech, quote);
  }

  // Open on words, with the unsaved draft; `to` gives the focus back.
  function open(one, at, isCut, to) {
    const typed = draft();
    [speech, quote, back, id] = [one, at, to, typed?.id ?? newId()];
    if (typed) {
      points.choose(typed.point ?? "", typed.typed ?? "");
      note.value = typed.note ?? "";
      for (const radio of form.querySelectorAll("[name=reading]")) radio.checked = radio.value === typed.reading;
    }
    problem.replaceChildren();
    cut.hidden = !isCut;
    cut.textContent = isCut ? `Cut to the words of ${one.name}: a quote stands in one speech.` : "";
    show();
    dialog.showModal();
    dialog.querySelector("#annotate-point").focus();
    points.load();
    keep();
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
      const { id: here } = speech;
      forget();
      back = () => {};
      dialog.close();
      saved(answer, here);
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
  dialog.addEventListener("close", () => { keep(); if (speech) say("Closed; what you typed is kept."); back(); });
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
    if (!typing) radio.focus();
    keep();
  });
  return { open, draft };
}

// Make an id like those of the journal (a ULID), so that a form sent twice is entered once.
function newId() {
  const letters = "0123456789abcdefghjkmnpqrstvwxyz";
  const time = Array.from({ length: 10 }, (_, n) => letters[Math.floor(Date.now() / 32 ** (9 - n)) % 32]);
  return time.join("") + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte % 32]).join("");
}

// Send JSON with the CSRF token of the page.
export function post(root, address, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": root.dataset.csrf };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
}
