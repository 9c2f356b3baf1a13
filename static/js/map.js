/* What every map of ours begins with. It is fetched when somebody opens a map, and not before: the
   pictures come from another server. `part` is an element that says in its data where things are. */

function sheet(address) {
  if (document.querySelector(`link[href="${address}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

/** Where maps begin: north, east and zoom. */
export function start(part) {
  return part.dataset.start.split(",").map(Number);
}

/** Open a map in an element and return it; `window.L` is there then. */
export async function openMap(part, place, options = {}) {
  sheet(part.dataset.sheet);
  if (!window.L) await import(part.dataset.script);
  place.hidden = false;
  const map = window.L.map(place, { scrollWheelZoom: false, attributionControl: false, ...options });
  window.L.control.attribution({ prefix: false }).addTo(map);
  window.L.tileLayer(part.dataset.tiles, { maxZoom: 19, attribution: part.dataset.attribution }).addTo(map);
  return map;
}

/** How lines and areas look. */
export const LOOK = { color: "#1d438c", weight: 4 };

/** Draw a shape of [north, east] pairs. */
export function drawn(shape, points, look = LOOK) {
  if (shape === "area" && points.length > 2) return window.L.polygon(points, look);
  if (shape !== "point" && points.length > 1) return window.L.polyline(points, look);
  return window.L.circleMarker(points[0], { ...look, radius: 10 });
}
