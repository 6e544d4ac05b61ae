/* Comfort only: every page is whole without it. No library, nothing from elsewhere. */

/* Copy a citation. */
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text.replace(/\s+/g, " ").trim());
    button.textContent = "Copied";
  });
}

/* Filter a list while typing. */
for (const area of document.querySelectorAll("[data-filter]")) {
  const label = document.createElement("label");
  label.className = "filter";
  label.textContent = "Filter this list ";
  const field = label.appendChild(document.createElement("input"));
  field.type = "search";
  area.prepend(label);
  const rows = [...area.querySelectorAll(area.dataset.filter)];
  const texts = rows.map(row => row.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    rows.forEach((row, at) => { row.hidden = !words.every(word => texts[at].includes(word)); });
  });
}

/* In a picture of steps: light up all that leads to a node and from it; pan and zoom. */
const reach = (steps, start, from, to, lit) => {
  const waiting = [start];
  while (waiting.length) {
    const at = waiting.pop();
    for (const step of steps) {
      if (step.dataset[from] !== at || lit.has(step)) continue;
      lit.add(step);
      const next = step.dataset[to];
      if (!lit.has(next)) { lit.add(next); waiting.push(next); }
    }
  }
};

const lightUp = net => {
  const steps = [...net.querySelectorAll(".step")], nodes = [...net.querySelectorAll(".node")];
  const show = id => {
    const lit = new Set([id]);
    reach(steps, id, "s", "t", lit);
    reach(steps, id, "t", "s", lit);
    net.classList.add("focus");
    for (const node of nodes) node.classList.toggle("lit", lit.has(node.dataset.n));
    for (const step of steps) step.classList.toggle("lit", lit.has(step));
  };
  for (const node of nodes) {
    for (const name of ["pointerenter", "focus"]) node.addEventListener(name, () => show(node.dataset.n));
    for (const name of ["pointerleave", "blur"]) node.addEventListener(name, () => net.classList.remove("focus"));
  }
};

const panAndZoom = net => {
  const { x, y, width, height } = net.viewBox.baseVal;
  let box = { x, y, width };
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const set = () => {
    const tall = box.width * height / width;
    box.x = within(box.x, x, x + width - box.width);
    box.y = within(box.y, y, y + height - tall);
    net.setAttribute("viewBox", [box.x, box.y, box.width, tall].join(" "));
  };
  const zoom = (factor, acrossPart = .5, downPart = .5) => {
    const wide = within(box.width * factor, width / 6, width);
    box.x += (box.width - wide) * acrossPart;
    box.y += (box.width - wide) * height / width * downPart;
    box.width = wide;
    set();
  };
  net.addEventListener("wheel", event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const shown = net.getBoundingClientRect();
    zoom(Math.exp(event.deltaY / 300), (event.clientX - shown.left) / shown.width, (event.clientY - shown.top) / shown.height);
  }, { passive: false });
  let held = null;
  net.addEventListener("pointerdown", event => {
    if (event.target.closest("a") || box.width >= width) return;
    held = { at: [event.clientX, event.clientY], from: { ...box } };
    net.setPointerCapture(event.pointerId);
  });
  net.addEventListener("pointermove", event => {
    if (!held) return;
    const scale = box.width / net.clientWidth;
    box.x = held.from.x - (event.clientX - held.at[0]) * scale;
    box.y = held.from.y - (event.clientY - held.at[1]) * scale;
    set();
  });
  for (const name of ["pointerup", "pointercancel"]) net.addEventListener(name, () => { held = null; });
  net.closest(".scroll").addEventListener("keydown", event => {
    if (event.key === "+") zoom(.8);
    else if (event.key === "-") zoom(1.25);
    else if (event.key === "0") { box = { x, y, width }; set(); }
  });
};

for (const net of document.querySelectorAll(".scroll > .net")) {
  lightUp(net);
  panAndZoom(net);
}
for (const note of document.querySelectorAll(".only-script")) note.hidden = false;
