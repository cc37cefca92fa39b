// Text with ranges marked: the words an extraction lacks or has too many.
"use strict";

boilerbench.text = (() => {
  const { el } = boilerbench;

  const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]);

  // The part of `text` that stands from `start` on in a longer one, with the longer one's ranges marked in it.
  // `layers` are [element, class, ranges]; ranges do not overlap.
  function marked(text, start, layers) {
    const cuts = layers
      .flatMap(([name, kind, flat]) => pairs(flat).map(([from, to]) => [Math.max(from - start, 0), Math.min(to - start, text.length), name, kind]))
      .filter(([from, to]) => from < to)
      .sort((one, other) => one[0] - other[0]);
    const nodes = [];
    let done = 0;
    for (const [from, to, name, kind] of cuts) {
      nodes.push(text.slice(done, from), el(name, { class: kind }, text.slice(from, to)));
      done = to;
    }
    nodes.push(text.slice(done));
    return nodes;
  }

  const extraction = (text, wrong) =>
    marked(text, 0, [["ins", "wrong", wrong.too_many], ["span", "optional", wrong.optional]]);

  // Gold as blocks, each with its label; `roles` says what the policy makes of a label.
  function gold(segments, wrong, roles, definitions) {
    let start = 0;
    return segments.map(([label, text]) => {
      const block = el("div", { class: `segment ${roles[label]}` },
        el("span", { class: "label", title: definitions[label] }, label),
        el("div", { dir: "auto" }, marked(text, start, [["del", "wrong", wrong.missing]])));
      start += text.length + 1;
      return block;
    });
  }

  return { extraction, gold };
})();
