// Axes and marks for the plots. Sizes are CSS pixels: a plot is drawn as wide as its place is.
"use strict";

boilerbench.draw = (() => {
  const { svg } = boilerbench;

  const linear = (from, to, first, last) => (value) => first + ((value - from) / (to - from || 1)) * (last - first);
  const logarithmic = (from, to, first, last) => {
    const scale = linear(Math.log(from), Math.log(to), first, last);
    return (value) => scale(Math.log(value));
  };

  function ticks(from, to, count) {
    const raw = (to - from) / count;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw);
    const found = [];
    for (let value = Math.ceil(from / step - 1e-9) * step; value <= to + 1e-9; value += step) found.push(+value.toFixed(10));
    return found;
  }

  function powers(from, to) {
    const found = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.log10(to); power += 1) {
      for (const each of [1, 3]) found.push(each * 10 ** power);
    }
    return found.filter((value) => value >= from && value <= to);
  }

  const text = (x, y, words, options) => svg("text", { x, y, ...options }, words);

  // A frame with grid lines; `box` has left, right, top, bottom.
  function across(box, scale, values, words, title) {
    const lines = values.flatMap((value) => [
      svg("line", { class: "grid", x1: scale(value), x2: scale(value), y1: box.top, y2: box.bottom }),
      text(scale(value), box.bottom + 16, words(value), { class: "tick", "text-anchor": "middle" }),
    ]);
    return [...lines, text((box.left + box.right) / 2, box.bottom + 36, title, { class: "axis", "text-anchor": "middle" })];
  }

  function up(box, scale, values, words, title) {
    const lines = values.flatMap((value) => [
      svg("line", { class: "grid", x1: box.left, x2: box.right, y1: scale(value), y2: scale(value) }),
      text(box.left - 6, scale(value) + 4, words(value), { class: "tick", "text-anchor": "end" }),
    ]);
    return [...lines, text(box.left - 34, box.top - 10, title, { class: "axis" })];
  }

  // Puts each label where it meets no mark and no other label, as near to its own mark as can be, or nowhere.
  function labels(points, box, reserved) {
    const taken = [...reserved, ...points.map(({ x, y }) => ({ left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 }))];
    const free = (spot) =>
      spot.left >= box.left && spot.right <= box.right && spot.top >= box.top && spot.bottom <= box.bottom &&
      !taken.some((each) => spot.left < each.right && spot.right > each.left && spot.top < each.bottom && spot.bottom > each.top);
    return points.flatMap(({ x, y, label }) => {
      const width = label.length * 6.4 + 4;
      for (let far = 9; far < 80; far += 7) {
        for (let turn = 0; turn < 12; turn += 1) {
          const angle = (turn % 2 ? -1 : 1) * Math.ceil(turn / 2) * (Math.PI / 6);
          const [dx, dy] = [Math.cos(angle) * far, Math.sin(angle) * far];
          const left = dx >= 0 ? x + dx : x + dx - width;
          const spot = { left, right: left + width, top: y + dy - 8, bottom: y + dy + 8 };
          if (!free(spot)) continue;
          taken.push(spot);
          const leader = far > 12 ? [svg("line", { class: "leader", x1: x, y1: y, x2: dx >= 0 ? left : left + width, y2: y + dy })] : [];
          const [edge, anchor] = dx >= 0 ? [left + 2, "start"] : [left + width - 2, "end"];
          return [...leader, text(edge, y + dy + 4, label, { class: "label", "text-anchor": anchor })];
        }
      }
      return [];
    });
  }

  const sheet = (width, height, title, ...children) =>
    svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title }, ...children);

  return { linear, logarithmic, ticks, powers, text, across, up, labels, sheet };
})();
