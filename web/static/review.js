// Review by keys and without reloading. Without this script, every button and link works as a form or an address.
const main = document.querySelector("main");
const live = document.createElement("div");
live.className = "unseen";
live.setAttribute("role", "status");
document.body.append(live);
const signIn = document.currentScript.dataset.signIn;
const withoutHash = (address) => new URL(address, location.href).href.split("#")[0];
let [busy, stale, here] = [false, false, withoutHash(location.href)];

function say(text) {
  live.textContent = "";
  setTimeout(() => { live.textContent = text; }, 50);
}

function showPage(page, address, push) {
  const there = page.querySelector("main");
  if (!there) {
    location.assign(address);
    return;
  }
  main.replaceChildren(...there.childNodes);
  main.className = there.className;
  document.title = page.title;
  here = withoutHash(address);
  if (push) history.pushState({ review: true }, "", address);
  singleKeys.showKeys();
  nameWhatIsSaved();
  const article = main.querySelector("[data-place]");
  const told = main.querySelector(".review-told");
  const heading = main.querySelector(".review-title") || main.querySelector("h1");
  heading.tabIndex = -1;
  const target = new URL(address).hash && main.querySelector(new URL(address).hash.replace(/[^#\w-]/g, ""));
  if (target) target.querySelector("a, textarea")?.focus();
  else {
    heading.focus({ preventScroll: true });
    (told ?? heading).scrollIntoView({ block: "nearest" });
  }
  const did = told ? `${told.firstChild.textContent.trim()} ` : "";
  say(did + (article ? article.dataset.place : main.querySelector(".empty, h1 + p")?.textContent.trim() || ""));
}

// Say in the page what went wrong, and leave what was typed and ticked where it is.
function refuse(sentence, link = "") {
  const place = main.querySelector(".review-problem") ?? document.createElement("p");
  place.className = "review-problem";
  place.setAttribute("role", "alert");
  place.replaceChildren(sentence, " ", link);
  (main.querySelector(".review-decide") ?? main).prepend(place);
}

function linkToSignIn() {
  const link = document.createElement("a");
  Object.assign(link, { href: signIn, target: "_blank", rel: "noopener", textContent: "Sign in in another tab, then decide again" });
  return link;
}

// Read a new CSRF token from the page, since signing in again may change it.
async function renewToken(fields) {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const token = page.querySelector("main [name=csrftoken]")?.value;
  if (token) fields.set("csrftoken", token);
}

async function go(address, options, push = true) {
  if (busy) return;
  busy = true;
  main.setAttribute("aria-busy", "true");
  try {
    if (options && stale) await renewToken(options.body);
    const answer = await fetch(address, { ...options, headers: { Accept: "text/html" } });
    stale = Boolean(options) && [401, 403].includes(answer.status);
    if (stale) return void refuse("You are no longer signed in, or this page is too old. Nothing was saved, and what you typed is still here.", linkToSignIn());
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const hash = new URL(address, location.href).hash;
    showPage(page, options ? (answer.redirected ? answer.url : location.href) : answer.url.split("#")[0] + hash, push && (!options || answer.redirected));
  } catch {
    refuse("The site cannot be reached. Nothing was saved, and what you typed is still here. Try again.");
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
  go(link.href);
});

// Ignore links within the page, such as the skip link.
addEventListener("popstate", () => { if (withoutHash(location.href) !== here) go(location.href, undefined, false); });

function adjust() {
  const words = document.getElementById("review-words");
  if (!words) return;
  words.open = true;
  const field = document.getElementById("review-exact");
  field.focus();
  say("Change the words, then choose a reading. Escape leaves the field.");
}

const list = (titles) => [titles.slice(0, -1).join(", "), ...titles.slice(-1)].filter(Boolean).join(" and ");

// Say above the buttons what accepting saves, and how many points Reject is about.
function nameWhatIsSaved() {
  const saves = document.getElementById("review-saves");
  if (!saves) return;
  const other = document.getElementById("review-other");
  const ticked = [...main.querySelectorAll(".review-points :checked[data-title]")].map((box) => box.dataset.title);
  const titles = other.value ? [other.selectedOptions[0].textContent] : ticked;
  saves.textContent = titles.length ? `Accept for ${list(titles.map((title) => `“${title}”`))} as` : "Tick a point to accept";
}

function choosePoint(step, add) {
  const boxes = [...main.querySelectorAll(".review-points [type=checkbox]")];
  if (!boxes.length) return;
  const at = boxes.findLastIndex((box) => box.checked);
  const box = boxes[(at + step + boxes.length) % boxes.length];
  if (!add) for (const each of boxes) each.checked = false;
  document.getElementById("review-other").value = "";
  box.checked = true;
  box.closest("label").scrollIntoView({ block: "nearest" });
  nameWhatIsSaved();
  say(document.getElementById("review-saves").textContent);
}

// The key that confirms a changed quote; a suggestion needs a reading, so that it goes to the readings.
function confirmOrChoose() {
  const button = main.querySelector("[data-key=accept]") ?? main.querySelector("[name=reading]");
  if (button?.dataset.key) button.click();
  else if (button) { button.focus(); say("Choose a reading: 1, 2 or 3."); }
}

// Accept with a reading; a key that is held down decides once.
function accept(number, event) {
  if (!event.repeat) main.querySelector(`[name=reading][data-number="${number}"]`)?.click();
}

document.addEventListener("change", (event) => { if (event.target.form?.matches(".review-form")) nameWhatIsSaved(); });

document.addEventListener("keydown", (event) => {
  const digit = /^Digit([123])$/.exec(event.code);
  if (!digit || !event.altKey || event.ctrlKey || event.metaKey || !event.target.closest(".review-form")) return;
  event.preventDefault();
  accept(digit[1], event);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.matches?.("#review-exact, #review-note, #review-reason")) return;
  main.querySelector(".review-title")?.focus();
});

const click = (act) => () => main.querySelector(`[data-key="${act}"]`)?.click();
singleKeys.give({ Backspace: click("undo"), ArrowRight: click("next"), ArrowLeft: click("previous"), adjust, accept: confirmOrChoose });
singleKeys.give({ "[": () => choosePoint(-1), "]": () => choosePoint(1), "{": () => choosePoint(-1, true), "}": () => choosePoint(1, true) });
singleKeys.give(Object.fromEntries([..."123"].map((number) => [number, (event) => accept(number, event)])));
nameWhatIsSaved();
const place = main.querySelector("[data-place]");
if (place) say(place.dataset.place);
