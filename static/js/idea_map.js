/* The map beside a list of ideas. The server gathers what stands close together, so a section of the map
   is always a short answer. Who opened the map has it open on the next page of the list too. */

const OPEN = "idea-map-open";
const CLOSEST = 18;

function remember(isOpen) {
  try {
    if (isOpen) sessionStorage.setItem(OPEN, "1");
    else sessionStorage.removeItem(OPEN);
  } catch {
    // Without storage the map is opened anew.
  }
}

function wasOpen() {
  try {
    return sessionStorage.getItem(OPEN) === "1";
  } catch {
    return false;
  }
}

function added(address, values) {
  const target = new URL(address, location.href);
  for (const [name, value] of Object.entries(values)) target.searchParams.set(name, value);
  return target;
}

function section(map) {
  const bounds = map.getBounds();
  const limited = (value, most) => Math.max(-most, Math.min(most, value)).toFixed(6);
  const edges = [[bounds.getSouth(), 90], [bounds.getWest(), 180], [bounds.getNorth(), 90], [bounds.getEast(), 180]];
  return edges.map(([value, most]) => limited(value, most)).join(",");
}

function flipped([east, north]) {
  return [north, east];
}

function shapeOf(geometry) {
  if (geometry.type === "Polygon") return ["area", geometry.coordinates[0].slice(0, -1).map(flipped)];
  if (geometry.type === "LineString") return ["line", geometry.coordinates.map(flipped)];
  return ["point", [flipped(geometry.coordinates)]];
}

function beside(part) {
  const [opener, note, tools, place, status] = ["open", "note", "tools", "place", "status"].map((name) => part.querySelector(`[data-map-${name}]`));
  const around = part.closest("[data-mapped]");
  const words = opener.querySelector(".kern-label");
  const openWords = words.textContent;
  let kit;
  let map;
  let layer;
  let waiting;
  // Opening what a point says moves the map, and what is read must stay.
  let isReading = false;

  const cluster = (feature) => {
    const { count, more } = feature.properties;
    const said = (more ? status.dataset.many : status.dataset.cluster).replace("1", count);
    const size = count < 10 ? 36 : count < 50 ? 44 : 52;
    const icon = window.L.divIcon({ className: "bt-cluster", html: String(count) + (more ? "+" : ""), iconSize: [size, size] });
    const centre = flipped(feature.geometry.coordinates);
    const marker = window.L.marker(centre, { icon, title: said, alt: said });
    marker.on("click", () => {
      if (map.getZoom() >= CLOSEST) location.assign(added(part.dataset.list, { ausschnitt: section(map) }));
      else map.setView(centre, Math.min(CLOSEST, map.getZoom() + 2));
    });
    return marker;
  };
  const single = (feature) => {
    const { title, language, address, centre } = feature.properties;
    const link = document.createElement("a");
    link.href = address;
    link.lang = language;
    link.textContent = title;
    const icon = window.L.divIcon({ className: "bt-pin", iconSize: [28, 28] });
    const marker = window.L.marker(flipped(centre), { icon, title, alt: title }).bindPopup(link);
    const [shape, points] = shapeOf(feature.geometry);
    return shape === "point" ? marker : window.L.layerGroup([kit.drawn(shape, points), marker]);
  };
  const load = async () => {
    if (isReading) return [];
    waiting?.abort();
    waiting = new AbortController();
    let found;
    try {
      const address = added(part.dataset.ideaMap, { ausschnitt: section(map), zoom: Math.max(0, Math.min(19, map.getZoom())) });
      found = await (await fetch(address, { signal: waiting.signal })).json();
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = status.dataset.failed;
      return [];
    }
    const features = found.features ?? [];
    if (isReading) return features;
    layer?.remove();
    layer = window.L.layerGroup(features.map((feature) => ("address" in feature.properties ? single : cluster)(feature))).addTo(map);
    status.textContent = features.length === 0 ? status.dataset.nothing : "";
    return features;
  };
  const look = async () => {
    const [north, east, zoom] = kit.start(part);
    if (part.dataset.section) {
      const [south, west, top, right] = part.dataset.section.split(",").map(Number);
      map.fitBounds([[south, west], [top, right]]);
    } else if (part.dataset.at) map.setView(part.dataset.at.split(",").map(Number), 15);
    else map.setView([north, east], zoom);
    const features = await load();
    if (!part.dataset.section && !part.dataset.at && features.length > 0) {
      const centres = features.map((feature) => flipped(feature.properties.centre ?? feature.geometry.coordinates));
      map.fitBounds(centres, { maxZoom: 15, padding: [40, 40] });
      await load();
    }
    map.on("moveend", load);
  };
  const show = (isOpen) => {
    tools.hidden = !isOpen;
    note.hidden = isOpen;
    around.classList.toggle("is-open", isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
    words.textContent = isOpen ? opener.dataset.close : openWords;
  };
  const open = async () => {
    show(true);
    if (map) {
      map.invalidateSize();
      return;
    }
    try {
      kit = await import(part.dataset.kit);
      map = await kit.openMap(part, place);
      map.on("popupopen", () => { isReading = true; });
      map.on("popupclose", () => { isReading = false; });
    } catch {
      place.hidden = true;
      status.textContent = status.dataset.failed;
      return;
    }
    await look();
  };

  opener.addEventListener("click", () => {
    const isOpen = tools.hidden;
    remember(isOpen);
    if (isOpen) open();
    else show(false);
  });
  part.querySelector("[data-map-section]").addEventListener("click", () => {
    if (map) location.assign(added(part.dataset.list, { ausschnitt: section(map) }));
  });
  part.querySelector("[data-map-near]").addEventListener("click", () => {
    if (!map) return;
    const { lat, lng } = map.getCenter().wrap();
    location.assign(added(part.dataset.near, { bei: `${lat.toFixed(5)},${lng.toFixed(5)}` }));
  });
  part.hidden = false;
  if (wasOpen()) open();
}

for (const part of document.querySelectorAll("[data-idea-map]")) beside(part);
