// The words of a speech on the page and in the record have the same characters but for white space, so places are
// counted in the others ("solid" ones). Places are UTF-16 units of the record's text; codePoints converts them.

const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/; // as Python's str.split
const APART = "sup.reference, aside.notes, button, .annotate-bar, .saved-message"; // on the page, not in the record

// List the places of solid units in a text.
function solidPlaces(text) {
  const places = [];
  for (let at = 0; at < text.length; at += 1) if (!SPACE.test(text[at])) places.push(at);
  return places;
}

// Make a speech from its article on the page and its row of the record (id, text, sentences in code points).
export function speechOf(article, row) {
  const { text } = row;
  const units = /[\ud800-\udfff]/.test(text) ? unitsByCodePoint(text) : null;
  const sentences = row.sentences.map((pair) => (units ? pair.map((at) => units[at]) : pair));
  const name = article.querySelector(".speaker-name")?.textContent || "this speech";
  return { id: row.id, article, words: article.querySelector(".words"), text, sentences, name, at: solidPlaces(text) };
}

function unitsByCodePoint(text) {
  const units = [];
  let at = 0;
  for (const point of text) { units.push(at); at += point.length; }
  return [...units, at];
}

export const codePoints = (text, units) => [...text.slice(0, units)].length;

// Find the text nodes of a speech, each with the number of solid characters before it. Throws where they differ from the record.
function findTextNodes(speech) {
  const keep = (node) => (node.parentElement.closest(APART) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(speech.words, NodeFilter.SHOW_TEXT, keep);
  const nodes = [];
  let count = 0;
  while (walker.nextNode()) {
    const held = solidPlaces(walker.currentNode.data);
    if (held.length) nodes.push({ node: walker.currentNode, held, start: count });
    count += held.length;
  }
  if (count !== speech.at.length) throw new Error("The record of this speech has changed: load the page again, then annotate.");
  return nodes;
}

// Count the solid characters before a place of the page.
function countSolidsBefore(nodes, container, offset) {
  const place = document.createRange();
  place.setStart(container, offset);
  for (const { node, held, start } of nodes) {
    if (node === container) return start + held.filter((at) => at < offset).length;
    if (place.comparePoint(node, 0) >= 0) return start;
  }
  const last = nodes.at(-1);
  return last ? last.start + last.held.length : 0;
}

// What stands on both sides of a place inside a word or a number; the site knows more of these (annotations/text/word_edges.py).
const JOINTS = [
  [/[\p{L}\p{N}][\p{M}\u00ad\u200b-\u200d\u2060]*$/u, /^[\p{M}\u00ad\u200b-\u200d\u2060]*[\p{L}\p{N}]/u],
  [/\d$/, /^(?:[.,:/\-\u2010-\u2014−]\d|[%‰°])/],
  [/\d[.,:/\-\u2010-\u2014−]$/, /^\d/],
  [/(?:[−+±£$€<>]|(?:^|[\s(£$€])[-–])$/, /^[£$€]?\.?\d/],
  [/\p{L}$/u, /^['’](?:s|t|d|m|ll|re|ve)\b/i],
  [/\p{L}['’]$/u, /^(?:s|t|d|m|ll|re|ve)\b/i],
];

function insideWord(text, at) {
  const [left, right] = [text.slice(Math.max(0, at - 24), at), text.slice(at, at + 24)];
  if (/^[\udc00-\udfff]/.test(right)) return true; // half a character
  return left !== "" && right !== "" && JOINTS.some(([before, after]) => after.test(right) && before.test(left));
}

// Widen a quote until it cuts no word and no number.
export function widenToWords(text, { start, end }) {
  let [first, last] = [start, end];
  while (insideWord(text, first)) first -= 1;
  while (insideWord(text, last)) last += 1;
  return { start: first, end: last };
}

// Find the whole words in the record of a range of the page; null where it holds no words.
export function quoteOf(speech, range) {
  const place = placeOf(speech, range);
  return place && widenToWords(speech.text, place);
}

// Find the place in the record of a range of the page, as it was selected; null where it holds no words.
export function placeOf(speech, range) {
  const nodes = findTextNodes(speech);
  const [first, last] = [countSolidsBefore(nodes, range.startContainer, range.startOffset), countSolidsBefore(nodes, range.endContainer, range.endOffset)];
  if (first >= last) return null;
  let [start, end] = [speech.at[first], speech.at[last - 1] + 1];
  if (/[\udc00-\udfff]/.test(speech.text[start])) start -= 1; // a character that takes two units is never halved
  if (/[\ud800-\udbff]/.test(speech.text[end - 1])) end += 1;
  return { start, end };
}

// Return a function that finds the node and offset of a place of the record, so that one walk serves many places.
export function placeFinder(speech) {
  const nodes = findTextNodes(speech);
  return (unit, after = false) => {
    const solid = countPlacesBefore(speech.at, unit) - (after ? 1 : 0);
    const one = nodes.findLast(({ start }) => start <= solid);
    return { node: one.node, offset: one.held[solid - one.start] + (after ? 1 : 0) };
  };
}

export function rangeOf(speech, { start, end }) {
  const at = placeFinder(speech);
  const [from, to] = [at(start), at(end, true)];
  const range = document.createRange();
  range.setStart(from.node, from.offset);
  range.setEnd(to.node, to.offset);
  return range;
}

// Count the places before a unit, by binary search.
function countPlacesBefore(at, unit) {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] < unit) low = middle + 1; else high = middle;
  }
  return low;
}

// Cut a selection to the speech in which it began, else to the first that it touches: { article, range, cut }.
export function cutToSpeech(selection) {
  const range = selection.getRangeAt(0);
  const touched = [...document.querySelectorAll("article.speech .words")].filter((words) => range.intersectsNode(words));
  const words = touched.find((each) => each.contains(selection.anchorNode)) ?? touched[0];
  if (!words) return null;
  const whole = document.createRange();
  whole.selectNodeContents(words);
  const kept = range.cloneRange();
  const outside = [];
  if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) {
    kept.setStart(whole.startContainer, whole.startOffset);
    outside.push([range.startContainer, range.startOffset, whole.startContainer, whole.startOffset]);
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) {
    kept.setEnd(whole.endContainer, whole.endOffset);
    outside.push([whole.endContainer, whole.endOffset, range.endContainer, range.endOffset]);
  }
  return { article: words.closest("article"), range: kept, cut: outside.some(holdsWords) };
}

function holdsWords([from, start, to, end]) {
  const range = document.createRange();
  range.setStart(from, start);
  range.setEnd(to, end);
  return range.toString().trim() !== "";
}

// Move the beginning or end of a quote by a word, or its end by a sentence; return the same quote where that cannot be.
export function adjustQuote({ text, sentences }, { start, end }, how) {
  const moves = {
    earlier: () => ({ start: start - (text.slice(0, start).match(/\S+\s*$/)?.[0].length ?? 0), end }),
    later: () => ({ start: start + (text.slice(start, end).match(/^\S+\s+(?=\S)/)?.[0].length ?? 0), end }),
    longer: () => ({ start, end: end + (text.slice(end).match(/^\s*\S+/)?.[0].length ?? 0) }),
    shorter: () => ({ start, end: end - (text.slice(start, end).match(/(?<=\S)\s+\S+$/)?.[0].length ?? 0) }),
    further: () => ({ start, end: sentences.find(([, last]) => last > end)?.[1] ?? end }),
    nearer: () => ({ start, end: sentences.findLast(([, last]) => last < end && last > start)?.[1] ?? end }),
  };
  return moves[how]();
}
