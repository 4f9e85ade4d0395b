// A button that copies a citation. Without it, the citation is plain text to select.
for (const citation of document.querySelectorAll("[data-copy]")) {
  const button = citation.nextElementSibling;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(citation.dataset.copy);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy citation"; }, 2000);
  });
  button.hidden = !navigator.clipboard;
}

// Notes in the margin, inline or off without a reload; the address alone remembers it. Without it, these are links.
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
