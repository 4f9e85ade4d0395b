// Notes beside their words: on a wide page each stands in the margin, level with the words, and opens over the rows below
// it. On a narrow one, and without this script, notes are folded below their paragraphs.

(() => {
  const debate = document.querySelector(".debate");
  const SPILL = 4; // rows that the notes of a paragraph may run on below it
  const FOLDED_AFTER = 3; // notes below a paragraph of a narrow page
  const groups = [...debate.querySelectorAll(".notes")].map((aside) => ({ aside, block: aside.parentElement, notes: [...aside.querySelectorAll(":scope > .note")], unfolded: false }));
  const told = Object.assign(document.createElement("p"), { className: "unseen" });
  told.setAttribute("role", "status");
  debate.before(told);

  const numberOf = (note) => note.querySelector(".number").textContent;
  const referenceOf = (note) => document.getElementById(`reference-${numberOf(note)}`);
  const wordsOf = (note) => debate.querySelectorAll(`mark[aria-details="note-${numberOf(note)}"]`);
  const noteOf = (id) => document.getElementById(id)?.closest("details.note");
  const standBeside = () => groups.length > 0 && getComputedStyle(groups[0].aside).position === "absolute";

  // Places

  // Spread rows between the top of a paragraph and `bottom`, each as near to its own place as the others allow.
  function spreadRows(places, height, bottom) {
    const clamp = ({ at, count }) => Math.max(0, Math.min(at, bottom - count * height));
    const runs = [];
    for (const place of places) {
      let run = { at: place, count: 1 };
      for (let above = runs.at(-1); above && clamp(above) + above.count * height > clamp(run); above = runs.at(-1)) {
        const count = above.count + run.count;
        run = { at: (above.at * above.count + (run.at - above.count * height) * run.count) / count, count };
        runs.pop();
      }
      runs.push(run);
    }
    return runs.flatMap((run) => Array.from({ length: run.count }, (_, n) => clamp(run) + n * height));
  }

  function placeNotes() {
    const beside = standBeside();
    const height = 1.5 * parseFloat(getComputedStyle(document.documentElement).fontSize);
    const boxes = groups.map(({ block }) => block.getBoundingClientRect());
    const places = groups.map(({ notes }, n) => notes.map((note) => findMiddle(note) - boxes[n].top - height / 2));
    groups.forEach((group, n) => {
      const bottom = Math.min(boxes[n].height + SPILL * height, (boxes[n + 1]?.top ?? Infinity) - boxes[n].top);
      const room = beside ? Math.max(1, Math.floor(bottom / height)) : FOLDED_AFTER + 1;
      const left = group.notes.length <= room || group.unfolded ? group.notes.length : room - 1;
      group.notes.forEach((note, i) => note.classList.toggle("folded", i >= left));
      showMore(group, left, room);
      moveRows(group, beside && places[n], height, bottom);
    });
  }

  function findMiddle(note) {
    const { top, bottom } = (referenceOf(note) ?? note).getBoundingClientRect();
    return (top + bottom) / 2;
  }

  // Move the rows of a group from where they stand, one below another, to their places; `places` is false on a narrow page.
  function moveRows(group, places, height, bottom) {
    const { aside, notes, unfolded, more } = group;
    const rows = notes.flatMap((note, n) => (note.matches(".folded:not([open])") ? [] : [[note, places[n]]]));
    if (more) rows.push([more, places && places.at(-1)]);
    const spread = places && !unfolded ? spreadRows(rows.map(([, place]) => place), height, bottom) : [];
    rows.forEach(([row], n) => { row.style.translate = spread.length ? `0 ${Math.round(spread[n] - n * height)}px` : ""; });
    group.first = spread[0] ?? group.first ?? 0;
    aside.style.translate = places && unfolded ? `0 ${Math.round(group.first)}px` : "";
    aside.classList.toggle("unfolded", Boolean(places && unfolded));
  }

  // Show or remove the button of the notes for which there is no room.
  function showMore(group, left, room) {
    if (group.notes.length <= room) { group.more?.remove(); group.more = null; return; }
    if (!group.more) {
      group.more = Object.assign(document.createElement("button"), { type: "button", className: "more" });
      group.more.addEventListener("click", () => { group.unfolded = !group.unfolded; placeNotes(); });
      group.aside.append(group.more);
    }
    const rest = group.notes.length - left;
    group.more.textContent = group.unfolded ? "Fewer" : left ? `${rest} more` : `${rest} notes`;
    group.more.setAttribute("aria-expanded", group.unfolded);
  }

  // Opening

  // Shade the words of a note and its line, or no longer.
  function light(note, on) {
    note.classList.toggle("lit", on || note.open);
    for (const mark of wordsOf(note)) mark.classList.toggle("lit", on || note.open);
  }

  let peeked = null; // the note that the focus has opened, which closes when the focus leaves it

  function open(note) {
    note.open = true;
    if (standBeside()) closeOthers(note);
  }

  function closeOthers(note) {
    for (const other of debate.querySelectorAll("details.note[open]")) if (other !== note) other.open = false;
  }

  debate.addEventListener("toggle", ({ target }) => {
    if (!target.matches("details.note")) return;
    if (target.open && standBeside()) closeOthers(target);
    light(target, false);
    if (target.classList.contains("folded")) placeNotes();
  }, true);

  debate.addEventListener("focusin", ({ target }) => {
    const note = target.matches(".note > summary:focus-visible") && target.parentElement;
    if (!note || note.open || !standBeside()) return;
    peeked = note;
    open(note);
  });

  debate.addEventListener("focusout", ({ relatedTarget }) => {
    if (!peeked || peeked.contains(relatedTarget) || !document.hasFocus() || document.querySelector("dialog[open]")) return;
    peeked.open = false;
    peeked = null;
  });

  for (const [type, on] of [["pointerover", true], ["pointerout", false]]) {
    debate.addEventListener(type, ({ target }) => {
      const note = target.closest("details.note") ?? findNote(target);
      if (note) light(note, on);
    });
  }

  // Find the note of the words, or the number, at which an event happened: the innermost.
  function findNote(target) {
    const mark = target.closest("mark.note, .reference");
    return mark && noteOf(mark.getAttribute("aria-details") ?? mark.hash.slice(1));
  }

  // A click on the words or on the number opens the note; one that selects words or chooses a sentence does not.
  debate.addEventListener("click", (event) => {
    const { target } = event;
    const number = target.closest(".reference");
    if (!number && (!standBeside() || !getSelection().isCollapsed || target.closest("a, button, summary, aside") || debate.querySelector("button.sentence"))) return;
    const note = findNote(target);
    if (!note || !note.closest(".notes").getClientRects().length || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (!number) { open(note); return; }
    event.preventDefault();
    show(note);
  });

  debate.addEventListener("keydown", ({ key, target }) => {
    const note = key === "Escape" && standBeside() && target.closest("details.note[open]");
    if (!note) return;
    peeked = null;
    note.open = false;
    referenceOf(note).focus({ preventScroll: true });
  });

  // Open a note, put the focus on it, and bring its words into view.
  function show(note) {
    open(note);
    history.replaceState(null, "", `#note-${numberOf(note)}`);
    const summary = note.querySelector("summary");
    summary.focus({ preventScroll: true });
    bringIntoView(standBeside() ? referenceOf(note) : summary);
  }

  function bringIntoView(element) {
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 60 || bottom > innerHeight * 0.7) element.scrollIntoView({ block: "center" });
  }

  function showTarget() {
    const note = /^#note-\d+$/.test(location.hash) && noteOf(location.hash.slice(1));
    if (note) { open(note); bringIntoView(standBeside() ? referenceOf(note) : note.querySelector("summary")); }
  }

  // Keys: from note to note and from mention to mention. Without this script, links lead from each to the next.

  const STEPS = { note: ["note", 1], noteBefore: ["note", -1], mention: ["mention", 1], mentionBefore: ["mention", -1] };
  const FOUND = { note: "details.note", mention: "[id^='mention-']" };

  // Find where the reader is: the focus, else the open note, else the target of the address, else null for the top of the window.
  function findCurrent() {
    const focused = document.activeElement;
    const opened = standBeside() ? debate.querySelector("details.note[open]") : null;
    const at = focused?.closest("main") && focused.id !== "content" ? focused : opened ?? document.querySelector(":target");
    return at?.closest("details.note") ?? at;
  }

  // Return true if an element stands after a place (way 1) or before it (way -1).
  function isOnTheWay(one, from, way) {
    if (from) return one !== from && Boolean(from.compareDocumentPosition(one) & (way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING)) && !from.contains(one);
    return ((one.matches(".note") && referenceOf(one) || one).getBoundingClientRect().top >= 0) === (way > 0);
  }

  function step(kind, way) {
    const all = [...document.querySelectorAll(FOUND[kind])].filter((one) => kind === "mention" || one.closest(".notes").getClientRects().length);
    const from = findCurrent();
    const found = all.map((one) => (kind === "mention" ? one.nextElementSibling ?? one : one)).filter((one) => isOnTheWay(one, from, way)).at(way > 0 ? 0 : -1);
    told.textContent = found ? "" : all.length ? `There is no ${kind} ${way > 0 ? "after" : "before"} this.` : `No ${kind}s are shown.`;
    if (found && kind === "note") show(found);
    else if (found) goToMention(found);
  }

  function goToMention(words) {
    words.tabIndex = -1;
    history.replaceState(null, "", `#${words.previousElementSibling?.id ?? words.id}`);
    words.focus({ preventScroll: true });
    words.scrollIntoView({ block: "center" });
  }

  // Switch notes on and off without loading the page anew; the address remembers it. Without this script, these are links.
  for (const link of document.querySelectorAll("[data-notes]")) {
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      debate.className = `debate notes-${link.dataset.notes}`;
      for (const other of document.querySelectorAll("[data-notes]")) other.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      for (const field of document.querySelectorAll(".which [name=notes]")) field.value = link.dataset.notes;
      history.replaceState(null, "", link.href + location.hash);
      placeNotes();
    });
  }

  placeNotes();
  showTarget();
  addEventListener("hashchange", showTarget);
  addEventListener("resize", placeNotes);
  addEventListener("load", placeNotes);
  globalThis.singleKeys?.give(Object.fromEntries(Object.entries(STEPS).map(([act, way]) => [act, () => step(...way)])));
})();
