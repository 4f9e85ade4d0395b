// Add a button that copies a citation. Without this script, the citation is plain text to select.
for (const citation of document.querySelectorAll("[data-copy]")) {
  const button = citation.matches("button") ? citation : citation.nextElementSibling, label = [...button.childNodes];
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(citation.dataset.copy);
    button.replaceChildren("Copied");
    setTimeout(() => { button.replaceChildren(...label); }, 2000);
  });
  button.hidden = !navigator.clipboard;
}

// On a narrow page, show the section one is in where the list of sections scrolls.
const sections = document.querySelector(".masthead nav"), section = sections?.querySelector("[aria-current]");
if (section) sections.scrollLeft = section.offsetLeft - sections.offsetLeft - 16;

// Close the menu of a page by Escape or a click elsewhere. Without this script, it closes by its own button.
for (const menu of document.querySelectorAll("details.menu, details.dropdown")) {
  document.addEventListener("click", ({ target }) => {
    if (!menu.contains(target) || target.closest("a[href^='#']")) menu.open = false;
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
