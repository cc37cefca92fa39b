// The page of plots: each with its title, what it shows, and the same as a table.
"use strict";

(() => {
  const { el, load, show, score, ranks, objects } = boilerbench;
  const { choice, rows, matches, select, search, common, unique } = boilerbench.controls;
  const { intervals, balance, pace, histograms, heat } = boilerbench.charts;
  const FAR = 3;
  const present = (value) => value !== null && value !== undefined;

  function plain(columns, lines) {
    return el("table", null,
      el("thead", null, el("tr", null, columns.map((name, index) => el("th", { scope: "col", class: index ? "number" : null }, name)))),
      el("tbody", null, lines.map(([first, ...others]) =>
        el("tr", null, el("th", { scope: "row" }, first), others.map((each) => el("td", { class: "number" }, each))))));
  }

  const scroll = (title, child) => el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title }, child);

  function figure(id, title, words, picture, table) {
    const content = picture.tagName === "table" || picture.tagName === "TABLE" ? scroll(title, picture) : picture;
    return el("figure", { id }, el("figcaption", null, el("h2", null, title), el("p", null, words)), content,
      table ? el("details", null, el("summary", null, `${title}: as a table`), scroll(`${title}: as a table`, table)) : null);
  }

  // Runners far below the others would press these into a corner: a picture leaves them out and says so.
  function close(found) {
    const best = Math.max(...found.map((row) => row.f1));
    const far = found.filter((row) => row.f1 < best / FAR);
    const words = far.length ? ` Far below, in the table alone: ${far.map((row) => row.runner).join(", ")}.` : "";
    return [found.filter((row) => !far.includes(row)), words];
  }

  function scoreFigures(found, width, how) {
    const known = found.filter((row) => present(row.f1));
    const both = known.filter((row) => present(row.precision) && present(row.recall));
    const timed = known.filter((row) => row.ms > 0);
    const [[knownClose, knownFar], [bothClose, bothFar], [timedClose, timedFar]] = [known, both, timed].map(close);
    const figures = [];
    const title = "Score with intervals";
    if (known.length) {
      figures.push(figure("intervals", title, "F1 and its 95 % interval. Ranks in the table say which differences are significant: intervals may overlap where a difference is significant, since runners are compared page by page." + knownFar,
        intervals(knownClose, width, title), plain(["Runner", "Rank", "F1", "Low", "High"], known.map((row) => [row.runner, ranks(row), score(row.f1), score(row.f1_low), score(row.f1_high)]))));
    }
    if (both.length) {
      figures.push(figure("balance", "Precision against recall", "Up: less clutter. Right: more of the body. Along a dashed line F1 is the same." + bothFar,
        balance(bothClose, width, "Precision against recall"), plain(["Runner", "Precision", "Recall"], both.map((row) => [row.runner, score(row.precision), score(row.recall)]))));
    }
    if (timed.length) {
      figures.push(figure("pace", "Score against speed", `Up: better. Left: faster, by the median milliseconds per page, ${how}. The line joins the runners that no other beats in both.${timedFar}`,
        pace(timedClose, width, "Score against speed"), plain(["Runner", "F1", "ms per page"], timed.map((row) => [row.runner, score(row.f1), row.ms.toFixed(1)]))));
    }
    return figures;
  }

  function labelFigures(labels, chosen, runners) {
    const here = labels.filter((row) => row.set === chosen.set && row.policy === chosen.policy);
    return [["leak", "Leaks by label", "Share of a clutter label's words that got through, the mean over pages that have it.", "bad"],
      ["coverage", "Coverage by label", "Share of a body label's words that came, the mean over pages that have it.", "good"],
    ].flatMap(([column, title, words, tone]) => {
      const cells = new Map(here.filter((row) => present(row[column])).map((row) => [`${row.label}\n${row.runner}`, row[column]]));
      const names = unique(here.filter((row) => present(row[column])).map((row) => row.label));
      const labelled = runners.filter((runner) => here.some((row) => row.runner === runner));
      if (!names.length) return [];
      return [figure(column, title, words, heat(names, labelled, (label, runner) => cells.get(`${label}\n${runner}`), { tone, corner: "Label" }))];
    });
  }

  async function sliceFigure(chosen, runners) {
    if (!chosen.by) return [];
    const found = await rows(chosen);
    const names = unique(found.map((row) => row.slice));
    const cells = new Map(found.map((row) => [`${row.runner}\n${row.slice}`, row.f1]));
    const pages = new Map(found.map((row) => [row.slice, row.pages]));
    const title = `Score by ${chosen.by}`;
    return [figure("slices", title, `F1 of each slice: ${names.map((name) => `${name} (${pages.get(name)} pages)`).join(", ")}.`,
      heat(runners, names, (runner, slice) => cells.get(`${runner}\n${slice}`), { tone: "good", corner: "Runner" }))];
  }

  function spreadFigures(site, spreads, chosen, runners, width) {
    const spread = spreads.find((each) => each.set === chosen.set && each.scored === chosen.scored);
    if (!spread || !runners.length) return [];
    const at = (runner) => site.runners.indexOf(runner);
    runners = runners.filter((runner) => at(runner) >= 0);
    const lines = runners.map((runner) => ({ runner, histogram: spread.histogram[at(runner)], quartiles: spread.quartiles[at(runner)] }));
    const title = "Distribution of the pages' scores";
    const agreement = (one, other) => spread.agreement[at(one)][at(other)];
    return [
      figure("spread", title, "How many of the pages got which F1; the triangle is the median. Each row has a height of its own. Two runners of the same mean may differ here: one fair on every page, one perfect or lost.",
        histograms(lines, width, title), plain(["Runner", "Least", "1st quartile", "Median", "3rd quartile", "Most"], lines.map((line) => [line.runner, ...line.quartiles.map(score)]))),
      figure("agreement", "Agreement of runners", "Rank correlation (Spearman) of two runners' F1 over the pages: 1 where the same pages are hard for both, 0 where one says nothing of the other.",
        heat(runners, runners, agreement, { tone: "heat", corner: "Runner" })),
    ];
  }

  async function draw() {
    const site = await load("site");
    const chosen = choice(site);
    const form = document.getElementById("controls");
    common(form, site, chosen);
    if (!chosen.by) chosen.by = site.slices.includes("complexity") ? "complexity" : site.slices[0] ?? "";
    select(form, "by", "Cut by", site.slices, chosen.by);
    search(form, "find", "Find a runner");
    const [all, spreads, labels] = await Promise.all([
      rows({ ...chosen, by: "" }), load("spreads"), site.labels ? load("labels").then(objects) : [],
    ]);
    const found = all.filter(matches);
    const runners = found.map((row) => row.runner);
    const place = document.getElementById("figures");
    const width = Math.max(300, Math.min(place.clientWidth, 960));
    const open = new Set([...place.querySelectorAll("details[open]")].map((each) => each.parentNode.id));
    place.replaceChildren(...scoreFigures(found, width, site.pace), ...labelFigures(labels, chosen, runners),
      ...(await sliceFigure(chosen, runners)), ...spreadFigures(site, spreads, chosen, runners, width));
    for (const id of open) document.getElementById(id)?.querySelector("details")?.setAttribute("open", "");
    document.getElementById("status").textContent =
      `${found.length} of ${all.length} runners on ${chosen.set}, by metric ${chosen.metric} under policy ${chosen.policy}.`;
  }

  const again = show(draw);
  let before = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === before) return;
    before = window.innerWidth;
    again();
  });
})();
