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
  pictures(part.dataset).addTo(map);
  return map;
}

/* Where the upper left corner of a drawing lies: numbers of squares of a map at this zoom. */
const CORNER = { zoom: 20, x: 561200, y: 341300 };

/* Squares from a server, or sections of one drawing in whose units a square of that zoom is 1. */
function pictures({ tiles, attribution }) {
  if (tiles.includes("{z}")) return window.L.tileLayer(tiles, { maxZoom: 19, attribution });
  const layer = window.L.tileLayer(tiles, { minZoom: 10, maxZoom: 16, attribution });
  layer.getTileUrl = ({ x, y, z }) => {
    const side = 2 ** (CORNER.zoom - z);
    return `${tiles}#svgView(viewBox(${x * side - CORNER.x},${y * side - CORNER.y},${side},${side}))`;
  };
  return layer;
}

/** How lines and areas look. */
export const LOOK = { color: "#1d438c", weight: 4 };

/** Draw a shape of [north, east] pairs. */
export function drawn(shape, points, look = LOOK) {
  if (shape === "area" && points.length > 2) return window.L.polygon(points, look);
  if (shape !== "point" && points.length > 1) return window.L.polyline(points, look);
  return window.L.circleMarker(points[0], { ...look, radius: 10 });
}
