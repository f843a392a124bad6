// A page without this script shows the same; words are then links to their definitions.
const root = document.documentElement, at = id => document.getElementById(id);

// Light or dark: as the system says, until the reader chooses.
const theme = at("theme"), system = matchMedia("(prefers-color-scheme: dark)");
const dark = () => root.dataset.theme ? root.dataset.theme == "dark" : system.matches;
const name = () => { theme.textContent = dark() ? "Light" : "Dark"; };
theme.hidden = false;
theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; name(); });
system.addEventListener("change", name);
name();

// The definition of a word, under the pointer and under the focus of the keyboard.
const tip = at("tip");
let shown = null;
const hide = () => {
  tip.hidden = true;
  shown?.removeAttribute("aria-describedby");
  shown = null;
};
const show = word => {
  hide();
  const entry = document.querySelector(word.getAttribute("href") + " dd");
  if (!entry) return;
  shown = word;
  tip.textContent = entry.textContent;
  tip.hidden = false;
  word.setAttribute("aria-describedby", "tip");
  const box = word.getBoundingClientRect(), room = root.clientWidth - tip.offsetWidth - 16;
  const below = box.bottom + tip.offsetHeight + 8 < innerHeight;
  tip.style.left = Math.max(16, Math.min(box.left, room)) + scrollX + "px";
  tip.style.top = (below ? box.bottom + 6 : box.top - tip.offsetHeight - 6) + scrollY + "px";
};
for (const word of document.querySelectorAll("a.word")) {
  word.addEventListener("mouseenter", () => show(word));
  word.addEventListener("focus", () => show(word));
  word.addEventListener("blur", hide);
}
const kept = e => e.target == tip || e.target == shown;
document.addEventListener("mouseover", e => { if (shown && !kept(e) && shown != document.activeElement) hide(); });
document.addEventListener("keydown", e => { if (e.key == "Escape") hide(); });

// A command is copied, or at least selected.
for (const button of document.querySelectorAll("button.copies")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("pre");
    getSelection().selectAllChildren(text);
    const done = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
    button.textContent = done || document.execCommand("copy") ? "Copied" : "Selected";
  });
}

// The section that is read is marked in the contents.
const links = new Map([...document.querySelectorAll(".side a")].map(a => [a.getAttribute("href").slice(1), a]));
const seen = new IntersectionObserver(found => {
  for (const { target, isIntersecting } of found) {
    if (!isIntersecting) continue;
    for (const a of links.values()) a.classList.remove("here");
    links.get(target.id).classList.add("here");
  }
}, { rootMargin: "0px 0px -75% 0px" });
for (const id of links.keys()) seen.observe(at(id));
