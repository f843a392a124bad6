// What both pages of an atlas share: reading its data files, numbers, small elements.
"use strict";

const Atlas = (() => {
  const stored = {}, asked = {};

  // Each data file calls `Atlas.put`. A script tag works from the file system, where fetch does not.
  function put(name, data) { stored[name] = data; }

  function load(name) {
    return asked[name] ??= new Promise((done, fail) => {
      const tag = document.createElement("script");
      tag.src = `data/${name}.js`;
      tag.onload = () => name in stored ? done(stored[name]) : fail(new Error(`data/${name}.js is damaged`));
      tag.onerror = () => fail(new Error(`data/${name}.js is missing; make the atlas again`));
      document.head.append(tag);
    });
  }

  function bytes(base64) { return Uint8Array.from(atob(base64), c => c.charCodeAt(0)).buffer; }
  const floats = base64 => new Float32Array(bytes(base64));
  const shorts = base64 => new Int16Array(bytes(base64));

  // An element with attributes and children; texts are never read as HTML.
  function el(name, attributes = {}, ...children) {
    const e = name === "svg" || SVG.has(name)
      ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) {
      if (k.startsWith("on")) e.addEventListener(k.slice(2), v);
      else if (v !== undefined && v !== null && v !== false) e.setAttribute(k, v === true ? "" : v);
    }
    e.append(...children.flat().filter(c => c !== undefined && c !== null && c !== false));
    return e;
  }
  const SVG = new Set(["rect", "line", "path", "g", "text", "title"]);

  // Three significant digits, with a true minus sign.
  function number(v, digits = 3) {
    if (v === null || v === undefined || Number.isNaN(v)) return "–";
    if (v === 0) return "0";
    const size = Math.abs(v);
    const text = size >= 1e5 || size < 1e-4 ? v.toExponential(digits - 1)
      : size >= 10 ** digits ? String(Math.round(v)) : String(Number(v.toPrecision(digits)));
    return text.replaceAll("-", "−");
  }
  const percent = v => Number.isNaN(v) ? "–" : number(100 * v) + " %";

  const SIGNS = { "\n": "↵", "\r": "␍", "\t": "⇥", "": "∅" };
  const visible = token => SIGNS[token] ?? token.replace(/[\n\r\t]/g, c => SIGNS[c] + (c === "\n" ? "\n" : ""))
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "·");
  const quoted = token => visible(token).replaceAll(" ", "␣");

  function show(error) {
    const box = document.getElementById("trouble");
    box.textContent = error.message ?? String(error);
    box.hidden = false;
    delete document.body.dataset.busy;
  }

  // The columns of the table, by name: numbers as typed arrays, texts as functions of the row.
  async function table() {
    const [about, raw, words] = await Promise.all([load("about"), load("table"), load("words")]);
    const columns = {};
    for (const [name, base64] of Object.entries(raw.numbers)) columns[name] = floats(base64);
    const n = columns.layer.length;
    const unit = i => `L${columns.layer[i]}N${columns.neuron[i]}`;
    const rows = new Map(Array.from({ length: n }, (_, i) => [unit(i), i]));
    const index = name => rows.get(name.trim().toUpperCase()) ?? -1;
    const runs = new Map();
    for (const run of about.runs) {
      const i = index(run.unit);
      if (i >= 0) runs.set(i, [...(runs.get(i) ?? []), run]);
    }
    for (const name of about.measured) {
      columns[name] = new Float32Array(n).fill(NaN);
      for (const [i, [run]] of runs) columns[name][i] = run.figures[name] ?? NaN;
    }
    const lists = {};
    for (const [name, base64] of Object.entries(raw.words)) lists[name] = new Int32Array(bytes(base64));
    const some = name => i => {
      const k = lists[name].length / n;
      return [...lists[name].subarray(i * k, i * k + k)].filter(t => t >= 0).map(t => words[t]);
    };
    const kept = f => { const known = []; return i => known[i] ??= f(i); };
    const texts = {
      unit,
      label: i => runs.get(i)?.[0].label ?? "",
      baseline: i => runs.get(i)?.[0].baseline ?? "",
      fires_on: kept(i => some("fires_on")(i).map(quoted).join(" ")),
      promotes: kept(i => some("promotes")(i).map(quoted).join(" ")),
    };
    return { about, words, n, columns, unit, index, texts, runs, some };
  }

  return { put, load, floats, shorts, el, number, percent, visible, quoted, show, table };
})();
