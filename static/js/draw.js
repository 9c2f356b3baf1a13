/* A map to draw a place on, beside the fields that say it in words. What is drawn stands in the field
   for coordinates, so that it can be read and typed there too: one pair is a point, several are a line,
   and an area when the last is the first. */

const MOST = 100;

function pairs(text) {
  const read = text.split(/[;\n]/).map((part) => part.match(/^\s*([+-]?\d{1,3}(?:[.,]\d+)?)(?:\s*,\s*|\s+)([+-]?\d{1,3}(?:[.,]\d+)?)\s*$/));
  const found = read.filter(Boolean).map((pair) => [1, 2].map((place) => Number(pair[place].replace(",", "."))));
  return found.filter(([north, east]) => Math.abs(north) <= 90 && Math.abs(east) <= 180);
}

function written([north, east]) {
  return `${north.toFixed(6)}, ${east.toFixed(6)}`;
}

function draw(part) {
  const field = document.getElementById(part.dataset.draw);
  const [place, tools, opener, middle, undo, clear] = ["place", "tools", "open", "middle", "undo", "clear"].map((name) => part.querySelector(`[data-map-${name}]`));
  const status = part.querySelector("[data-map-status]");
  const shapes = [...part.querySelectorAll("[data-shape]")];
  let shape = "point";
  let points = [];
  let kit;
  let map;
  let layer;

  const read = () => {
    points = pairs(field.value);
    const closed = points.length > 3 && written(points[0]) === written(points.at(-1));
    if (closed) points.pop();
    if (points.length > 0) shape = closed ? "area" : points.length > 1 ? "line" : "point";
  };
  const say = () => {
    const { empty, point, more, line, area } = status.dataset;
    if (points.length === 0) return empty;
    if (shape === "point") return point;
    if (points.length < (shape === "area" ? 3 : 2)) return more;
    return (shape === "area" ? area : line).replace("1", points.length);
  };
  const show = () => {
    for (const button of shapes) button.setAttribute("aria-pressed", String(button.dataset.shape === shape));
    undo.disabled = clear.disabled = points.length === 0;
    status.textContent = say();
    layer?.remove();
    if (!map || points.length === 0) return;
    const corners = shape === "point" ? [] : points.map((point) => window.L.circleMarker(point, { ...kit.LOOK, radius: 5, weight: 2, fillOpacity: 1 }));
    layer = window.L.layerGroup([kit.drawn(shape, points), ...corners]).addTo(map);
  };
  const write = () => {
    const closing = shape === "area" && points.length > 2 ? points.slice(0, 1) : [];
    field.value = [...points, ...closing].map(written).join("; ");
    show();
  };
  const take = (point) => {
    if (points.length >= MOST && shape !== "point") {
      status.textContent = status.dataset.many;
      return;
    }
    const pair = [point.lat, point.lng];
    points = shape === "point" ? [pair] : [...points, pair];
    write();
  };

  opener.addEventListener("click", async () => {
    opener.disabled = true;
    try {
      kit = await import(part.dataset.kit);
      tools.hidden = false;
      map = await kit.openMap(part, place, { doubleClickZoom: false });
    } catch {
      tools.hidden = false;
      place.hidden = true;
      status.textContent = status.dataset.failed;
      return;
    }
    opener.hidden = true;
    part.querySelector("[data-map-note]").hidden = true;
    const [north, east, zoom] = kit.start(part);
    map.setView([north, east], zoom);
    if (points.length > 0) map.fitBounds(points, { maxZoom: 16, padding: [32, 32] });
    map.on("click", (event) => take(event.latlng.wrap()));
    show();
    place.focus();
  });
  for (const button of shapes) {
    button.addEventListener("click", () => {
      shape = button.dataset.shape;
      if (shape === "point") points = points.slice(-1);
      write();
    });
  }
  middle.addEventListener("click", () => take(map.getCenter().wrap()));
  undo.addEventListener("click", () => {
    points.pop();
    write();
    if (points.length === 0) middle.focus();
  });
  clear.addEventListener("click", () => {
    points = [];
    write();
    middle.focus();
  });
  field.addEventListener("change", () => {
    read();
    show();
  });
  read();
  show();
  part.hidden = false;
}

for (const part of document.querySelectorAll("[data-draw]")) draw(part);
