// The kinds of plot: each takes rows and a width, and gives an SVG or, for a heat map, a table.
"use strict";

boilerbench.charts = (() => {
  const { el, svg, score } = boilerbench;
  const { linear, logarithmic, ticks, powers, text, across, up, labels, sheet } = boilerbench.draw;
  const LINE = 24;
  const tip = (words) => svg("title", null, words);
  const short = (value) => score(value, 2);
  const margin = (rows) => Math.min(200, 16 + 6.6 * Math.max(...rows.map(({ runner }) => runner.length)));

  // A dot with its interval per runner.
  function intervals(rows, width, title) {
    const left = margin(rows);
    const box = { left, right: width - 20, top: 8, bottom: 8 + rows.length * LINE };
    const low = Math.min(...rows.map((row) => row.f1_low ?? row.f1));
    const from = Math.max(0, Math.floor(low * 10 - 0.5) / 10);
    const to = Math.min(1, Math.ceil(Math.max(...rows.map((row) => row.f1_high ?? row.f1)) * 10) / 10);
    const scale = linear(from, to, box.left, box.right);
    const marks = rows.map((row, index) => {
      const y = box.top + (index + 0.5) * LINE;
      const [low, high] = [row.f1_low ?? row.f1, row.f1_high ?? row.f1];
      return svg("g", null, tip(`${row.runner}: ${score(row.f1)} (${score(low)}–${score(high)})`),
        text(box.left - 10, y + 4, row.runner, { class: "label", "text-anchor": "end" }),
        svg("line", { class: "whisker", x1: scale(low), x2: scale(high), y1: y, y2: y }),
        svg("circle", { class: "dot", cx: scale(row.f1), cy: y, r: 5 }));
    });
    return sheet(width, box.bottom + 44, title, ...across(box, scale, ticks(from, to, 6), short, "F1"), ...marks);
  }

  function plot(points, width, title, axes, before) {
    const box = { left: 44, right: width - 20, top: 26, bottom: Math.max(340, Math.min(width * 0.75, 480)) };
    const x = axes.x(box.left + 8, box.right - 8);
    const y = axes.y(box.bottom - 8, box.top + 8);
    const placed = points.map((point) => ({ ...point, x: x.scale(point.x), y: y.scale(point.y) }));
    const under = before(x.scale, y.scale, box);
    const dots = placed.map((point) => svg("circle", { class: point.front ? "dot front" : "dot", cx: point.x, cy: point.y, r: 5 }, tip(point.words)));
    return sheet(width, box.bottom + 44, title,
      ...across(box, x.scale, x.ticks, x.words, axes.across), ...up(box, y.scale, y.ticks, short, axes.up),
      ...under.marks, ...dots, ...labels(placed, { ...box, top: box.top - 10 }, under.taken));
  }

  const from = (values) => Math.max(0, Math.floor(Math.min(...values) * 10) / 10);
  const shares = (values) => (first, last) => {
    const low = Math.min(from(values), 0.9);
    return { scale: linear(low, 1, first, last), ticks: ticks(low, 1, 6), words: short };
  };

  // Precision against recall, with lines of equal F1.
  function balance(rows, width, title) {
    const points = rows.map((row) => ({
      x: row.recall, y: row.precision, label: row.runner,
      words: `${row.runner}: precision ${score(row.precision)}, recall ${score(row.recall)}`,
    }));
    const lowest = [from(rows.map((row) => row.recall)), from(rows.map((row) => row.precision))];
    const curve = (f1, x, y) => {
      const spots = [];
      for (let recall = Math.max(lowest[0], f1 / 2 + 0.001); recall <= 1.0001; recall += 0.005) {
        const precision = (f1 * recall) / (2 * recall - f1);
        if (precision >= lowest[1] && precision <= 1) spots.push(`${x(recall).toFixed(1)},${y(precision).toFixed(1)}`);
      }
      if (spots.length < 2) return [];
      const [left, base] = spots[0].split(",").map(Number);
      const words = text(left + 8, base, `F1 ${short(f1)}`, { class: "tick" });
      return [{ line: svg("polyline", { class: "equal", points: spots.join(" ") }), words, left, right: left + 48, top: base - 12, bottom: base + 4 }];
    };
    const curves = (x, y) => {
      const taken = [0.5, 0.6, 0.7, 0.8, 0.9].flatMap((f1) => curve(f1, x, y));
      return { marks: taken.flatMap(({ line, words }) => [line, words]), taken };
    };
    const axes = { x: shares(rows.map((row) => row.recall)), y: shares(rows.map((row) => row.precision)), across: "Recall", up: "Precision" };
    return plot(points, width, title, axes, curves);
  }

  // F1 against milliseconds per page; the front are runners that none beats in both.
  function pace(rows, width, title) {
    const front = rows.filter((row) => !rows.some((other) => other.ms <= row.ms && other.f1 >= row.f1 && (other.ms < row.ms || other.f1 > row.f1)));
    const points = rows.map((row) => ({
      x: row.ms, y: row.f1, label: row.runner, front: front.includes(row),
      words: `${row.runner}: F1 ${score(row.f1)}, ${row.ms.toFixed(1)} ms per page`,
    }));
    const times = rows.map((row) => row.ms);
    const [least, most] = [Math.min(...times) / 1.3, Math.max(...times) * 1.3];
    const time = (first, last) => ({
      scale: logarithmic(least, most, first, last), ticks: powers(least, most), words: (value) => `${+value.toPrecision(1)} ms`,
    });
    const steps = (x, y) => {
      const line = front.toSorted((one, other) => one.ms - other.ms).map((row) => `${x(row.ms).toFixed(1)},${y(row.f1).toFixed(1)}`);
      return { marks: [svg("polyline", { class: "front", points: line.join(" ") })], taken: [] };
    };
    return plot(points, width, title, { x: time, y: shares(rows.map((row) => row.f1)), across: "Median time per page", up: "F1" }, steps);
  }

  // The pages' scores of each runner, worst to best from left to right.
  function histograms(rows, width, title) {
    const left = margin(rows);
    const high = 36;
    const box = { left, right: width - 20, top: 8, bottom: 8 + rows.length * high };
    const scale = linear(0, 1, box.left, box.right);
    const marks = rows.map((row, index) => {
      const base = box.top + (index + 1) * high - 4;
      const most = Math.max(...row.histogram, 1);
      const bars = row.histogram.map((count, bin) => svg("rect", {
        class: "bar", x: scale(bin / row.histogram.length) + 0.5, width: (box.right - box.left) / row.histogram.length - 1,
        y: base - (count / most) * (high - 8), height: (count / most) * (high - 8),
      }));
      const median = row.quartiles[2];
      return svg("g", null, tip(`${row.runner}: median ${score(median)}, quartiles ${score(row.quartiles[1])} and ${score(row.quartiles[3])}`),
        text(box.left - 10, base - 6, row.runner, { class: "label", "text-anchor": "end" }), ...bars,
        svg("line", { class: "base", x1: box.left, x2: box.right, y1: base, y2: base }),
        median === null ? null : svg("path", { class: "median", d: `M${scale(median)} ${base} l-4 6 h8 z` }));
    });
    return sheet(width, box.bottom + 44, title, ...across(box, scale, [0, 0.25, 0.5, 0.75, 1], short, "F1 of a page"), ...marks);
  }

  // A table whose cells are the darker the higher they are. `value(row, column)` may be null.
  function heat(rows, columns, value, { tone = "heat", corner = "", from: low = 0, to: high = 1 }) {
    const cell = (row, column) => {
      const found = value(row, column);
      const made = el("td", { class: `number ${tone}` }, score(found, 2));
      made.style.setProperty("--share", found === null || found === undefined ? 0 : Math.max(0, Math.min(1, (found - low) / (high - low || 1))));
      return made;
    };
    return el("table", { class: "heatmap" },
      el("thead", null, el("tr", null, el("th", { scope: "col", class: "corner" }, corner),
        columns.map((column) => el("th", { scope: "col" }, el("span", null, column))))),
      el("tbody", null, rows.map((row) => el("tr", null, el("th", { scope: "row" }, row), columns.map((column) => cell(row, column))))));
  }

  return { intervals, balance, pace, histograms, heat };
})();
