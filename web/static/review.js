// Review by keys and without reloading. Without this script, every button and link works as a form or an address.
const main = document.querySelector("main");
const live = document.createElement("div");
live.className = "unseen";
live.setAttribute("role", "status");
document.body.append(live);
const withoutHash = (address) => new URL(address, location.href).href.split("#")[0];
let [busy, here] = [false, withoutHash(location.href)];

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
    showPage(page, options ? (answer.redirected ? answer.url : location.href) : answer.url.split("#")[0] + hash, push && (!options || answer.redirected));
  } catch {
    say("The site cannot be reached. Nothing was lost. Try again.");
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

// Ignore links within the page, such as the skip link.
addEventListener("popstate", () => { if (withoutHash(location.href) !== here) go(location.href, undefined, false); });

function adjust() {
  const words = document.getElementById("review-words");
  if (!words) return;
  words.open = true;
  const field = document.getElementById("review-exact");
  field.focus();
  say("Change the words, then choose Accept. Escape leaves the field.");
}

// Say on the button what accepting saves: the point and the reading that are chosen.
function nameWhatIsSaved() {
  const saves = document.getElementById("review-saves");
  if (!saves) return;
  const other = document.getElementById("review-other");
  const point = other.value ? other.selectedOptions[0].textContent : main.querySelector("[name=choice]:checked").dataset.title;
  saves.textContent = `Accept for ${point}, ${main.querySelector("[name=reading]:checked").dataset.title}`;
}

function chooseReading(number) {
  const reading = main.querySelector(`[name=reading][data-number="${number}"]`);
  if (!reading) return;
  reading.checked = true;
  nameWhatIsSaved();
  say(document.getElementById("review-saves").textContent);
}

function choosePoint(step) {
  const points = [...main.querySelectorAll("[name=choice]")];
  if (!points.length) return;
  const at = points.findIndex((point) => point.checked);
  const point = points[(at + step + points.length) % points.length];
  const folded = point.closest("details");
  if (folded) folded.open = true;
  document.getElementById("review-other").value = "";
  point.checked = true;
  point.closest("label").scrollIntoView({ block: "nearest" });
  nameWhatIsSaved();
  say(document.getElementById("review-saves").textContent);
}

document.addEventListener("change", (event) => { if (event.target.form?.matches(".review-form")) nameWhatIsSaved(); });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.matches?.("#review-exact, #review-note, #review-reason")) return;
  main.querySelector(".review-title")?.focus();
});

const click = (act) => () => main.querySelector(`[data-key="${act}"]`)?.click();
singleKeys.give({ Backspace: click("undo"), ArrowRight: click("next"), ArrowLeft: click("previous") });
singleKeys.give({ "[": () => choosePoint(-1), "]": () => choosePoint(1) });
singleKeys.give(Object.fromEntries([..."123"].map((number) => [number, () => chooseReading(number)])));
nameWhatIsSaved();
const place = main.querySelector("[data-place]");
if (place) say(place.dataset.place);
