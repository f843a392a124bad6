// Programs that runs.browser evaluates in a page: name → function. They return what is wrong, as texts.
(() => {
  const name = e => {
    const at = e.id ? "#" + e.id : e.classList.length ? "." + e.classList[0] : "";
    return e.tagName.toLowerCase() + at;
  };

  // Any colour of CSS as [red, green, blue, alpha]: the browser itself paints it.
  const pen = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = colour => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3]));
  const linear = v => v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const luminance = c => .2126 * linear(c[0]) + .7152 * linear(c[1]) + .0722 * linear(c[2]);
  const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);

  const canvas = () => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.background = "Canvas";
    const colour = rgba(getComputedStyle(probe).backgroundColor);
    probe.remove();
    return colour;
  };
  const ground = (e, last) => {
    if (!e) return last;
    const own = rgba(getComputedStyle(e).backgroundColor);
    return own[3] == 1 ? own : over(own, ground(e.parentElement, last));
  };
  const opacity = e => e ? getComputedStyle(e).opacity * opacity(e.parentElement) : 1;
  const seen = e => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true}) && box.width > 1 && box.height > 1;
  };

  const contrast = least => {
    const faults = new Set(), last = canvas();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const e = texts.currentNode.parentElement, said = texts.currentNode.data.trim();
      if (!said || !seen(e) || e.closest("script, style, noscript, [disabled]")) continue;
      const style = getComputedStyle(e), below = ground(e, last);
      const ink = rgba(e.ownerSVGElement ? style.fill : style.color);
      ink[3] *= opacity(e);
      const found = ratio(luminance(over(ink, below)), luminance(below));
      if (found < least) faults.add(`${found.toFixed(1)} in ${name(e)}: ${said.slice(0, 40)}`);
    }
    return [...faults];
  };

  const wide = () => {
    const room = document.documentElement.clientWidth, needed = document.scrollingElement.scrollWidth;
    if (needed <= room) return [];
    const held = e => e && (getComputedStyle(e).overflowX != "visible" || held(e.parentElement));
    const [, widest] = [...document.body.querySelectorAll("*")].filter(e => !held(e.parentElement))
      .map(e => [Math.ceil(e.getBoundingClientRect().right), name(e)]).sort((a, b) => b[0] - a[0])[0];
    return [`${needed} pixels in a window of ${room}, by ${widest}`];
  };

  const images = async () => {
    const faults = [];
    for (const e of document.images) {
      e.loading = "eager";
      await e.decode().catch(() => {});
      const shown = e.alt || e.src.slice(0, 60);
      if (!e.naturalWidth) faults.push(`not loaded: ${shown}`);
      if (!e.hasAttribute("alt")) faults.push(`without alt text: ${shown}`);
    }
    return faults;
  };

  const lands = async () => {
    const faults = [], settled = () => new Promise(done => setTimeout(done, 30));
    const links = [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute("href"));
    for (const href of new Set(links)) {
      location.hash = href;
      await settled();
      const id = decodeURIComponent(href.slice(1));
      const there = document.querySelectorAll(`[id="${CSS.escape(id)}"]`);
      if (!id || id == "top") continue;
      if (there.length != 1) { faults.push(`${there.length} targets of ${href}`); continue; }
      const box = there[0].getBoundingClientRect();
      if (!box.height || box.top > innerHeight || box.bottom < 0) faults.push(`${href} is not seen`);
    }
    history.replaceState(null, "", location.pathname);
    return faults;
  };

  // Every link as it is written, and where it leads.
  const files = () => [...document.querySelectorAll("a[href]")].map(a => [a.getAttribute("href"), a.href]);
  const open = () => { for (const e of document.querySelectorAll("details")) e.open = true; };
  // Milliseconds to the first content on the screen; NaN for a page that stays empty.
  const first = () => new Promise(done => {
    const look = list => list.getEntriesByName("first-contentful-paint").map(e => done(e.startTime));
    new PerformanceObserver(look).observe({type: "paint", buffered: true});
    setTimeout(done, 10000, NaN);
  });
  return {contrast, wide, images, lands, files, open, first};
})()
