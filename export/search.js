// Search the entries of entries.js without a server. The address holds the question.
const form = document.getElementById("find");
const field = document.getElementById("words");
const told = document.getElementById("told");
const list = document.getElementById("found");
const MOST = 100, AROUND = 90;
const simplify = (text) => text.toLowerCase().replace(/[‘’]/g, "'").replace(/[“”]/g, '"');
const texts = ENTRIES.map((entry) => simplify(`${entry[1]} ${entry[2]} ${entry[3]}`));

// Split a question into words and phrases in quotation marks, all of which must be found.
function parseQuestion(typed) {
  return [...simplify(typed).matchAll(/"([^"]+)"?|[^\s"]+/g)].map((match) => (match[1] || match[0]).trim()).filter(Boolean);
}

// Show the text around the first word found, with the words marked. Nothing is parsed as HTML.
function showContext(text, words) {
  const low = simplify(text);
  const at = words.map((word) => low.indexOf(word)).filter((place) => place >= 0);
  const begin = Math.max(0, Math.min(...at, low.length) - AROUND);
  const shown = text.slice(begin, begin + 3 * AROUND), lowShown = low.slice(begin, begin + 3 * AROUND);
  const line = document.createElement("span");
  line.className = "by";
  line.append(begin ? "… " : "");
  for (let place = 0; place < shown.length;) {
    const next = words.map((word) => [lowShown.indexOf(word, place), word]).filter((pair) => pair[0] >= 0).sort((a, b) => a[0] - b[0])[0];
    if (!next) { line.append(shown.slice(place)); break; }
    const mark = document.createElement("mark");
    mark.textContent = shown.slice(next[0], next[0] + next[1].length);
    line.append(shown.slice(place, next[0]), mark);
    place = next[0] + next[1].length;
  }
  line.append(begin + 3 * AROUND < text.length ? " …" : "");
  return line;
}

function find() {
  const words = parseQuestion(field.value);
  const hits = words.length ? ENTRIES.filter((_, n) => words.every((word) => texts[n].includes(word))) : [];
  history.replaceState(null, "", words.length ? `#q=${encodeURIComponent(field.value)}` : "#");
  told.textContent = !words.length ? "" : hits.length > MOST ? `${hits.length} found; the first ${MOST} are shown` : `${hits.length} found`;
  list.replaceChildren(...hits.slice(0, MOST).map(([href, title, about, text]) => {
    const item = document.createElement("li"), link = document.createElement("a"), by = document.createElement("span");
    link.href = href;
    link.textContent = title;
    by.className = "by";
    by.textContent = about;
    item.append(link, " ", by, text ? showContext(text, words) : "");
    return item;
  }));
}

let waiting;
field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 200); });
document.getElementById("needs").hidden = true;
form.hidden = false;
const question = location.hash.match(/^#q=(.*)$/);
if (question) {
  try { field.value = decodeURIComponent(question[1]); } catch { field.value = ""; }
}
find();
