// Data, state and elements: what every page of the site needs. Text becomes text nodes only, never HTML.
"use strict";

const boilerbench = (() => {
  const entries = new Map();

  function entry(key) {
    if (!entries.has(key)) {
      const made = {};
      made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
      entries.set(key, made);
    }
    return entries.get(key);
  }

  // A file in data/ calls this; a page opened from a file cannot fetch, but may add a script.
  const put = (key, value) => entry(key).resolve(value);

  function load(key) {
    const wanted = entry(key);
    if (!wanted.asked) {
      wanted.asked = true;
      const script = document.createElement("script");
      script.src = `data/${key}.js`;
      script.addEventListener("error", () => wanted.reject(new Error(`data/${key}.js is not there`)));
      document.head.append(script);
    }
    return wanted.promise;
  }

  function made(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return node;
  }

  const el = (name, attributes, ...children) => made(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) =>
    made(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

  const read = () => new URLSearchParams(location.hash.slice(1));

  // What is shown stands in the address, so that it can be kept, shared and gone back to.
  const state = {
    get: (key) => read().get(key),
    href(file, changes) {
      const parts = read();
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || value === "") parts.delete(key);
        else parts.set(key, value);
      }
      return `${file}#${parts}`;
    },
    set(changes) {
      location.replace(state.href("", changes) || "#");
    },
  };

  function keep() {
    for (const link of document.querySelectorAll("a[data-keep]")) {
      link.href = state.href(link.getAttribute("href").split("#")[0], { p: null });
    }
  }

  // Calls draw now and whenever the state changes, one after the other; says what went wrong where readers look.
  function show(draw) {
    let last = Promise.resolve();
    const again = () => {
      keep();
      last = last.then(draw).catch((problem) => {
        document.getElementById("status").textContent = `This cannot be shown: ${problem.message}`;
        console.error(problem);
      });
    };
    window.addEventListener("hashchange", again);
    again();
    return again;
  }

  const score = (value, digits = 3) =>
    (value === null || value === undefined ? "–" : value.toFixed(digits).replace(/^(-?)0\./, "$1."));
  const ranks = ({ rank_low: low, rank_high: high }) => (low === null ? "–" : low === high ? `${low}` : `${low}–${high}`);
  const objects = (table) =>
    table.rows.map((row) => Object.fromEntries(table.columns.map((name, index) => [name, row[index]])));

  function percent(name, value) {
    const cell = el("span", { class: name });
    cell.style.setProperty("--share", value);
    return cell;
  }

  document.addEventListener("DOMContentLoaded", () => {
    keep();
    document.getElementById("skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("main").focus();
    });
  });

  return { put, load, el, svg, state, show, score, ranks, objects, percent };
})();
