// Tells how far a long piece of work is while it runs. Without it, the browser waits for what comes of it by itself.

const here = () => location.pathname + location.search;
let shownAt = here();

const form = document.querySelector("form[data-long-work]");
const shown = document.querySelector("[data-progress]");

class LongWork {
  constructor(form, shown) {
    this.form = form;
    this.shown = shown;
    this.bar = shown.querySelector("progress");
    this.told = shown.querySelector("[data-told]");
    this.button = form.querySelector("[type=submit]");
    this.spoken = -Infinity;
  }

  async run() {
    const address = `${this.form.action}?${new URLSearchParams(new FormData(this.form))}`;
    this.button.disabled = true;
    this.shown.hidden = false;
    this.told.textContent = this.form.dataset.begun;
    try {
      const answer = await fetch(address, { headers: { Accept: "application/x-ndjson" } });
      if (!answer.headers.get("Content-Type")?.startsWith("application/x-ndjson")) throw new Error("another answer");
      for await (const line of linesOf(answer.body)) {
        if (line.failed) throw new Error("failed");
        if (line.page) return this.show(line.page, address);
        if (line.file) return this.fetchFile(line);
        this.tell(line);
      }
      throw new Error("broke off");
    } catch {
      // The plain way says what is wrong, or has the result that was made meanwhile.
      location.assign(address);
    }
  }

  // The bar moves with every stage; words are spoken at most every other second.
  tell({ text, share }) {
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
    if (performance.now() - this.spoken < 2000) return;
    this.spoken = performance.now();
    this.told.textContent = text;
  }

  fetchFile({ file, text }) {
    this.bar.value = 1;
    this.told.textContent = text;
    this.button.disabled = false;
    location.assign(file);
  }

  show(html, address) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    history.pushState({}, "", address);
    shownAt = here();
    document.title = fresh.title;
    document.querySelector("main").replaceChildren(...fresh.querySelector("main").childNodes);
    document.querySelector("header.site .language")?.replaceWith(fresh.querySelector("header.site .language"));
    document.querySelector("main").focus();
    scrollTo(0, 0);
  }
}

async function* linesOf(body) {
  let rest = "";
  for (const reader = body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  new LongWork(form, shown).run();
});
// Back from the result, or forward to it: what the address names is not what is shown, so it is asked for anew.
addEventListener("popstate", () => here() !== shownAt && location.reload());
// A page that the browser kept has a button that was pressed.
addEventListener("pageshow", (event) => event.persisted && location.reload());
