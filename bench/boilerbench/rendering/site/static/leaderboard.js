// The leaderboard: one row per runner, sorted by any column.
"use strict";

(() => {
  const { el, state, load, show, score, ranks, objects } = boilerbench;
  const { choice, rows, matches, select, search, common, signature, unique, valid } = boilerbench.controls;
  const SHARES = ["f1", "precision", "recall", "exact"];
  const WORDS = ["runner", "version"];
  const UPWARDS = ["rank", "runner", "version", "failed", "empty", "ms", "ms_p95", "peak_mb"];

  const short = (value) => value.toLocaleString("en", value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 });

  function interval(row) {
    const bar = el("span", { class: "range", "aria-hidden": "true" });
    const { f1, f1_low: low, f1_high: high } = row;
    for (const [name, value] of Object.entries({ at: f1, low: low ?? f1, high: high ?? f1 })) {
      bar.style.setProperty(`--${name}`, value ?? 0);
    }
    return bar;
  }

  const CELLS = {
    rank: (row) => ranks(row),
    runner: (row) => [el("a", { href: state.href("pages.html", { runner: row.runner, order: "loss" }) }, row.runner),
      row.remarks ? el("small", null, row.remarks.split(/(?<=[,=])/).flatMap((part) => [part, el("wbr")])) : null],
    f1: (row) => [el("span", { class: "figure" }, score(row.f1)), interval(row)],
    interval: (row) => (row.f1_low === null ? "–" : `${score(row.f1_low)}–${score(row.f1_high)}`),
  };

  function cell(row, name) {
    if (CELLS[name]) return CELLS[name](row);
    const value = row[name];
    if (value === null || value === undefined || value === "") return "–";
    if (SHARES.includes(name)) return score(value);
    return typeof value === "number" ? short(value) : String(value);
  }

  const rank = ({ rank_low: low, rank_high: high }) => (low === null ? null : low * 1000 + high);
  const key = (row, name) => ({ rank: rank(row), interval: row.f1_low })[name] ?? row[name] ?? null;

  function sorted(found) {
    const [name, direction] = (state.get("sort") ?? "f1 down").split(" ");
    const sign = direction === "up" ? 1 : -1;
    return found.toSorted((one, other) => {
      const [left, right] = [key(one, name), key(other, name)];
      if (left === null || right === null) return (left === null) - (right === null);
      return sign * (typeof left === "string" ? left.localeCompare(right, "en") : left - right) || one.rank_low - other.rank_low;
    });
  }

  const first = (name) => (UPWARDS.includes(name) ? "up" : "down");

  function sort(name) {
    const [now, direction] = (state.get("sort") ?? "f1 down").split(" ");
    state.set({ sort: `${name} ${now === name ? (direction === "up" ? "down" : "up") : first(name)}` });
  }

  // On a phone most columns lie beside the screen: one can be chosen by name, and is brought there.
  function order(form, columns) {
    const [now] = (state.get("sort") ?? "f1 down").split(" ");
    const orders = new Map(columns.map(([name, title]) => [`${name} ${first(name)}`, title]));
    const chosen = [...orders.keys()].find((each) => each.startsWith(`${now} `));
    select(form, "sort", "Order by", [...orders.keys()], chosen, (each) => orders.get(each));
    if (state.get("sort")) document.querySelector(`#board [data-column="${now}"]`).scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  const kind = (name) => (WORDS.includes(name) ? name : `number ${name}`);

  function header(columns) {
    return columns.map(([name, title, meaning]) =>
      el("th", { scope: "col", class: kind(name), "data-column": name },
        el("button", { type: "button", title: meaning, click: () => sort(name) }, title)));
  }

  function line(row, columns) {
    return el("tr", row.failed ? { class: "troubled" } : null, columns.map(([name]) =>
      el(name === "runner" ? "th" : "td", { scope: name === "runner" ? "row" : null, class: kind(name) }, cell(row, name))));
  }

  function table(found, columns) {
    const board = document.getElementById("board");
    const names = columns.map(([name]) => name).join(" ");
    if (board.dataset.columns !== names) {
      board.dataset.columns = names;
      board.replaceChildren(el("table", null, el("thead", null, el("tr", null, header(columns))), el("tbody")));
    }
    const [now, direction] = (state.get("sort") ?? "f1 down").split(" ");
    for (const head of board.querySelectorAll("th[data-column]")) {
      if (head.dataset.column === now) head.setAttribute("aria-sort", direction === "up" ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    }
    board.querySelector("tbody").replaceChildren(...sorted(found).map((row) => line(row, columns)));
  }

  // Whether the pages are too few to tell even the best from the worst, and did not tell any two apart.
  function weak(rows) {
    const scores = rows.map(({ f1 }) => f1);
    const apart = rows.some((row) => row.rank_low > 1);
    return rows.length > 0 && (rows[0].detectable >= 1 || (!apart && rows[0].detectable > Math.max(...scores) - Math.min(...scores)));
  }

  function about(found, rows, chosen, slice) {
    const { pages = 0, sites = 0, sets = 1, detectable = null } = rows[0] ?? {};
    const cut = slice === undefined ? "" : `, ${chosen.by} ${slice}`;
    const least = detectable === null ? "" : detectable >= 1 ? ` They are of ${sites} ${sites === 1 ? "site" : "sites"}, too few to rank.` : ` The smallest difference in F1 that they can be expected to show: ${score(detectable)}${weak(rows) ? ", so that they are too few to rank" : ""}.`;
    const whose = sets > 1 ? `${sets} sets, of which each ${chosen.set === "all:pages" ? "page" : "set"} counts the same` : `${chosen.set}${cut}`;
    return `${found.length} of ${rows.length} runners on ${pages} ${pages === 1 ? "page" : "pages"} of ${whose}.${least}`;
  }

  // What the chosen policy makes of every label.
  function policy(site, chosen) {
    const roles = Object.entries(site.roles[chosen.policy]);
    const named = { body: "Must come", optional: "May come", clutter: "Must not come" };
    document.getElementById("policy-title").textContent = `What policy ${chosen.policy} asks for`;
    document.getElementById("policy").replaceChildren(...Object.entries(named).flatMap(([wanted, title]) => {
      const labels = roles.filter(([, role]) => role === wanted).map(([label]) => el("span", { title: site.definitions[label] }, label));
      return labels.length ? [el("dt", null, title), el("dd", { class: "labels" }, labels)] : [];
    }));
  }

  // What a leaderboard says in words; where it is cut, what its slices say together. Below one that is not: who leads in which.
  function verdict({ verdicts }, chosen) {
    const told = (cut) => verdicts.find(([set, metric, policy, by]) =>
      set === chosen.set && metric === chosen.metric && policy === chosen.policy && by === cut)?.[4] ?? [];
    const sliced = chosen.by ? [] : ["page-type", "language"].flatMap((by) => told(by).map((line) => `By ${by.replace("-", " ")}: ${line}`));
    document.getElementById("verdict").textContent = told(chosen.by).join(" ");
    document.getElementById("sliced").replaceChildren(...sliced.map((each) => el("p", null, each)));
  }

  const points = (value, sign = "") => `${sign && value > 0 ? sign : ""}${(100 * value).toFixed(2)}`.replace("-", "−");

  // Whether one runner is better than another, in words; nothing where the leaderboard is cut.
  async function comparison(chosen, one, other) {
    if (!one || !other || one === other) return "";
    const found = objects(await load(`pairs-${chosen.scored}`)).find((row) => row.set === chosen.set
      && [row.runner, row.other].includes(one) && [row.runner, row.other].includes(other));
    if (!found || found.difference === null) return `Nothing tells ${one} and ${other} apart here.`;
    const { runner, other: second, wins, ties, losses, difference, low, high, p } = found;
    const answer = p === null ? "Unknown, as there are too few sites" : p >= 0.05 ? "Not significant" : runner === one ? "Yes" : "No";
    const range = low === null ? "" : ` (95 % ${points(low, "+")} to ${points(high, "+")}${p === null ? "" : `, p ${p < 0.001 ? "< .001" : `= ${score(p)}`} after correction for all pairs`})`;
    return `${answer}: ${runner} is ${points(difference)} points above ${second}${range}. It is better on ${wins} pages, worse on ${losses}, equal on ${ties}.`;
  }

  // What is to be known of each runner: settings and flags; flags that all have are of the set, and told once.
  function remarks(rows) {
    const flags = rows.map((row) => row.flags?.split(" ") ?? []);
    const shared = (flags[0] ?? []).filter((flag) => flag && flags.every((each) => each.includes(flag)));
    const own = rows.map(({ runner, settings }, index) =>
      [runner, [settings, ...flags[index].filter((flag) => !shared.includes(flag))].filter(Boolean).join(" ")]);
    return [new Map(own), shared];
  }

  async function draw() {
    const [site, boards] = await Promise.all([load("site"), load("boards")]);
    const every = { ...site, sets: [...site.sets, ...site.together.map((name) => ({ name }))] };
    const chosen = choice(every);
    const together = site.together.includes(chosen.set);
    if (together) chosen.by = "";
    const form = document.getElementById("controls");
    const [known, shared] = remarks(objects(boards).filter((row) => ["set", "metric", "policy"].every((each) => row[each] === chosen[each])));
    const all = (await rows(chosen)).map((row) => ({ ...row, remarks: known.get(row.runner) }));
    const slices = chosen.by ? unique(all.map((row) => row.slice)) : [];
    const slice = valid(state.get("slice"), slices);
    common(form, every, chosen);
    select(form, "by", "Cut by", together ? [] : ["", ...site.slices], chosen.by, (each) => each || "nothing");
    select(form, "slice", "Slice", slices, slice ?? "");
    const runners = together || chosen.by ? [""] : ["", ...site.runners];
    const [one, other] = ["one", "other"].map((name) => valid(state.get(name), runners));
    select(form, "one", "Is", runners, one, (each) => each || "a runner");
    select(form, "other", "better than", runners, other, (each) => each || "another");
    search(form, "find", "Find a runner");
    const inSlice = all.filter((row) => !chosen.by || row.slice === slice);
    const found = inSlice.filter(matches);
    const has = ([name]) => name === "rank" || name === "interval" || all.some((row) => (row[name] ?? null) !== null);
    const columns = boards.shown.filter(has);
    table(found, columns);
    order(form, columns);
    document.getElementById("status").textContent = about(found, inSlice, chosen, slice) + (shared.length ? ` Flags of all: ${shared.join(" ")}.` : "");
    document.getElementById("board").classList.toggle("weak", weak(inSlice));
    document.getElementById("signature").replaceChildren(...signature(site, chosen).split(/(?<=\|)/).flatMap((part) => [part, el("wbr")]));
    policy(site, chosen);
    verdict(boards, chosen);
    document.getElementById("comparison").textContent = await comparison(chosen, one, other);
    document.getElementById("columns").replaceChildren(
      ...columns.filter(([, , meaning]) => meaning).flatMap(([, title, meaning]) => [el("dt", null, title), el("dd", null, meaning)]));
  }

  show(draw);
})();
