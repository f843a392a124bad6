// One neuron, drawn from the data of its block when the page is opened or its address changes.
"use strict";

(async () => {
  const { el, number, percent } = Atlas;
  const t = await Atlas.table();
  const { about, columns, words, n, unit, index } = t;
  const whole = n === about.layers.length * about.width;
  const peers = whole ? "the layer" : "the layer's neurons here";
  const range = `this atlas has ${n.toLocaleString("en")} from ${unit(0)} to ${unit(n - 1)}`;
  const main = document.getElementById("neuron");
  const link = (i, extra) => el("a", { href: `neuron.html#${unit(i)}${back()}` }, extra ?? unit(i));

  function back() {
    const [, ...rest] = location.hash.slice(1).split("&");
    return rest.length ? "&" + rest.join("&") : "";
  }

  // ---------- what is stored of a neuron
  async function details(i) {
    const layer = columns.layer[i], place = i - columns.layer.indexOf(layer);
    const block = await Atlas.load(`L${layer}/${Math.floor(place / about.block)}`);
    return block[place % about.block];
  }

  function decoded(d) {
    const v = Atlas.shorts(d.values);
    let at = 0;
    const one = ([row, position, start, length, note]) => {
      const values = Array.from(v.subarray(at, at + length), s => s === -32768 ? NaN : s * d.scale);
      at += length;
      return { row, position, start, values, note, value: values[position - start] };
    };
    return Object.fromEntries(Object.entries(d.examples).map(([kind, some]) => [kind, some.map(one)]));   // in this order
  }

  async function text(row) {
    const at = about.texts.rows.findLastIndex(first => first <= row);
    return (await Atlas.load(`texts/${at}`))[row - about.texts.rows[at]];
  }

  // ---------- sections
  function head(i) {
    const layer = columns.layer[i], neuron = columns.neuron[i];
    return el("header", {},
      el("nav", { class: "steps", "aria-label": "neurons" },
        el("a", { href: "index.html" + (back() ? "#" + back().slice(1) : "") }, "All neurons"),
        i > 0 && link(i - 1, "← previous"), i < n - 1 && link(i + 1, "next →"),
        el("form", { onsubmit: jump }, el("label", {}, "go to ", el("input", { name: "unit", size: 9, placeholder: "L3N217", autocomplete: "off" })),
          el("button", {}, "go"))),
      el("h1", {}, unit(i)),
      el("p", { class: "sub" }, `neuron ${neuron} of layer ${layer} in ${about.model}` + (columns.dead[i] ? " · it never changes on these texts" : "")),
      el("p", {}, "Fires on ", codes("fires_on", i), " · promotes ", codes("promotes", i)));
  }

  const codes = (name, i) => t.some(name)(i).flatMap(w => [el("code", {}, Atlas.quoted(w)), " "]);

  function jump(e) {
    e.preventDefault();
    const name = new FormData(e.target).get("unit"), i = index(name);
    if (i >= 0) location.hash = unit(i) + back();
    else Atlas.show(new Error(`no neuron “${name}”; ${range}`));
  }

  // The share of the layer's neurons in this atlas with a lower value.
  function rank(name, i) {
    const v = columns[name], { layer } = columns, first = layer.indexOf(layer[i]);
    let below = 0, known = 0;
    for (let k = first; layer[k] === layer[i]; k++) {
      if (v[k] !== v[k]) continue;
      known++;
      below += v[k] < v[i] ? 1 : v[k] === v[i] ? .5 : 0;
    }
    return known ? below / known : NaN;
  }

  function figures(i, names) {
    return el("div", { class: "scroll" }, el("table", { class: "figures" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "figure"), el("th", { scope: "col", class: "n" }, "value"),
        el("th", { scope: "col" }, `rank in ${peers}`))),
      el("tbody", {}, names.filter(name => columns[name] && !Number.isNaN(columns[name][i])).map(name => {
        const c = about.columns.find(c => c.name === name), v = columns[name][i], r = rank(name, i);
        return el("tr", {}, el("th", { scope: "row", title: c.help }, c.title),
          el("td", { class: "n" }, c.percent ? percent(v) : number(v)),
          el("td", {}, el("span", { class: "rank", role: "img", "aria-label": `higher than ${percent(r)} of ${peers}`, title: `higher than ${percent(r)} of ${peers}`,
                                    style: `--r:${r}` })));
      }))));
  }

  function chart(d, log) {
    const [left, step] = d.bars, share = Atlas.floats(d.shares);
    const W = Math.min(736, document.documentElement.clientWidth - 32), H = 200, pad = { l: 58, r: 8, t: 8, b: 30 };
    const right = left + step * share.length, x = v => pad.l + (W - pad.l - pad.r) * (v - left) / (right - left || 1);
    const most = Math.max(...share), least = 1 / about.binned / 2;
    const height = s => (H - pad.t - pad.b) * (s <= 0 ? 0 : log ? Math.max(0, Math.log(s / least) / Math.log(most / least)) : s / most);
    const bars = [...share].map((s, k) => {
      const a = left + k * step, on = a >= about.threshold - 1e-9 * Math.abs(right);
      return el("rect", { x: x(a), y: H - pad.b - height(s), width: Math.max(.5, x(a + step) - x(a) - .6), height: height(s), class: on ? "on" : "off" },
        el("title", {}, `${number(a)} to ${number(a + step)}: ${percent(s)} of the tokens`));
    });
    const ticks = round(left, right).map(v => el("g", {}, el("line", { x1: x(v), x2: x(v), y1: H - pad.b, y2: H - pad.b + 5 }),
      el("text", { x: x(v), y: H - pad.b + 19, "text-anchor": "middle" }, number(v))));
    const levels = (log ? [least * 2, most] : [0, most]).map(s => el("text", { x: pad.l - 6, y: H - pad.b - height(s) + 4, "text-anchor": "end" }, percent(s)));
    const on = [...share].reduce((sum, s, k) => sum + (left + k * step >= about.threshold - 1e-9 * Math.abs(right) ? s : 0), 0);
    const what = `Distribution of the activation from ${number(left)} to ${number(right)}; ${percent(on)} of the tokens are above ${number(about.threshold)}.`;
    return el("svg", { viewBox: `0 0 ${W} ${H}`, class: "chart", role: "img", "aria-label": what }, bars,
      el("line", { x1: pad.l, x2: W - pad.r, y1: H - pad.b, y2: H - pad.b }), ticks, levels);
  }

  function round(a, b) {
    const rough = (b - a) / 5 || 1, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find(k => k * power >= rough) * power, out = [];
    for (let v = Math.ceil(a / step) * step; v <= b + 1e-9; v += step) out.push(Math.abs(v) < step / 1e6 ? 0 : v);
    return out;
  }

  function distribution(i, d) {
    const tall = Math.max(...Atlas.floats(d.shares)) > .3;       // one bar would hide all others
    const place = el("div", {}, chart(d, tall));
    const toggle = el("button", { type: "button", "aria-pressed": String(tall), onclick: () => {
      const log = toggle.getAttribute("aria-pressed") === "false";
      toggle.setAttribute("aria-pressed", String(log));
      place.replaceChildren(chart(d, log));
    } }, "logarithmic");
    return el("section", { id: "distribution" }, el("h2", {}, "Distribution"), place,
      el("p", { class: "note" }, toggle, ` Share of the tokens; above ${number(about.threshold)} (active) in colour. ${about.binned.toLocaleString("en")} tokens are in the histogram.`),
      el("div", { class: "pair" }, el("div", {}, figures(i, about.shown.distribution)), el("div", {}, figures(i, about.shown.spread))));
  }

  // ---------- texts
  function token(id, v, limit, marked) {
    const known = v === v && v !== undefined, a = known ? Math.min(1, Math.abs(v) / limit) : 0;
    return el("span", { class: "tok" + (known ? v < 0 ? " down" : " up" : "") + (marked ? " mark" : ""), style: a ? `--a:${a.toFixed(3)}` : null },
      Atlas.visible(words[id]));
  }

  const tip = document.getElementById("tip");

  // A line of tokens: the value under the pointer, or where the arrow keys are.
  async function example(e, limit) {
    const ids = await text(e.row);
    const size = Math.min(e.values.length, ids.length - e.start);
    let whole = false, at = e.position;
    const line = el("p", { class: "line", tabindex: 0, role: "group",
      "aria-label": `text ${e.row}, ${number(e.value)} at “${words[ids[e.position]]}”; arrow keys read the value of each token` });
    const say = el("span", { class: "say", "aria-live": "polite" });
    const from = () => whole ? 0 : e.start, value = k => e.values[k - e.start];
    function fill() {
      const last = whole ? ids.length : e.start + size, parts = [];
      for (let k = from(); k < last; k++) parts.push(token(ids[k], value(k), limit, k === e.position));
      line.replaceChildren(from() > 0 ? "… " : "", ...parts, last < ids.length ? " …" : "");
    }
    const spans = () => [...line.querySelectorAll(".tok")];
    const words_of = k => `“${Atlas.quoted(words[ids[k]])}” ${value(k) === value(k) && value(k) !== undefined ? number(value(k)) : "no value kept"}`;
    function over(span) {
      const k = from() + spans().indexOf(span), box = span.getBoundingClientRect();
      tip.textContent = words_of(k);
      tip.hidden = false;
      tip.style.left = Math.max(4, Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX + "px";
      tip.style.top = box.top + scrollY - tip.offsetHeight - 6 + "px";
    }
    function move(to) {
      const all = spans();
      at = Math.max(from(), Math.min(from() + all.length - 1, to));
      all.forEach(s => s.classList.remove("at"));
      all[at - from()].classList.add("at");
      say.textContent = words_of(at);
      over(all[at - from()]);
    }
    line.addEventListener("pointerover", ev => ev.target.classList.contains("tok") && over(ev.target));
    line.addEventListener("pointerleave", () => tip.hidden = true);
    line.addEventListener("keydown", ev => {
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: from(), End: from() + spans().length - 1 }[ev.key];
      if (to === undefined) return;
      ev.preventDefault();
      move(to);
    });
    line.addEventListener("blur", () => {
      tip.hidden = true;
      say.textContent = "";
      spans().forEach(s => s.classList.remove("at"));
    });
    fill();
    const cut = e.start > 0 || e.start + size < ids.length;
    const more = cut && el("button", { type: "button", class: "more", "aria-pressed": "false", onclick: () => {
      whole = !whole;
      more.setAttribute("aria-pressed", String(whole));
      fill();
    } }, "whole text");
    return el("li", {}, el("span", { class: "value" }, number(e.value)), el("div", {}, e.note && el("span", { class: "kind" }, e.note), line, say), more);
  }

  function legend(low, high) {
    const ends = low < 0 ? [low, low / 2, 0, high / 2, high] : [0, high / 4, high / 2, high * 3 / 4, high];
    const limit = Math.max(high, -low) || 1;
    return el("p", { class: "scale" }, "activation ", ends.map(v => el("span", { class: "tok " + (v < 0 ? "down" : "up"), style: `--a:${Math.min(1, Math.abs(v) / limit).toFixed(3)}` }, ` ${number(v)} `)));
  }

  async function examples(i, d) {
    const found = decoded(d), all = Object.values(found).flat().flatMap(e => e.values).filter(v => v === v);
    const high = Math.max(0, ...all), low = Math.min(0, ...all), limit = Math.max(high, -low) || 1;
    const parts = [];
    for (const kind of about.kinds) {
      const some = found[kind.name];
      if (!some.length) continue;
      const items = await Promise.all(some.map(e => example(e, limit)));
      const few = items.slice(0, kind.few), rest = items.slice(kind.few);
      parts.push(el("section", { id: kind.name }, el("h3", {}, kind.title), el("p", { class: "note" }, kind.help),
        el("ol", { class: "examples" }, few),
        rest.length > 0 && el("details", {}, el("summary", {}, `${rest.length} more`), el("ol", { class: "examples" }, rest))));
    }
    return el("section", { id: "texts" }, el("h2", {}, "Texts"), legend(low, high),
      el("p", { class: "note" }, "The outlined token is the example; its value stands at the left. Point at a token for its value, or focus a text and use the arrow keys."), parts);
  }

  // ---------- weights
  function bars(pairs, title, help) {
    const most = Math.max(...pairs.map(([, v]) => Math.abs(v))) || 1;
    return el("div", {}, el("h3", {}, title), el("p", { class: "note" }, help),
      el("table", { class: "effects" }, el("thead", { class: "unseen" }, el("tr", {}, el("th", { scope: "col" }, "token"), el("th", { scope: "col" }, "logit"))),
        el("tbody", {}, pairs.map(([id, v]) => el("tr", {}, el("th", { scope: "row" }, el("code", {}, Atlas.quoted(words[id]))),
          el("td", { class: "n" }, el("span", { class: "bar-of " + (v < 0 ? "down" : "up"), style: `--a:${Math.abs(v) / most}` }), number(v)))))));
  }

  function logits(d) {
    return el("section", { id: "logits" }, el("h2", {}, "What it writes"),
      el("p", { class: "note" }, about.basis),
      el("div", { class: "pair" }, bars(d.promotes, "Tokens that it promotes", "Their logits rise when the neuron is active."),
        bars(d.suppresses, "Tokens that it suppresses", "Their logits fall.")));
  }

  function neighbours(list, title, help) {
    if (!list || !list.length) return null;
    return el("div", {}, el("h3", {}, title), el("p", { class: "note" }, help),
      el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "neuron"), el("th", { scope: "col", class: "n" }, "value"), el("th", { scope: "col" }, "fires on"))),
        el("tbody", {}, list.map(([i, v]) => el("tr", {}, el("th", { scope: "row" }, link(i)), el("td", { class: "n" }, number(v)),
          el("td", {}, t.some("fires_on")(i).map(w => el("code", {}, Atlas.quoted(w))))))))));
  }

  function weights(i, d) {
    return el("section", { id: "weights" }, el("h2", {}, "Weights and nearest neurons"), figures(i, about.shown.weights),
      el("div", { class: "pair" }, neighbours(d.near, "Writes in nearly the same direction", "Cosine of the output weights, over all neurons of the atlas."),
        neighbours(d.alike, "Is active together with it", `Correlation of the activations on ${about.sampled.toLocaleString("en")} tokens of the random texts.`)));
  }

  // ---------- runs
  const SOURCES = { neuron: "the neuron", input: "its input", stream: "the stream at its token", text: "the rest of the text" };

  function run(r) {
    const shares = r.shares ?? {}, known = Object.keys(SOURCES).filter(k => shares[k]);
    const whole = Math.max(1, known.reduce((s, k) => s + Math.max(0, shares[k].estimate ?? 0), 0));
    const interval = f => f ? number(f.estimate) + (f.low === null || f.low === undefined ? "" : ` [${number(f.low)}, ${number(f.high)}]`) : "–";
    return el("div", { class: "answer" },
      el("p", { class: "label" }, r.line ?? r.label ?? "not labelled"), el("p", { class: "note" }, r.href ? el("a", { href: r.href }, `run ${r.name}`) : `run ${r.name}`),
      known.length > 0 && el("div", { class: "stack", role: "img", "aria-label": "shares of the report's variance: " + known.map(k => `${SOURCES[k]} ${number(shares[k].estimate)}`).join(", ") },
        known.map(k => el("span", { class: k, style: `width:${100 * Math.max(0, shares[k].estimate ?? 0) / whole}%` }))),
      known.length > 0 && el("ul", { class: "legend" }, known.map(k => el("li", {}, el("i", { class: k }), `${SOURCES[k]} `, el("b", {}, interval(shares[k]))))),
      el("ul", {}, Object.entries(r.numbers).map(([k, f]) => el("li", {}, `${k} `, el("b", {}, interval(f)))),
        r.baseline && el("li", {}, "best baseline ", el("b", {}, `${number(r.figures.baseline_score)}`), ` (${r.baseline})`)));
  }

  function runs(i) {
    const own = t.runs.get(i);
    return el("section", { id: "runs" }, el("h2", {}, "Reports of this neuron"),
      own ? own.map(run) : el("p", { class: "note" }, "No run in this atlas has measured a report of this neuron. ",
        el("code", {}, `nsr_run --unit ${unit(i)} --model ${about.source}`), " does."));
  }

  // ---------- the page
  async function draw() {
    const name = location.hash.slice(1).split("&")[0] || unit(0);
    const i = index(name);
    document.body.dataset.busy = "";
    if (i < 0) throw new Error(`no neuron “${name}”; ${range}`);
    document.getElementById("trouble").hidden = true;
    document.title = `${unit(i)} · ${about.model}`;
    const d = await details(i);
    tip.hidden = true;
    const measured = t.runs.has(i), texts = await examples(i, d);
    main.replaceChildren(head(i), ...[measured && runs(i), distribution(i, d), texts, logits(d), weights(i, d), !measured && runs(i)].filter(Boolean));
    scrollTo(0, 0);
    document.body.dataset.unit = unit(i);
    delete document.body.dataset.busy;
  }

  window.addEventListener("hashchange", () => draw().catch(Atlas.show));
  await draw();
})().catch(Atlas.show);
