// Find a point of guidance by typing: an editable combobox with a listbox (ARIA Authoring Practices 1.2).

const foldText = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const describe = ({ document_title: title, paraphrase }) => `${title}: ${paraphrase}`;
const nameOf = ({ number, title }) => `${number ? `${number} ` : ""}${title}`;

async function fetchPoints() {
  const response = await fetch(new URL("../points.json", import.meta.url), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error();
  return response.json();
}

// input, list and about are elements; say(sentence) fills the live region; changed() is called when the choice changes.
export function pointFinder({ input, list, about, say, changed }) {
  let [points, asked, chosen, active, shown, only] = [[], null, "", -1, [], null];

  function load() {
    asked ??= fetchPoints().catch(() => new Promise((wake) => { setTimeout(wake, 800); }).then(fetchPoints))
      .then((found) => {
        points = found.map((point) => ({ ...point, sought: foldText(`${nameOf(point)} ${point.paraphrase} ${point.document_title} ${point.id}`) }));
        if (chosen) choose(chosen);
      })
      .catch(() => { asked = null; about.textContent = "The points of guidance could not be fetched: type again to try again."; });
    return asked;
  }

  async function open() {
    await load();
    const sought = foldText(chosen ? "" : input.value).split(/\s+/).filter(Boolean);
    const byName = (point) => sought.every((word) => ` ${foldText(nameOf(point))}`.includes(` ${word}`));
    shown = points.filter((point) => sought.every((word) => point.sought.includes(word))).sort((one, other) => byName(other) - byName(one));
    const [named, found] = [shown.filter(byName), sought.length ? shown : []];
    only = found.length === 1 ? found[0] : sought.length && named.length === 1 ? named[0] : null;
    if (!points.length) return;
    list.replaceChildren(...shown.map(option));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(sought.length && shown.length ? 0 : shown.findIndex((point) => point.id === chosen)); // the first is what Enter takes
    say(shown.length ? `${shown.length} ${shown.length === 1 ? "point" : "points"}.` : "No point has these words.");
  }

  // Take the only point that fits what was typed, or the only one by its title, for those who go on without Enter.
  function takeOnly() {
    if (chosen || !only || !input.value.trim()) return;
    chosen = only.id;
    about.textContent = describe(only);
    say(`Chosen: ${nameOf(only)}.`);
    changed();
  }

  async function settle() {
    if (chosen || !input.value.trim()) return;
    await open();
    takeOnly();
    close();
  }

  // What lies below moves when the list closes: wait until a press that moved the focus there has ended.
  function leave() {
    setTimeout(() => {
      if (document.activeElement === input) return;
      takeOnly();
      if (chosen) choose(chosen, input.value);
      close();
    }, 250);
  }

  function option(point, n) {
    const [item, title, text] = ["li", "span", "span"].map((tag) => document.createElement(tag));
    Object.assign(item, { id: `annotate-point-${n}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(point.id === chosen));
    title.textContent = nameOf(point);
    Object.assign(text, { textContent: ` ${point.document_title}`, className: "by" });
    item.append(title, text);
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => { choose(point.id); close(); changed(); });
    return item;
  }

  function mark(n) {
    list.children[active]?.classList.remove("active");
    active = n;
    const item = list.children[n];
    item?.classList.add("active");
    item?.scrollIntoView({ block: "nearest" });
    if (item) input.setAttribute("aria-activedescendant", item.id); else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  // Choose a point by its id; show the text typed while no such point is loaded.
  function choose(id, typed = "") {
    chosen = id;
    const point = points.find((one) => one.id === id);
    input.value = point ? nameOf(point) : typed;
    about.textContent = point ? describe(point) : "";
    if (id && !point) load();
  }

  async function handleKey(event) {
    const { key } = event;
    if (event.isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      const closed = list.hidden;
      if (closed) await open();
      if (shown.length && !event.altKey && !(closed && active >= 0)) mark((active + (key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + shown.length) % shown.length);
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (list.hidden && !chosen && input.value) await open(); // typed faster than the points came
      if (!list.hidden && active >= 0) { choose(shown[active].id); close(); changed(); }
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault(); // otherwise the panel closes too
      event.stopPropagation();
      close();
    }
  }

  input.addEventListener("focus", load);
  input.addEventListener("click", () => { if (list.hidden) open(); });
  input.addEventListener("input", async () => {
    chosen = "";
    about.textContent = "";
    await open();
    changed();
  });
  input.addEventListener("keydown", handleKey);
  input.addEventListener("blur", leave);

  return { choose, load, settle, id: () => chosen, typed: () => input.value };
}
