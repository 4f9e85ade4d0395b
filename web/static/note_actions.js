// Reply to, edit and withdraw notes without leaving the page, and say what was saved, with undo. Without this script,
// the same links and forms lead through pages of their own.

const KEPT = "just-saved";
const SAVED = { reply: "Reply saved.", edit: "Change saved.", withdraw: "Withdrawn.", restore: "Restored." };
const UNREACHABLE = "The site could not be reached. What you typed is kept: try again.";
let box = null; // the form in place, one at a time

// What was typed in a form in place outlives a reload of the page, until it is sent or cancelled: in this tab, for this
// session (to which the token belongs), and only while the form begins with the same text.
const keyOf = (form) => `typed:${form.action}`;
const fieldOf = (form) => form.querySelector("textarea[name=note], textarea[name=text]");

function keepTyped(form) {
  const { value, defaultValue } = fieldOf(form);
  try { sessionStorage.setItem(keyOf(form), JSON.stringify([form.elements.csrftoken.value, defaultValue, value])); } catch { /* then it lasts as long as the form */ }
}

function readTyped(form) {
  try {
    const [token, before, value] = JSON.parse(sessionStorage.getItem(keyOf(form)));
    return token === form.elements.csrftoken.value && before === fieldOf(form).defaultValue ? value : null;
  } catch {
    return null;
  }
}

function forgetTyped(form) {
  try { sessionStorage.removeItem(keyOf(form)); } catch { /* nothing was kept */ }
}

// Measure where a range or an element stands in its speech and in the window.
function measurePlace(seen) {
  const speech = (seen.startContainer?.parentElement ?? seen).closest?.("article.speech");
  const y = seen.getBoundingClientRect().top;
  return speech ? { id: speech.id, within: y - speech.getBoundingClientRect().top, y } : { scrolled: scrollY };
}

// Scroll so that what was measured stands where it stood, whatever was added above it.
function returnToPlace(place = {}) {
  const speech = place.id && document.getElementById(place.id);
  const top = speech ? scrollY + speech.getBoundingClientRect().top + place.within - place.y : place.scrolled;
  if (top !== undefined) scrollTo({ top, behavior: "instant" });
}

// Store a message and load the page again. `told` has sentence, entry (to undo) and note (its id); `seen` stays in its place.
export function reloadAndTell(told, seen) {
  try { sessionStorage.setItem(KEPT, JSON.stringify({ ...told, place: measurePlace(seen) })); } catch { /* without storage, there is no message */ }
  history.scrollRestoration = "manual";
  history.replaceState(null, "", location.pathname + location.search.replace(/([?&])did=[^&]*&?/, "$1").replace(/[?&]$/, ""));
  location.reload();
}

function takeMessage() {
  try {
    const told = JSON.parse(sessionStorage.getItem(KEPT));
    sessionStorage.removeItem(KEPT);
    return told && typeof told === "object" ? told : null;
  } catch {
    return null;
  }
}

const findActions = (id) => [...document.querySelectorAll(".note-actions[data-note]")].find((one) => one.dataset.note === id);

// Find the line of a note, or null where it is not shown.
function findLine(id) {
  const note = id && findActions(id)?.closest("details.note");
  if (note && !note.getClientRects().length) note.open = true; // one that is folded away is shown while it is open
  return note?.getClientRects().length ? note.querySelector("summary") : null;
}

function focusOn(element) {
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest" });
}

function showMessage(told) {
  const bar = document.createElement("div");
  bar.className = "saved-message";
  bar.innerHTML = '<span role="status"></span> <button type="button" id="undo">Undo <kbd aria-hidden="true"></kbd></button> <button type="button" class="copy" id="dismiss">Close</button>';
  const [text, button, close] = bar.children;
  button.dataset.key = "undo";
  button.hidden = !told.entry;
  const line = findLine(told.note);
  const seen = line?.closest("article") ?? document.getElementById(told.place?.id) ?? document.querySelector("main").lastElementChild;
  seen.after(bar); // not within the notes, which may be moved or lie above it
  focusOn(line ?? bar.querySelector("button:not([hidden])"));
  setTimeout(() => { text.textContent = told.sentence; }, 100); // live regions filled while a page loads are not read
  close.addEventListener("click", () => { bar.remove(); focusOn(line ?? document.querySelector("main")); });
  button.addEventListener("click", () => undo(told, text));
  globalThis.singleKeys?.showKeys();
}

