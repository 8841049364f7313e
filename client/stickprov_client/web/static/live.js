// Keeps a page's figures fresh: hears of changes, reads the page again and takes over what is another now.
// Never moves the focus or the scroll; says little, and that politely. Without it, a link reads the page again.

const told = document.querySelector("[data-live]");
const QUIET = 2500;
const SILENT = 60000;

class Live {
  constructor(told) {
    this.told = told;
    this.texts = told.dataset;
    this.state = told.querySelector("[data-state]");
    this.status = told.querySelector("[role=status]");
    this.again = told.querySelector("a");
    this.wanted = told.dataset.positions;
    this.running = false;
    this.spoken = 0;
    this.timer = undefined;
    this.source = undefined;
  }

  begin() {
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("pagehide", () => this.listen(false));
    addEventListener("pageshow", (event) => event.persisted && this.look());
    this.look();
  }

  // A browser holds few connections to one place: pages that nobody looks at hold none.
  look() {
    this.listen(!document.hidden);
    if (!document.hidden) this.later(0);
  }

  listen(wanted) {
    if (wanted === Boolean(this.source)) return;
    if (!wanted) {
      this.source.close();
      this.source = undefined;
      return;
    }
    const source = new EventSource(this.texts.live);
    source.addEventListener("message", (event) => this.heard(event.data));
    source.addEventListener("open", () => this.well());
    source.addEventListener("error", () => this.trouble(source.readyState === EventSource.CLOSED));
    this.source = source;
  }

  heard(positions) {
    this.wanted = positions;
    this.later(QUIET);
  }

  later(wait) {
    if (this.timer || document.hidden || this.wanted === this.texts.positions) return;
    this.timer = setTimeout(() => this.read(), wait);
  }

  async read() {
    this.timer = undefined;
    if (this.running) return this.later(QUIET);
    this.running = true;
    const wanted = this.wanted;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(20000) });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      this.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
      // What was heard of may be newer than what could be read: asked once for each thing heard, never in a circle.
      this.texts.positions = wanted;
      this.well();
    } catch {
      this.trouble(false);
    }
    this.running = false;
    this.later(QUIET);
  }

  take(fresh) {
    let changed = false;
    for (const lit of document.querySelectorAll(".glow")) unlight(lit);
    for (const now of document.querySelectorAll("[data-fresh]")) {
      const then = fresh.getElementById(now.id);
      if (then && !now.isEqualNode(then)) {
        become(now, then);
        changed = true;
      }
    }
    const clock = fresh.querySelector("[data-live]")?.dataset.clock;
    if (!changed || !clock) return;
    this.texts.clock = clock;
    if (Date.now() - this.spoken < SILENT) return;
    this.spoken = Date.now();
    this.status.textContent = this.texts.updated.replace("{time}", clock);
  }

  well() {
    this.state.textContent = `${this.texts.following} ${this.texts.clock}`;
    this.again.hidden = true;
    this.told.classList.add("following");
  }

  trouble(forGood) {
    this.state.textContent = forGood ? this.texts.stopped : this.texts.waiting;
    this.again.hidden = false;
    this.told.classList.remove("following");
  }
}

// Makes one element like another, keeping those that stay: with them focus, scroll and what is folded out.
function become(now, then) {
  if (now.nodeType !== then.nodeType || now.nodeName !== then.nodeName || now.id !== then.id) {
    now.replaceWith(document.importNode(then, true));
    return;
  }
  if (now.nodeType === Node.TEXT_NODE) {
    if (now.data === then.data) return;
    now.data = then.data;
    glow(now.parentElement);
    return;
  }
  if (now.nodeType !== Node.ELEMENT_NODE) return;
  for (const { name } of [...now.attributes]) {
    if (!then.hasAttribute(name) && name !== "open") now.removeAttribute(name);
  }
  for (const { name, value } of then.attributes) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  const before = [...now.childNodes];
  const after = [...then.childNodes];
  for (const [place, child] of after.entries()) {
    if (before[place]) become(before[place], child);
    else now.append(document.importNode(child, true));
  }
  for (const child of before.slice(after.length)) child.remove();
}

function unlight(element) {
  element.classList.remove("glow");
  if (!element.className) element.removeAttribute("class");
}

function glow(element) {
  if (!element || element.closest("svg")) return;
  unlight(element);
  // Reading a size makes the browser see that the class was gone, so that the glow begins anew.
  void element.offsetWidth;
  element.classList.add("glow");
}

if (told && "EventSource" in window) new Live(told).begin();
