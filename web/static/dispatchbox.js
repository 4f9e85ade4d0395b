// Add a button that copies a citation. Without this script, the citation is plain text to select.
for (const citation of document.querySelectorAll("[data-copy]")) {
  const button = citation.nextElementSibling;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(citation.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy citation"; }, 2000);
  });
  button.hidden = !navigator.clipboard;
}

// Switch notes between margin, inline and off without reloading; the address remembers it. Without this script, these are links.
const debate = document.querySelector(".debate");
for (const link of document.querySelectorAll("[data-notes]")) {
  link.addEventListener("click", (event) => {
    if (!debate || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    debate.className = `debate notes-${link.dataset.notes}`;
    for (const other of document.querySelectorAll("[data-notes]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    for (const field of document.querySelectorAll(".switch [name=notes]")) field.value = link.dataset.notes;
    history.replaceState(null, "", link.href + location.hash);
  });
}
