/* A button that copies a link. Without a script the link stands there to be copied by hand. */

for (const panel of document.querySelectorAll("[data-copy]")) {
  const status = panel.querySelector("[data-copy-status]");
  const button = panel.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(panel.dataset.copy);
      status.textContent = button.dataset.done;
    } catch {
      status.textContent = button.dataset.failed;
    }
  });
}
