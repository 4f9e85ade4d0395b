// On the page "My notes": list the drafts that this browser keeps, and mark replies that are new since the last visit.
const mine = document.querySelector(".mine");
const prefix = `annotate-draft:${mine.dataset.who}:`;
const [section, list] = [document.getElementById("drafts"), document.querySelector("#drafts ul")];

function readDrafts() {
  let keys = [];
  try { keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { /* storage is blocked */ }
  return keys.map((key) => ({ key, ...readDraft(key) })).filter((draft) => draft.speech)
    .sort((one, other) => String(other.kept).localeCompare(String(one.kept)));
}

function readDraft(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } // not ours
}

function addDraft(draft) {
  const [item, link, words, discard] = ["li", "a", "p", "button"].map((tag) => document.createElement(tag));
  link.href = new URL(`../debate/${encodeURIComponent(draft.key.slice(prefix.length))}?draft=1#${draft.speech}`, import.meta.url);
  link.textContent = draft.title || "A debate";
  words.textContent = `“${draft.exact}” ${draft.note ?? ""}`;
  Object.assign(discard, { type: "button", className: "copy", textContent: "Discard" });
  discard.addEventListener("click", () => {
    localStorage.removeItem(draft.key);
    item.remove();
    section.hidden = !list.children.length;
  });
  item.append(link, words, discard);
  list.append(item);
}

function markNewReplies() {
  const key = `replies-seen:${mine.dataset.who}`;
  try {
    const seen = localStorage.getItem(key) ?? "";
    const fresh = [...document.querySelectorAll("#replies-to-me [data-created]")].filter((one) => one.dataset.created > seen);
    for (const one of fresh) one.querySelector("p").prepend(Object.assign(document.createElement("span"), { className: "new", textContent: "New" }), " ");
    if (fresh.length) document.getElementById("new-replies").textContent = `, ${fresh.length} new`;
    localStorage.setItem(key, new Date().toISOString());
  } catch { /* without storage, none is marked */ }
}

readDrafts().forEach(addDraft);
section.hidden = !list.children.length;
markNewReplies();
