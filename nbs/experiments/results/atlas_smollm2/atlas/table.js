// The table of all neurons: sorted, searched, filtered; its state is in the address.
"use strict";

(async () => {
  const { el, number, percent } = Atlas;
  const t = await Atlas.table();
  const { about, columns, texts, n } = t;
  const PAGE = 50;
  const byName = Object.fromEntries(about.columns.map(c => [c.name, c]));

  // ---------- state, kept in the address so that Back and a bookmark find it again
  const state = { q: "", sort: "", up: false, page: 0, shown: about.columns.filter(c => c.first).map(c => c.name) };

  function read() {
    const a = new URLSearchParams(location.hash.slice(1));
    state.q = a.get("q") ?? "";
    const sort = a.get("sort") ?? about.sort;
    state.up = !sort.startsWith("-");
    state.sort = sort.replace(/^-/, "");
    state.page = Math.max(0, Number(a.get("page") ?? 1) - 1 || 0);
    if (a.has("columns")) state.shown = a.get("columns").split(",").filter(c => c in byName);
  }

  function address() {
    const a = new URLSearchParams();
    if (state.q) a.set("q", state.q);
    a.set("sort", (state.up ? "" : "-") + state.sort);
    if (state.page) a.set("page", state.page + 1);
    const first = about.columns.filter(c => c.first).map(c => c.name).join();
    if (state.shown.join() !== first) a.set("columns", state.shown.join());
    return a.toString();
  }

  function write() { history.replaceState(null, "", "#" + address()); }

  // ---------- the query: words, "phrases", column>number
  const OPERATORS = { ">": (a, b) => a > b, "<": (a, b) => a < b, ">=": (a, b) => a >= b, "<=": (a, b) => a <= b,
                      "=": (a, b) => a === b };

  function term(m) {
    if (m[1] !== undefined) {
      const name = m[1].toLowerCase(), value = m[3].replace(/^"|"$/g, "");
      const numeric = columns[name];
      if (numeric) {
        const v = Number(value.replace("−", "-").replace("%", "")) / (value.endsWith("%") ? 100 : 1);
        if (Number.isNaN(v) || value === "") throw new Error(`“${value}” is no number, in “${m[0]}”`);
        return i => OPERATORS[m[2]](numeric[i], Math.fround(v));
      }
      if (texts[name] && m[2] === "=") {
        const wanted = value.toLowerCase();
        return i => texts[name](i).toLowerCase().includes(wanted);
      }
      const known = [...Object.keys(columns), ...Object.keys(texts)];
      const near = known.filter(k => k.startsWith(name.slice(0, 3)));
      throw new Error(`no column “${name}”; ${near.length ? "did you mean " : "there are "}${(near.length ? near : known).join(", ")}`);
    }
    const word = (m[4] ?? m[5]).toLowerCase();
    const layer = /^l(\d+)$/.exec(word);
    if (layer) return i => columns.layer[i] === Number(layer[1]);
    if (/^l\d+n\d+$/.test(word)) return i => texts.unit(i).toLowerCase() === word;
    const plain = word.replaceAll(" ", "␣");
    return i => ["label", "baseline", "fires_on", "promotes"].some(k => {
      const v = texts[k](i).toLowerCase();
      return v.includes(word) || v.includes(plain);
    });
  }

  function rows() {
    const grammar = /(\w+)(>=|<=|>|<|=)("[^"]*"|\S+)|"([^"]*)"|(\S+)/g;
    const terms = [...state.q.matchAll(grammar)].map(term);
    const found = [];
    for (let i = 0; i < n; i++) if (terms.every(f => f(i))) found.push(i);
    const column = columns[state.sort], text = texts[state.sort];
    const sign = state.up ? 1 : -1;
    if (column) {
      // what is not known comes last, in both directions; ties stay in the order of the neurons
      const order = (a, b) => {
        const x = column[a], y = column[b];
        if (x !== x || y !== y) return (x !== x) - (y !== y) || a - b;
        return sign * (x - y) || a - b;
      };
      found.sort(order);
    } else if (text && state.sort !== "unit") {
      const values = new Map(found.map(i => [i, text(i)]));
      found.sort((a, b) => {
        const x = values.get(a), y = values.get(b);
        if (!x || !y) return !x - !y || a - b;
        return sign * (x < y ? -1 : x > y) || a - b;
      });
    } else if (!state.up) found.reverse();
    return found;
  }

  // ---------- drawing
  const $ = id => document.getElementById(id);
  let found = [];

  function header() {
    return el("tr", {}, state.shown.map(name => {
      const c = byName[name], sorted = state.sort === name;
      const sort = () => {
        state.up = sorted ? !state.up : Boolean(c.text);
        state.sort = name;
        state.page = 0;
        update();
        $("head").querySelector(`[data-column="${name}"]`)?.focus();
      };
      const arrow = sorted ? (state.up ? " ▲" : " ▼") : "";
      return el("th", { scope: "col", class: c.text ? "" : "n",
                        "aria-sort": sorted ? (state.up ? "ascending" : "descending") : "none" },
        el("button", { type: "button", title: c.help, "data-column": name, onclick: sort }, c.title + arrow));
    }));
  }

  function cell(name, i) {
    const c = byName[name];
    if (name === "unit") {
      const back = address();
      return el("th", { scope: "row" }, el("a", { href: `neuron.html#${texts.unit(i)}${back ? "&" + back : ""}` }, texts.unit(i)));
    }
    if (c.text === "words") return el("td", {}, t.some(name)(i).map(w => el("code", {}, Atlas.quoted(w))));
    if (c.text) return el("td", {}, texts[name](i));
    const v = columns[name][i];
    return el("td", { class: "n" }, c.percent ? percent(v) : number(v));
  }

  function draw() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    state.page = Math.min(state.page, pages - 1);
    const first = state.page * PAGE, some = found.slice(first, first + PAGE);
    $("head").replaceChildren(header());
    $("rows").replaceChildren(...some.map(i => el("tr", {}, state.shown.map(name => cell(name, i)))));
    $("count").textContent = found.length
      ? `${first + 1}–${first + some.length} of ${found.length.toLocaleString("en")}` + (found.length < n ? ` (${n.toLocaleString("en")} in all)` : " neurons")
      : "no neuron fits; change the search";
    $("page").value = state.page + 1;
    $("page").max = pages;
    $("pages").textContent = `of ${pages}`;
    $("before").disabled = state.page === 0;
    $("after").disabled = state.page >= pages - 1;
  }

  function update() {
    try {
      found = rows();
      $("query-trouble").textContent = "";
      $("query").setAttribute("aria-invalid", "false");
    } catch (e) {
      $("query-trouble").textContent = e.message;
      $("query").setAttribute("aria-invalid", "true");
    }
    write();
    draw();
  }

  // ---------- controls
  function turn(to) {
    state.page = to;
    write();
    draw();
    $("table").scrollIntoView({ block: "nearest" });
  }

  function filters() {
    const layers = $("layer");
    layers.append(el("option", { value: "" }, "all layers"), ...about.layers.map(l => el("option", { value: l }, `layer ${l}`)));
    layers.onchange = () => {
      const rest = state.q.replace(/(^|\s)L\d+(?=\s|$)/gi, "").trim();
      setQuery([layers.value === "" ? "" : `L${layers.value}`, rest].filter(Boolean).join(" "));
    };
    const name = $("filter-column");
    name.append(...about.columns.filter(c => !c.text).map(c => el("option", { value: c.name }, c.title)));
    $("filter").onsubmit = e => {
      e.preventDefault();
      const value = $("filter-value").value.trim();
      if (value) setQuery(`${state.q} ${name.value}${$("filter-operator").value}${value}`.trim());
    };
    if (!about.runs.length) $("measured").hidden = true;
    $("measured").onclick = () => setQuery(`${state.q} natural_r2>-1000`.trim());
    $("clear").onclick = () => setQuery("");
    $("columns").append(...about.columns.map(c => el("label", {},
      el("input", { type: "checkbox", name: c.name, checked: state.shown.includes(c.name), disabled: c.name === "unit",
                    onchange: choose }), " ", el("span", { title: c.help }, c.title))));
  }

  const COUNTS = { layer: "layer", n: "neurons", n_dead: "dead" };

  function layers() {
    const { columns: names, rows } = about.by_layer;
    $("layer-head").append(el("tr", {}, names.map(name => el("th", { scope: "col", class: "n" }, COUNTS[name] ?? byName[name]?.title ?? name))));
    $("layer-rows").append(...rows.map(row => el("tr", {}, row.map((v, k) => k === 0
      ? el("th", { scope: "row", class: "n" }, el("button", { type: "button", onclick: () => { setQuery(`L${v}`); scrollTo(0, 0); } }, v))
      : el("td", { class: "n" }, byName[names[k]]?.percent ? percent(v ?? NaN) : number(v))))));
  }

  function choose() {
    const on = new Set([...$("columns").querySelectorAll("input:checked")].map(i => i.name));
    state.shown = about.columns.map(c => c.name).filter(name => on.has(name));
    write();
    draw();
  }

  function setQuery(q) {
    state.q = $("query").value = q;
    state.page = 0;
    update();
  }

  let later;
  $("query").oninput = () => {
    clearTimeout(later);
    later = setTimeout(() => setQuery($("query").value), 120);
  };
  $("before").onclick = () => turn(state.page - 1);
  $("after").onclick = () => turn(state.page + 1);
  $("page").onchange = () => turn(Math.max(0, Math.min(Number($("page").max), Number($("page").value) || 1) - 1));
  window.addEventListener("hashchange", () => { read(); $("query").value = state.q; update(); });

  read();
  filters();
  layers();
  $("query").value = state.q;
  update();
  delete document.body.dataset.busy;
})().catch(Atlas.show);
