/* Fill in where somebody is, on a click and no finer than about a hundred metres. */

for (const form of document.querySelectorAll("[data-here]")) {
  const button = form.querySelector("[data-here-button]");
  const status = form.querySelector("[data-here-status]");
  if (!navigator.geolocation) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.bei.value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        status.textContent = status.dataset.failed;
      },
      { maximumAge: 60000, timeout: 10000 },
    );
  });
}
