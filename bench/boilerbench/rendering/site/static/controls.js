// The selects and fields above a table or plot. They are made once and filled again as the state changes.
"use strict";

boilerbench.controls = (() => {
  const { el, state, load, objects } = boilerbench;
  const unique = (values) => [...new Set(values)];
  const valid = (value, known) => (known.includes(value) ? value : known[0]);

  // What the state asks for, or the first there is.
  function choice(site) {
    const policies = unique(site.scored.map(([, policy]) => policy));
    const policy = valid(state.get("policy"), policies);
    const metrics = site.scored.filter((pair) => pair[1] === policy).map(([metric]) => metric);
    const metric = valid(state.get("metric"), metrics);
    const set = valid(state.get("set"), site.sets.map(({ name }) => name));
    const by = valid(state.get("by"), ["", ...site.slices]);
    const scored = site.scored.findIndex((pair) => pair[0] === metric && pair[1] === policy);
    return { set, metric, policy, by, scored, policies, metrics };
  }

  // The rows of the chosen leaderboard; with a slice, those of all its values.
  async function rows(chosen) {
    const table = await load(chosen.by ? `slices-${chosen.by}-${chosen.scored}` : "boards");
    const fitting = (row) => ["set", "metric", "policy"].every((key) => row[key] === chosen[key]);
    return objects(table).filter(fitting);
  }

  const matches = (row) => row.runner.toLowerCase().includes((state.get("find") ?? "").toLowerCase());

  // Fills the select of that name, which is not shown where there is nothing to choose.
  function select(form, name, title, values, value, words = (each) => each) {
    let field = form.elements[name];
    if (!field) {
      field = el("select", { name, change: () => state.set({ [name]: field.value }) });
      form.append(el("label", null, el("span", null, title), field));
    }
    const known = [...field.options].map((option) => option.value);
    if (known.length !== values.length || known.some((each, index) => each !== values[index])) {
      field.replaceChildren(...values.map((each) => el("option", { value: each }, words(each))));
    }
    field.value = value;
    field.closest("label").hidden = values.length < 2;
  }

  function search(form, name, title) {
    if (form.elements[name]) return;
    const input = () => state.set({ [name]: field.value });
    const field = el("input", { name, type: "search", input, autocomplete: "off", spellcheck: "false" });
    field.value = state.get(name) ?? "";
    form.append(el("label", null, el("span", null, title), field));
  }

  function common(form, site, chosen) {
    form.onsubmit = (event) => event.preventDefault();
    select(form, "set", "Set", site.sets.map(({ name }) => name), chosen.set);
    select(form, "metric", "Metric", chosen.metrics, chosen.metric);
    select(form, "policy", "Policy", chosen.policies, chosen.policy);
  }

  const signature = (site, { set, metric, policy }) =>
    site.signatures.find((each) => each[0] === set && each[1] === metric && each[2] === policy)?.[3] ?? "";

  return { choice, rows, matches, select, search, common, signature, unique, valid };
})();
