/* A map at a question about a place, beside the field for its address. It is fetched when somebody
   opens it, and what leaves the page is rounded to hundredths of a degree: about a kilometre. */

const STEP = 0.01;

function rounded(point) {
  return [point.lat, point.lng].map((degrees) => (Math.round(degrees / STEP) * STEP).toFixed(2));
}

async function open(part, chosen) {
  const kit = await import(part.dataset.kit);
  const map = await kit.openMap(part, part.querySelector("[data-map-place]"));
  const [north, east, zoom] = kit.start(part);
  map.setView(chosen ?? [north, east], chosen ? Math.max(zoom, 12) : zoom);
  return map;
}

function choose(part) {
  const field = part.querySelector("[data-map-point]");
  const status = part.querySelector("[data-map-status]");
  const [opener, middle, clear] = ["open", "middle", "clear"].map((name) => part.querySelector(`[data-map-${name}]`));
  let map;
  let square;

  const show = () => {
    square?.remove();
    square = undefined;
    clear.hidden = field.value === "";
    if (field.value === "" || !map) return;
    const [north, east] = field.value.split(",").map(Number);
    const half = STEP / 2;
    const look = { color: "#1d438c", weight: 3 };
    const corners = [[north - half, east - half], [north + half, east + half]];
    const parts = [window.L.rectangle(corners, look), window.L.circleMarker([north, east], { ...look, radius: 10 })];
    square = window.L.layerGroup(parts).addTo(map);
  };
  const take = (point) => {
    field.value = rounded(point).join(",");
    show();
    status.textContent = status.dataset.chosen;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  opener.addEventListener("click", async () => {
    opener.disabled = true;
    try {
      map = await open(part, field.value ? field.value.split(",").map(Number) : undefined);
    } catch {
      status.textContent = status.dataset.failed;
      return;
    }
    opener.hidden = true;
    middle.hidden = false;
    part.querySelector("[data-map-note]").hidden = true;
    map.on("click", (event) => take(event.latlng));
    show();
    part.querySelector("[data-map-place]").focus();
  });
  middle.addEventListener("click", () => take(map.getCenter()));
  clear.addEventListener("click", () => {
    field.value = "";
    show();
    status.textContent = status.dataset.cleared;
    (middle.hidden ? opener : middle).focus();
  });
  part.hidden = false;
  show();
}

for (const part of document.querySelectorAll("[data-map]")) choose(part);
