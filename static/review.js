// Review by keys, without a reload. Without it, every button and link works as a form or an address of its own.
const ACTIONS = {
  accept: ["Accept, or confirm", "a"],
  reject: ["Reject", "x"],
  skip: ["Skip", " "],
  undo: ["Undo", "u"],
  adjust: ["Adjust the words", "e"],
  next: ["The next one", "j"],
  previous: ["The one before", "k"],
  help: ["This list", "?"],
};
const ALSO = { Backspace: "undo", ArrowRight: "next", ArrowLeft: "previous" };
const STORED = "review-keys";
const main = document.querySelector("main");
const live = document.createElement("div");
live.className = "unseen";
live.setAttribute("role", "status");
document.body.append(live);
const without = (address) => new URL(address, location.href).href.split("#")[0];
let [busy, here] = [false, without(location.href)];

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(STORED));
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

function keep(settings) {
  try {
    localStorage.setItem(STORED, JSON.stringify(settings));
  } catch {
    // a browser that keeps nothing: the map holds until the page is left
  }
  current = settings;
}

let current = stored();
const keyOf = (action) => (current.keys && typeof current.keys[action] === "string" && current.keys[action]) || ACTIONS[action][1];
const named = (key) => (key === " " ? "Space" : key);

function say(text) {
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

function dress() {
  for (const element of main.querySelectorAll("[data-key]")) {
    const action = element.dataset.key;
    if (current.off || !ACTIONS[action]) element.removeAttribute("aria-keyshortcuts");
    else element.setAttribute("aria-keyshortcuts", named(keyOf(action)));
    let shown = element.querySelector("kbd");
    if (!shown && element.closest(".review-buttons")) {
      shown = document.createElement("kbd");
      shown.setAttribute("aria-hidden", "true");
      element.append(" ", shown);
    }
    if (shown) shown.textContent = current.off || !ACTIONS[action] ? "" : named(keyOf(action));
  }
  const tabs = main.querySelector(".review-tabs");
  if (tabs && !tabs.querySelector("button")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Keys";
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", help);
    tabs.append(button);
  }
}

function arrive(page, address, push) {
  const there = page.querySelector("main");
  if (!there) {
    location.assign(address);
    return;
  }
  main.replaceChildren(...there.childNodes);
  main.className = there.className;
  document.title = page.title;
  here = without(address);
  if (push) history.pushState({ review: true }, "", address);
  dress();
  const article = main.querySelector("[data-place]");
  const told = main.querySelector(".review-told");
  const heading = main.querySelector(".review-title") || main.querySelector("h1");
  heading.tabIndex = -1;
  const target = new URL(address).hash && main.querySelector(new URL(address).hash.replace(/[^#\w-]/g, ""));
  if (target) target.querySelector("a, textarea")?.focus();
  else heading.focus();
  const did = told ? `${told.firstChild.textContent.trim()} ` : "";
  say(did + (article ? article.dataset.place : main.querySelector(".empty, h1 + p")?.textContent.trim() || ""));
}

async function go(address, options, push = true) {
  if (busy) return;
  busy = true;
  main.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...options, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hash = new URL(address, location.href).hash;
    arrive(page, options ? (answer.redirected ? answer.url : location.href) : answer.url.split("#")[0] + hash, push && (!options || answer.redirected));
  } catch {
    say("The site cannot be reached. Nothing was lost: try again.");
  } finally {
    busy = false;
    main.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".review-form, .review-undo")) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  go(form.action, { method: "POST", body: fields });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-key], a.review-step");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.dataset.key === "adjust") adjust();
  else go(link.href);
});

// A link within the page, as the one that skips to the content, is no other page.
addEventListener("popstate", () => { if (without(location.href) !== here) go(location.href, undefined, false); });

function adjust() {
  const words = document.getElementById("review-words");
  if (!words) return;
  words.open = true;
  const field = document.getElementById("review-exact");
  field.focus();
  say("Change the words, then choose Accept. Escape leaves the field.");
}

function choose(number) {
  const point = main.querySelector(`[data-number="${number}"]`);
  if (!point) return;
  point.closest("details").open = true;
  point.checked = true;
  say(`Chosen: ${point.closest("label").textContent.trim().replace(/\s+/g, " ")}`);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("#review-exact, #review-note, #review-reason")) {
    main.querySelector(".review-title")?.focus();
    return;
  }
  if (current.off || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
  if (event.key === " " && event.target.closest?.("button, summary, a")) return;
  if (/^[1-9]$/.test(event.key)) {
    choose(event.key);
    return;
  }
  const action = Object.keys(ACTIONS).find((each) => keyOf(each) === event.key) || ALSO[event.key];
  if (!action) return;
  if (action === "help") {
    event.preventDefault();
    help();
    return;
  }
  const element = main.querySelector(`[data-key="${action}"]`);
  if (!element) return;
  event.preventDefault();
  if (!event.repeat) element.click();
});

function help() {
  document.querySelector("dialog.review-keys")?.remove();
  const dialog = document.createElement("dialog");
  dialog.className = "review-keys";
  dialog.setAttribute("aria-labelledby", "review-keys-title");
  dialog.innerHTML = `<form method="dialog"><h2 id="review-keys-title">Keys for review</h2>
    <p><label><input type="checkbox" name="on"> Single keys are on</label></p>
    <table><thead><tr><th scope="col">What</th><th scope="col">Key</th></tr></thead><tbody></tbody></table>
    <p class="by">1 to 9 choose another point. Backspace is Undo too, and the left and right arrows go back and on. No key counts while a field has the focus.</p>
    <p class="problem" role="alert" hidden></p>
    <p><button value="save">Save</button> <button type="button" name="reset" class="copy">As they were at first</button> <button value="" class="copy" formnovalidate>Close</button></p></form>`;
  const rows = dialog.querySelector("tbody");
  for (const [action, [what]] of Object.entries(ACTIONS)) {
    const row = rows.insertRow();
    row.innerHTML = `<td><label for="key-${action}">${what}</label></td><td><input type="text" id="key-${action}" name="${action}" maxlength="5" autocomplete="off" autocapitalize="off"></td>`;
    row.querySelector("input").value = named(keyOf(action));
  }
  const form = dialog.querySelector("form");
  form.on.checked = !current.off;
  form.reset.addEventListener("click", () => {
    for (const [action, [, key]] of Object.entries(ACTIONS)) form[action].value = named(key);
    form.on.checked = true;
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "save") return;
    const keys = {};
    for (const action of Object.keys(ACTIONS)) {
      const typed = form[action].value.trim();
      keys[action] = typed.toLowerCase() === "space" ? " " : typed;
    }
    const all = Object.values(keys);
    const wrong = all.some((key) => [...key].length !== 1 || /[1-9]/.test(key)) ? "Each key is one character, or Space; 1 to 9 choose points." : new Set(all).size < all.length ? "Two of these have the same key." : "";
    if (wrong) {
      event.preventDefault();
      const problem = dialog.querySelector(".problem");
      problem.hidden = false;
      problem.textContent = wrong;
      return;
    }
    keep({ off: !form.on.checked, keys });
    dress();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

dress();
const place = main.querySelector("[data-place]");
if (place) say(place.dataset.place);
