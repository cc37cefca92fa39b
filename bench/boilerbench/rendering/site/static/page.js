// One page: what every runner made of it, beside its gold and what it looks like.
"use strict";

(() => {
  const { el, state, load, show, score } = boilerbench;
  const { choice, select, common } = boilerbench.controls;
  const { extraction, gold } = boilerbench.text;
  const heads = (site) => [["Runner"], [site.measure ?? "F1", "number"], ["Words missing", "number"], ["Too many", "number"], ["Status"]];
  let shown = null;

  const element = (id) => document.getElementById(id);

  function number(pages) {
    const asked = Number.parseInt(state.get("p") ?? "0", 10);
    return asked >= 0 && asked < pages.length ? asked : 0;
  }

  function go(step) {
    load("pages").then((pages) => {
      const next = (number(pages) + step + pages.length) % pages.length;
      state.set({ p: next, set: pages[next][0] });
    });
  }

  // Where no runner was asked for, the best: what is wrong even there is what is hard about the page.
  function runnerOf(site, page, scores) {
    const asked = site.runners.indexOf(state.get("runner"));
    if (asked >= 0) return asked;
    const best = scores.map((value, index) => [value ?? -1, index]).sort((one, other) => other[0] - one[0]);
    return best[0][1];
  }

  function extractions(site, page, scores, wrong, runner) {
    const order = site.runners.map((_, index) => index).sort((one, other) => (scores[other] ?? -1) - (scores[one] ?? -1) || one - other);
    const lines = order.map((index) => el("tr", { "aria-current": index === runner ? "true" : null },
      el("th", { scope: "row" }, el("button", { type: "button", "data-runner": index, click: () => state.set({ runner: site.runners[index] }) }, site.runners[index])),
      el("td", { class: "number" }, scores[index] === null ? "–" : score(scores[index] / 1000)),
      el("td", { class: "number" }, String(wrong[index].fn ?? "–")),
      el("td", { class: "number" }, String(wrong[index].fp ?? "–")),
      el("td", null, page.extractions[index].status)));
    const focused = document.activeElement?.dataset.runner;
    element("extractions").replaceChildren(
      el("thead", null, el("tr", null, heads(site).map(([head, kind]) => el("th", { scope: "col", class: kind }, head)))),
      el("tbody", null, lines));
    if (focused !== undefined) element("extractions").querySelector(`[data-runner="${focused}"]`)?.focus();
  }

  function facts(site, row) {
    const [, id, , url, ...slices] = row;
    const parts = [id, url === id ? "" : url, ...slices.map((value, index) => `${site.slices[index]}: ${value}`)];
    element("facts").replaceChildren(...parts.filter(Boolean).map((part) => el("span", { dir: "auto" }, part)));
  }

  function snippets(page) {
    const list = (words, title, kind) => (words.length
      ? [el("div", { class: `segment ${kind}` }, el("span", { class: "label" }, title), el("ul", null, words.map((each) => el("li", { dir: "auto" }, each))))]
      : []);
    return [...list(page.with, "must occur", "body"), ...list(page.without, "must not occur", "clutter")];
  }

  // What is wrong is seldom at the top.
  function toFirstMark(box) {
    const mark = box.querySelector(".wrong");
    box.scrollTop = mark ? mark.offsetTop - box.clientHeight / 4 : 0;
  }

  async function draw() {
    const [site, pages] = await Promise.all([load("site"), load("pages")]);
    const at = number(pages);
    const row = pages[at];
    const chosen = choice({ ...site, sets: site.sets.filter(({ name }) => name === row[0]) });
    const [page, scores] = await Promise.all([load(`page-${at}`), load(`scores-${chosen.scored}`)]);
    const wrong = page.wrong[chosen.policy];
    const runner = runnerOf(site, page, scores[at]);
    const form = element("controls");
    common(form, { ...site, sets: [{ name: row[0] }] }, chosen);
    select(form, "runner", "Extraction by", site.runners, site.runners[runner]);
    document.title = `${row[2] || row[1]} · boilerbench`;
    element("title").textContent = row[2] || row[1];
    element("title").dir = "auto";
    element("place").textContent = `${at + 1} of ${pages.length}`;
    facts(site, row);
    extractions(site, page, scores[at], wrong, runner);
    const given = page.extractions[runner];
    const text = given.lines.map((line) => page.lines[line]).join("\n");
    element("extraction-title").textContent = `Extraction by ${site.runners[runner]}`;
    element("extraction").replaceChildren(...(text ? [el("div", { dir: "auto" }, extraction(text, wrong[runner]))]
      : [el("p", { class: "note" }, given.error ? `${given.status}: ${given.error}` : "No text.")]));
    element("gold").replaceChildren(...gold(page.gold, wrong[runner], site.roles[chosen.policy], site.definitions), ...snippets(page));
    for (const side of ["extraction", "gold"]) toFirstMark(element(side));
    if (shown !== at) element("rendering").srcdoc = `<body dir="auto">${page.html}`;
    shown = at;
    const counts = wrong[runner].fn === null ? "" : `, ${wrong[runner].fn} words missing, ${wrong[runner].fp} too many`;
    element("status").textContent = `${site.runners[runner]}: ${site.measure ?? "F1"} ${scores[at][runner] === null ? "–" : score(scores[at][runner] / 1000)}${counts}.`;
  }

  element("back").addEventListener("click", () => go(-1));
  element("on").addEventListener("click", () => go(1));
  show(draw);
})();
