// After saving: reload the page, focus the new note, and offer to undo it.

const KEPT = "annotate-just-saved";

// Store a message and load the page again. `told` has sentence and speech, and entry and address if a note was saved.
export function reloadAndTell(told) {
  try { sessionStorage.setItem(KEPT, JSON.stringify(told)); } catch { /* without storage, there is no message */ }
  location.reload();
}

// Show the stored message once; return the function that undoes what was saved, or null.
export function tellWhatWasSaved({ root, post, say }) {
  const told = takeMessage();
  if (!told) return null;
  const link = [...document.querySelectorAll(".notes .permalink a")].find((one) => one.getAttribute("href") === told.address);
  const note = link?.closest("details");
  if (note) note.open = true;
  const number = note?.querySelector(".number")?.textContent;
  const sentence = number ? `Saved as note ${number}.` : told.sentence;
  focusOn(note, told.speech);
  setTimeout(() => say(sentence), 300); // screen readers ignore a live region that is filled while the page loads
  return told.entry ? offerUndo(told, note, sentence, { root, post, say }) : null;
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

function focusOn(note, speech) {
  const summary = note?.querySelector("summary");
  summary?.focus();
  if (summary && document.activeElement === summary) { summary.scrollIntoView({ block: "center" }); return; }
  const article = document.getElementById(speech);
  if (!article) return;
  article.tabIndex = -1;
  article.focus();
}

function offerUndo(told, note, sentence, { root, post, say }) {
  const bar = document.getElementById("annotate-saved");
  const text = bar.querySelector("span");
  text.textContent = sentence;
  const seen = note?.getClientRects().length ? note : document.getElementById(told.speech);
  seen?.after(bar); // the next stop of Tab after the note, or after the speech where notes are off
  bar.hidden = false;

  async function undo() {
    if (bar.hidden) return;
    try {
      const response = await post(root, new URL("../undo", import.meta.url), { entry: String(told.entry) });
      const answer = await response.json().catch(() => ({}));
      if (response.ok && answer.ok) { reloadAndTell({ sentence: "Undone: the quote is no longer shown.", speech: told.speech }); return; }
      text.textContent = answer.error ?? `The site answered with an error (${response.status}).`;
    } catch {
      text.textContent = "The site could not be reached: undo again when it can.";
    }
    say(text.textContent);
  }

  bar.querySelector("#undo").addEventListener("click", undo);
  bar.querySelector("#dismiss").addEventListener("click", () => { bar.hidden = true; focusOn(note, told.speech); });
  return undo;
}
