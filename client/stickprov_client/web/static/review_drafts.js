// Saves what is typed as it is typed. Never moves the focus; says little while all is well, and what happened when not.
// What cannot be saved stays in the page and is tried again; it is never kept in the browser's own storage.

const form = document.querySelector("form#review[data-draft]");
const QUIET = 1500;
const PATIENCE = 15000;
const LONGEST = 20000;

class Drafts {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.told = form.querySelector("[data-told]");
    this.trouble = form.querySelector("[data-trouble]");
    this.changes = 0;
    this.saved = 0;
    this.wait = QUIET;
    this.timer = undefined;
    this.running = null;
    this.stuck = "";
    this.sending = false;
  }

  get isBehind() {
    return this.changes > this.saved;
  }

  changed() {
    this.changes += 1;
    this.told.textContent = this.texts.unsaved;
    if (!this.stuck) this.later(QUIET);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save(last = false) {
    if (this.running || this.sending || !this.isBehind || ["newer", "another"].includes(this.stuck)) return;
    const upTo = this.changes;
    if (!this.stuck) this.told.textContent = this.texts.saving;
    this.running = new AbortController();
    const body = new URLSearchParams(new FormData(this.form));
    body.delete("action");
    try {
      const signal = last ? undefined : AbortSignal.any([this.running.signal, AbortSignal.timeout(PATIENCE)]);
      await this.heard(upTo, await fetch(this.texts.draft, { method: "POST", body, keepalive: last, signal }));
    } catch {
      if (!this.sending) this.away();
    } finally {
      this.running = null;
    }
    if (this.isBehind && !this.stuck) this.later(QUIET);
  }

  async heard(upTo, response) {
    if (response.ok) {
      const answer = await response.json();
      this.saved = upTo;
      this.set("draft-version", answer.version);
      this.well(this.texts.saved.replace("{time}", answer.saved));
    } else if (response.status === 412) this.newer();
    else if ([401, 403].includes(response.status)) await this.ask();
    else if (response.status >= 500) this.away();
    else this.tell("refused", this.texts.refused.replace("{why}", (await response.json()).title ?? response.status));
  }

  well(text) {
    this.stuck = "";
    this.wait = QUIET;
    this.trouble.replaceChildren();
    this.told.textContent = this.isBehind ? this.texts.unsaved : text;
  }

  away() {
    this.tell("away", this.texts.away);
    this.wait = Math.min(LONGEST, this.wait * 2);
    this.later(this.wait);
  }

  newer() {
    const other = Object.assign(document.createElement("a"), { href: location.pathname, target: "_blank" });
    other.textContent = this.texts.seeOther;
    const keep = Object.assign(document.createElement("button"), { type: "button", className: "plain" });
    keep.textContent = this.texts.keepThis;
    keep.addEventListener("click", () => this.replace());
    this.tell("newer", this.texts.newer, other, keep);
  }

  async replace() {
    const state = await this.state();
    if (!state) return;
    this.set("draft-version", state.version);
    this.stuck = "";
    await this.save();
  }

  // Who is signed in may have changed in another tab, and with it what the form must carry.
  async ask() {
    const state = await this.state();
    if (state) {
      this.stuck = "";
      this.later(0);
    } else if (["signed-out", "another"].includes(this.stuck)) this.later(PATIENCE);
    return Boolean(state);
  }

  async state() {
    let response;
    try {
      response = await fetch(this.texts.draft, { signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      this.away();
      return null;
    }
    const state = response.status < 500 ? await response.json() : {};
    if (response.status === 401) this.signedOut();
    else if (!response.ok) this.away();
    else if (state.account !== this.texts.account) {
      const named = this.texts.another.replace("{account}", state.account).replace("{mine}", this.texts.account);
      this.tell("another", named);
    } else {
      for (const token of document.querySelectorAll("input[name=form-token]")) token.value = state.form_token;
      return state;
    }
    return null;
  }

  signedOut() {
    const way = Object.assign(document.createElement("a"), { href: this.texts.signIn, target: "_blank" });
    way.textContent = this.texts.signInText;
    this.tell("signed-out", this.texts.signedOut, ...(this.texts.signIn ? [way] : []));
  }

  tell(stuck, text, ...ways) {
    this.told.textContent = this.texts.unsaved;
    if (this.stuck === stuck) return;
    this.stuck = stuck;
    const told = document.createElement("p");
    told.append(text, ...ways.flatMap((way) => [" ", way]));
    this.trouble.replaceChildren(told);
  }

  set(name, value) {
    let field = this.form.elements.namedItem(name);
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      this.form.append(field);
    }
    field.value = String(value);
  }

  // Something is wrong already: look first, so that pressing the button does not lead away from what was typed.
  async send(button) {
    if (await this.state()) {
      this.stuck = "";
      this.form.requestSubmit(button);
    } else this.trouble.querySelector("p")?.scrollIntoView({ block: "nearest" });
  }

  submitted(event) {
    if (this.sending) event.preventDefault();
    else if (["away", "signed-out", "another"].includes(this.stuck)) {
      event.preventDefault();
      void this.send(event.submitter);
    } else {
      this.sending = true;
      clearTimeout(this.timer);
      this.running?.abort();
    }
  }

  leaving(event) {
    if (this.isBehind && this.stuck && !this.sending) event.preventDefault();
  }

  begin() {
    this.form.addEventListener("input", () => this.changed());
    this.form.addEventListener("focusout", () => this.stuck || this.save());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    addEventListener("pagehide", () => this.save(true));
    addEventListener("pageshow", () => (this.sending = false));
    addEventListener("beforeunload", (event) => this.leaving(event));
    addEventListener("focus", () => ["signed-out", "another"].includes(this.stuck) && this.ask());
    addEventListener("online", () => this.stuck === "away" && this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save(true));
  }
}

if (form) new Drafts(form).begin();
