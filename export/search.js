// Search the entries of entries.js without a server. The address holds the search.
const form = document.getElementById("find");
const field = document.getElementById("words");
const told = document.getElementById("told");
const list = document.getElementById("found");
const MOST = 100, WORDS_BEFORE = 12, WORDS = 42;
const LETTER = "[\\p{L}\\p{N}]";

// Remove accents and capitals, and keep the length, so that places are those of the text itself.
function simplify(text) {
  const plain = text.toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
  const bare = plain.normalize("NFD").replace(/\p{M}+/gu, "");
  return bare.length === plain.length ? bare : plain;
}
const texts = ENTRIES.map((entry) => simplify(`${entry[1]} ${entry[2]} ${entry[3]}`));

// Split a search into words, whatever their ending, and exact phrases in quotation marks; all of them must be found.
function parseSearch(typed) {
  const parts = [...simplify(typed).matchAll(/"([^"]+)"?|[^\s"]+/g)].map((match) => [match[1] ?? match[0], match[1] !== undefined]);
  return parts.map(([words, exact]) => {
    const found = (words.match(/[\p{L}\p{N}]+/gu) || []).join("[^\\p{L}\\p{N}]+");
    return found && new RegExp(`(?<!${LETTER})${found}${exact ? `(?!${LETTER})` : `${LETTER}*`}`, "gu");
  }).filter(Boolean);
}

// Show the words around the first place found, whole words alone, with what was found marked. Nothing is parsed as HTML.
function showContext(text, patterns) {
  const places = patterns.flatMap((pattern) => [...simplify(text).matchAll(pattern)].map((match) => [match.index, match.index + match[0].length])).sort((a, b) => a[0] - b[0]);
  const words = [...text.matchAll(/\S+/g)];
  const at = places.length ? words.findIndex((word) => word.index + word[0].length > places[0][0]) : 0;
  const first = Math.max(0, at - WORDS_BEFORE), last = Math.min(words.length, first + WORDS);
  if (!last) return "";
  let done = words[first].index;
  const end = words[last - 1].index + words[last - 1][0].length;
  const line = document.createElement("span");
  line.className = "snippet";
  line.append(first ? "… " : "");
  for (const [start, stop] of places) {
    if (start < done || stop > end) continue;
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, stop);
    line.append(text.slice(done, start), mark);
    done = stop;
  }
  line.append(text.slice(done, end), last < words.length ? " …" : "");
  return line;
}

function find() {
  const patterns = parseSearch(field.value);
  const hits = patterns.length ? ENTRIES.filter((_, n) => patterns.every((pattern) => texts[n].search(pattern) >= 0)) : [];
  history.replaceState(null, "", location.pathname + (patterns.length ? `#q=${encodeURIComponent(field.value)}` : ""));
  told.textContent = !patterns.length ? "" : hits.length > MOST ? `${hits.length} found; the first ${MOST} are shown` : `${hits.length} found`;
  list.replaceChildren(...hits.slice(0, MOST).map(([href, title, about, text]) => {
    const item = document.createElement("li"), link = document.createElement("a"), by = document.createElement("span");
    link.href = href;
    link.textContent = title;
    by.className = "by";
    by.textContent = about;
    item.append(link, " ", by, text ? showContext(text, patterns) : "");
    return item;
  }));
}

let waiting;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 200); });
document.getElementById("needs").hidden = true;
form.hidden = false;
const search = location.hash.match(/^#q=(.*)$/);
try {
  field.value = search ? decodeURIComponent(search[1]) : new URLSearchParams(location.search).get("q") ?? "";
} catch { field.value = ""; }
find();
