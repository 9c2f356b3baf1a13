/* The place of one idea on a map, which is fetched when somebody opens it. */

function show(part) {
  const opener = part.querySelector("[data-map-open]");
  const note = part.querySelector("[data-map-note]");
  const place = part.querySelector("[data-map-place]");
  const points = part.dataset.points.split(";").map((pair) => pair.split(",").map(Number));
  opener.addEventListener("click", async () => {
    opener.disabled = true;
    try {
      const kit = await import(part.dataset.kit);
      const map = await kit.openMap(part, place);
      if (points.length > 1) map.fitBounds(points, { maxZoom: 16, padding: [24, 24] });
      else map.setView(points[0], 16);
      kit.drawn(part.dataset.placed, points).addTo(map);
    } catch {
      place.hidden = true;
      note.textContent = note.dataset.failed;
      return;
    }
    opener.parentElement.hidden = note.hidden = true;
    place.focus();
  });
  part.hidden = false;
}

for (const part of document.querySelectorAll("[data-placed]")) show(part);
