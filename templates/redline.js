// What readers do with a redline: go from change to change, by button or key. All words that are said stand on the page.
"use strict";

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** The way from change to change. */
class Steps {
  constructor(bar, article) {
    this.bar = bar;
    this.article = article;
    this.said = bar.querySelector("[aria-live]");
    const buttons = [...bar.querySelectorAll("[aria-keyshortcuts]")];
    this.keys = new Map(buttons.map((button) => [button.getAttribute("aria-keyshortcuts"), button]));
    for (const button of buttons) button.addEventListener("click", () => this.go(Number(button.dataset.step)));
    addEventListener("keydown", (event) => this.typed(event));
    new ResizeObserver(() => this.leaveRoom()).observe(bar);
    new MutationObserver(() => this.offer()).observe(article, {childList: true});
    this.offer();
  }

  /** The changes of the list above the redline, each with what it leads to; a heading stands for the place within it. */
  changes() {
    this.article.dispatchEvent(new Event("whole")); // what is not on the page yet
    return [...document.querySelectorAll(".changes a")].flatMap((link) => {
      const found = document.getElementById(link.hash.slice(1));
      return found ? [{link, place: found.matches("span:empty") ? found.parentElement : found}] : [];
    });
  }

  /** Go so many changes on: from the one that has the focus, if it is in sight, else from where the reader is. */
  go(by) {
    const found = this.changes(), line = this.bar.getBoundingClientRect().bottom;
    const box = ({place}) => place.getBoundingClientRect();
    const focused = (one) => one.place.contains(document.activeElement) && box(one).bottom > line && box(one).top < innerHeight;
    const here = found.findIndex(focused);
    const near = () => by > 0 ? found.findIndex((one) => box(one).top > line) : found.findLastIndex((one) => box(one).top < line);
    const next = here < 0 ? near() : here + by, one = found[next];
    if (one) this.reach(one.place);
    this.say(one ? this.bar.dataset.said : this.bar.dataset.none, next + 1, found.length, one?.link);
  }

  reach(place) {
    place.tabIndex = -1;
    place.focus({preventScroll: true});
    place.scrollIntoView({block: place.getBoundingClientRect().height < innerHeight / 2 ? "center" : "start"});
  }

  /** Say which change it is, of what kind, and in which section. */
  say(words, number, count, link) {
    const section = link?.closest("ul").parentElement.querySelector("b").textContent;
    const told = {number, count, section, what: link?.textContent};
    this.said.textContent = words.replace(/\{(\w+)\}/g, (_, name) => told[name]);
  }

  typed(event) {
    const button = this.keys.get(event.key);
    const other = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.target.closest?.(FIELDS);
    if (!button || other || this.bar.hidden || !this.bar.querySelector("input").checked) return;
    event.preventDefault();
    button.click();
  }

  /** Nothing that the reader goes to shall lie under what stays in sight. */
  leaveRoom() {
    const height = getComputedStyle(this.bar).position === "sticky" ? this.bar.offsetHeight : 0;
    document.documentElement.style.scrollPaddingBlockStart = `calc(${height}px + 1.5rem)`;
  }

  /** The way is shown where there is something to go to. */
  offer() {
    this.bar.hidden = !document.querySelector(".changes a");
  }
}

{
  const bar = document.getElementById("_steps"), article = document.querySelector("article.redline");
  if (bar && article) new Steps(bar, article);
}