async function undo(told, text) {
  const body = new URLSearchParams({ entry: told.entry, csrftoken: document.querySelector("[name=csrftoken]").value });
  try {
    const response = await fetch(new URL("../undo", import.meta.url), { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.ok) {
      reloadAndTell({ sentence: "Undone.", note: told.note }, document.getElementById(told.place?.id) ?? document.querySelector("main"));
      return;
    }
    text.textContent = answer.error ?? `The site answered with an error (${response.status}).`;
  } catch {
    text.textContent = "The site could not be reached. Undo again when it can.";
  }
}

function closeForm() {
  box?.from.focus();
  box?.remove();
  box = null;
}

// Fetch the page of a form, and put the form below the buttons of its note.
async function openForm(link) {
  if (box) { box.querySelector("textarea").focus(); return; }
  link.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" } });
    const form = response.ok && !response.redirected && readForm(await response.text());
    if (!form) { location.assign(link.href); return; }
    showForm(form, link);
    fieldOf(form).value = readTyped(form) ?? fieldOf(form).value;
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function readForm(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("main form.annotation-form");
  form?.prepend(...page.querySelectorAll("main .mistakes, main .as-it-is"));
  return form;
}

function showForm(form, link) {
  closeForm();
  box = document.createElement("div");
  box.className = "in-place";
  box.from = link;
  for (const apart of form.querySelectorAll("[name=look], .leave")) apart.remove();
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Cancel" });
  cancel.addEventListener("click", () => { forgetTyped(form); closeForm(); });
  form.addEventListener("input", () => keepTyped(form));
  form.lastElementChild.append(" ", cancel);
  box.append(form);
  link.closest(".note-actions").after(box);
  const field = fieldOf(form);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  box.scrollIntoView({ block: "nearest" });
}

async function send(form, submitter) {
  const link = box?.contains(form) ? box.from : submitter;
  const actions = link.closest(".note-actions");
  if (form.ariaBusy) return; // sent already
  form.ariaBusy = "true";
  try {
    if (form.dataset.stale) await renewToken(form);
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)), headers: { Accept: "text/html" } });
    const html = await response.text();
    if (response.redirected) finish(new URL(response.url), form, actions, response.status);
    else refuse(html, form, link, [401, 403].includes(response.status));
  } catch {
    showProblem(form, UNREACHABLE);
  } finally {
    form.ariaBusy = null;
  }
}

// Read the token of the session anew: signing in again has changed it.
async function renewToken(form) {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = page.querySelector(".account-out [name=csrftoken]")?.value;
  for (const field of token ? document.querySelectorAll("[name=csrftoken]") : []) field.value = token;
  if (token) delete form.dataset.stale;
}

function finish(address, form, actions, status) {
  const entry = address.searchParams.get("did");
  if (form.matches(".annotation-form")) forgetTyped(form);
  if (!entry && box) { closeForm(); return; }
  if (!entry) { location.reload(); return; } // it was done before, in another tab
  const note = actions.dataset.note ?? actions.closest(".body, main")?.querySelector(".note-actions[data-note]")?.dataset.note;
  const did = SAVED[new URL(form.action).pathname.split("/").at(-1)];
  const sentence = status === 503 ? `${did} It is shown here after the next load.` : did;
  reloadAndTell({ sentence, entry: entry.replaceAll("+", " "), note }, actions.closest("details.note")?.querySelector("summary") ?? actions);
}

// Show the form with its mistakes, or the sentence of an error below what was typed.
function refuse(html, form, link, stale) {
  const again = readForm(html);
  if (again && box) { showForm(again, link); box.querySelector(".mistakes")?.focus(); return; }
  showProblem(form, new DOMParser().parseFromString(html, "text/html").querySelector("main h1 ~ p")?.textContent ?? UNREACHABLE);
  if (!stale) return;
  form.dataset.stale = "true";
  const signIn = { href: new URL("../sign-in", import.meta.url), target: "_blank", rel: "noopener", textContent: "Sign in in another tab, then send it again" };
  form.querySelector(".refused").append(" ", Object.assign(document.createElement("a"), signIn));
}

function showProblem(form, sentence) {
  form.querySelector(".refused")?.remove();
  const problem = Object.assign(document.createElement("p"), { className: "problem refused", textContent: sentence });
  problem.setAttribute("role", "alert");
  form.append(problem);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".note-actions a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openForm(link);
});
document.addEventListener("submit", (event) => {
  if (!event.target.closest(".note-actions, .in-place")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("keydown", (event) => {
  if (!box?.contains(event.target)) return;
  if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); closeForm(); }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const buttons = event.target.form.querySelectorAll("button:not([type=button])");
    if (buttons.length === 1) event.target.form.requestSubmit(buttons[0]);
  }
}, true); // before the note, which Escape would close
const told = takeMessage();
if (told) {
  returnToPlace(told.place);
  showMessage(told);
  addEventListener("load", () => { returnToPlace(told.place); history.scrollRestoration = "auto"; }, { once: true });
}
