// The list of pages, those first on which runners disagree most or lose most.
"use strict";

(() => {
  const { el, state, load, show, score, percent } = boilerbench;
  const { choice, select, search, common, unique, valid } = boilerbench.controls;
  const ORDERS = { disagreement: "disagreement", loss: "lowest score", page: "number" };
  const STEP = 50;
  let limit = STEP;
  let order = "";

  const known = (values) => values.filter((value) => value !== null);
  const mean = (values) => (values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0);

  function spread(values) {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  }

  // One entry per page: its number, what is known of it, its scores in thousandths.
  function entries(site, pages, scores) {
    return pages.map(([set, id, title, url, ...slices], number) => {
      const values = known(scores[number]);
      return { number, set, id, title, url, slices, scores: scores[number], mean: mean(values), disagreement: spread(values) };
    });
  }

  const weights = {
    disagreement: () => (entry) => -entry.disagreement,
    loss: (runner) => (entry) => (runner < 0 ? entry.mean : entry.scores[runner] ?? 2000),
    page: () => (entry) => entry.number,
  };

  function line(entry, site, runner) {
    const name = entry.title || entry.id;
    const href = state.href("page.html", { p: entry.number, set: entry.set });
    const own = runner < 0 ? entry.mean : entry.scores[runner];
    return el("tr", null,
      el("th", { scope: "row", class: "page" }, el("a", { href, dir: "auto" }, name),
        el("small", null, [...entry.slices, entry.title ? entry.id : ""].filter(Boolean).join(" · "))),
      el("td", { class: "number" }, own === null ? "–" : score(own / 1000)),
      el("td", { class: "number" }, score(entry.disagreement / 1000)),
      el("td", { class: "strip" }, strip(entry, site)));
  }

  // One cell per runner, the darker the higher its score.
  function strip(entry, site) {
    const marks = entry.scores.map((value, index) => {
      const mark = percent("mark", (value ?? 0) / 1000);
      mark.title = `${site.runners[index]} ${value === null ? "–" : score(value / 1000)}`;
      return mark;
    });
    const least = known(entry.scores).length ? score(Math.min(...known(entry.scores)) / 1000) : "–";
    const most = known(entry.scores).length ? score(Math.max(...known(entry.scores)) / 1000) : "–";
    return [el("span", { class: "marks", "aria-hidden": "true" }, marks), el("span", { class: "unseen" }, `${least} to ${most}`)];
  }

  function filters(form, site, pages, set) {
    return site.slices.map((slice, index) => {
      const values = unique(pages.filter((row) => row[0] === set).map((row) => row[4 + index])).toSorted();
      const name = `is-${slice}`;
      const value = valid(state.get(name), ["", ...values]);
      select(form, name, slice, ["", ...values], value, (each) => each || "all");
      return value;
    });
  }

  function table(site, found, runner, words) {
    const heads = [["Page"], [words, "number"], ["Disagreement", "number"], ["Each runner"]];
    document.getElementById("pages").replaceChildren(
      el("thead", null, el("tr", null, heads.map(([head, kind]) => el("th", { scope: "col", class: kind }, head)))),
      el("tbody", null, found.slice(0, limit).map((entry) => line(entry, site, runner))));
    document.getElementById("more").hidden = found.length <= limit;
  }

  async function draw() {
    if (order !== location.hash) limit = STEP;
    order = location.hash;
    const site = await load("site");
    const chosen = choice(site);
    const [pages, scores] = await Promise.all([load("pages"), load(`scores-${chosen.scored}`)]);
    const form = document.getElementById("controls");
    common(form, site, chosen);
    select(form, "order", "Order", Object.keys(ORDERS), valid(state.get("order"), Object.keys(ORDERS)), (each) => ORDERS[each]);
    select(form, "runner", "Score of", ["", ...site.runners], valid(state.get("runner"), ["", ...site.runners]), (each) => each || "all, their mean");
    const wanted = filters(form, site, pages, chosen.set);
    search(form, "text", "Find a page");
    const runner = site.runners.indexOf(form.elements.runner.value);
    const text = (state.get("text") ?? "").toLowerCase();
    const weight = weights[form.elements.order.value](runner);
    const found = entries(site, pages, scores)
      .filter((entry) => entry.set === chosen.set && wanted.every((value, index) => !value || entry.slices[index] === value))
      .filter((entry) => `${entry.title}\n${entry.id}\n${entry.url}`.toLowerCase().includes(text))
      .sort((one, other) => weight(one) - weight(other) || one.number - other.number);
    table(site, found, runner, runner < 0 ? `Mean ${site.measure ?? "F1"}` : site.measure ?? "F1");
    const all = pages.filter((row) => row[0] === chosen.set).length;
    document.getElementById("status").textContent = `${found.length} of ${all} pages of ${chosen.set}, by metric ${chosen.metric} under policy ${chosen.policy}.`;
  }

  const again = show(draw);
  document.getElementById("more").addEventListener("click", () => {
    limit += STEP;
    again();
  });
})();
