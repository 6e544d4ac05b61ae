/* Comfort only: every page is whole without it. No library, nothing from elsewhere. */

/* Copy a citation, or a report with its lines. */
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy), text = from.textContent;
    await navigator.clipboard.writeText(from.matches("pre") ? text : text.replace(/\s+/g, " ").trim());
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
  const folds = [...area.querySelectorAll("details")], opened = folds.map(fold => fold.open);
  const texts = rows.map(row => row.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    rows.forEach((row, at) => { row.hidden = !words.every(word => texts[at].includes(word)); });
    folds.forEach((fold, at) => {
      fold.hidden = !fold.querySelector(`${area.dataset.filter}:not([hidden])`);
      fold.open = field.value.trim() ? true : opened[at];
    });
  });
}

/* Suggest rows with pages while typing in a search box. */
const paged = /\/v1\/(?=(mechanisms|subtypes|partners|trials|conflicts|references|entities)\/)/;
for (const field of document.querySelectorAll("[data-suggest]")) {
  const list = document.createElement("ul");
  Object.assign(list, { className: "suggestions", id: `${field.id}-rows`, hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) field.setAttribute(name, value);
  let chosen = -1, turn = 0;
  const show = open => { list.hidden = !open; field.setAttribute("aria-expanded", open); if (!open) choose(-1); };
  const choose = at => {
    chosen = at;
    [...list.children].forEach((row, place) => row.setAttribute("aria-selected", place === at));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const option = (row, at) => {
    const item = document.createElement("li");
    Object.assign(item, { id: `${list.id}-${at}`, textContent: `${row.label} (${row.type})` });
    item.setAttribute("role", "option");
    item.dataset.page = row.address.replace(paged, "/");
    item.addEventListener("pointerdown", event => { event.preventDefault(); location.href = item.dataset.page; });
    return item;
  };
  field.addEventListener("input", async () => {
    const mine = ++turn, typed = field.value.trim();
    const answer = typed && await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
    const rows = answer && answer.ok ? (await answer.json()).items.filter(row => paged.test(row.address)) : [];
    if (mine !== turn) return;
    list.replaceChildren(...rows.map(option));
    show(rows.length > 0);
  });
  field.addEventListener("keydown", event => {
    const count = list.children.length;
    if (list.hidden || !count) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      choose((chosen + (event.key === "ArrowDown" ? 1 : -1) + count + (chosen < 0 && event.key === "ArrowUp")) % count);
    } else if (event.key === "Enter" && chosen >= 0) location.href = list.children[chosen].dataset.page;
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => show(false));
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
