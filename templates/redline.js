// What readers do with a redline: go from change to change, read both texts side by side, copy what changed. All words
// that are said stand on the page.
"use strict";

const COME = "li:has(> :is(.added, .moved:has(> ins)):first-child)"; // items that stand in the new text alone
const INDENT = 1.7; // of a list in style.css, in em
const NOTED = "en";
const EXPLAINING = ":is(.note, .fold):not([lang], :has(a))"; // what leads elsewhere may name a heading of the text
const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** The way from change to change. */
class Steps {
  constructor(bar, article) {
    this.bar = bar;
    this.article = article;
    this.said = bar.querySelector("[aria-live]");
    this.switch = bar.querySelector("[data-keys]");
    const buttons = [...bar.querySelectorAll("[aria-keyshortcuts]")];
    this.keys = new Map(buttons.map((button) => [button.getAttribute("aria-keyshortcuts"), button]));
    for (const button of buttons) button.addEventListener("click", () => this.go(Number(button.dataset.step)));
    addEventListener("keydown", (event) => this.typed(event));
    for (const way of ["wheel", "touchmove", "pointerdown", "keydown", "hashchange"])
      addEventListener(way, (event) => (this.left ||= !this.isOnTheWay(event)), {passive: true});
    new ResizeObserver(() => this.leaveRoom()).observe(bar);
    new MutationObserver(() => this.offer()).observe(article, {childList: true});
    article.addEventListener("anew", () => (this.said.textContent = "")); // it is another redline
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

  /** Whether what the reader does leads to the buttons, or is done with them; anything else may lead away from the change. */
  isOnTheWay({type, key, target}) {
    const within = target !== window && this.bar.contains(target);
    if (type === "keydown") return key === "Tab" || key === "Shift" || this.keys.has(key) || (within && [" ", "Enter"].includes(key));
    return type === "pointerdown" && within;
  }

  /**
   * Go so many changes on: from the one that has the focus, or that was reached by a button, which took the focus from it,
   * if the reader stayed or it is in sight; else from where the reader is. What scrolls as the focus goes to the buttons does
   * not count.
   */
  go(by) {
    const found = this.changes(), line = this.bar.getBoundingClientRect().bottom, focus = document.activeElement;
    const box = ({place}) => place.getBoundingClientRect();
    const seen = (one) => !this.left || !this.stays() || (box(one).bottom > line && box(one).top < innerHeight);
    const pressed = this.bar.contains(focus) || [document.body, this.article].includes(focus); // not every browser gives the focus to a button
    const holds = ({place}) => (pressed ? place === this.reached : place.contains(focus));
    const here = found.findIndex((one) => holds(one) && seen(one));
    const after = () => found.findIndex((one) => box(one).top > line);
    const near = () => (by > 0 ? after() : found.findLastIndex((one) => box(one).top < line));
    const next = here < 0 ? near() : here + by, one = found[next];
    this.say(one ? this.bar.dataset.said : this.bar.dataset.none, next + 1, found.length, one?.link);
    this.leaveRoom(); // what is said may need a line of its own
    if (one) this.reach(one.place);
  }

  reach(place) {
    const marks = [place, ...place.querySelectorAll("*")].filter((one) => one.matches("ins, del, [data-change]"));
    this.reached = place;
    this.left = false;
    place.tabIndex = -1;
    place.focus({preventScroll: true});
    place.scrollIntoView({block: place.getBoundingClientRect().height < innerHeight / 2 ? "center" : "start"});
    const mark = marks.find((one) => one.checkVisibility());
    for (const one of [mark?.closest("td, th"), mark]) one?.scrollIntoView({block: "nearest", inline: "nearest"}); // in a wide table, too
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
    if (!button || other || this.bar.hidden || !this.switch.checked) return;
    event.preventDefault();
    button.click();
  }

  /** Whether the buttons stay in sight. */
  stays() {
    return getComputedStyle(this.bar).position === "sticky";
  }

  /** Nothing that the reader goes to shall lie under what stays in sight. */
  leaveRoom() {
    const height = this.stays() ? this.bar.offsetHeight : 0;
    document.documentElement.style.scrollPaddingBlockStart = `calc(${height}px + 1.5rem)`;
  }

  /** The way is shown where there is something to go to. */
  offer() {
    this.bar.hidden = !document.querySelector(".changes");
  }
}

/** Both texts side by side: the new one is the redline itself, without what is deleted; the old one is made of it when asked for. */
class Beside {
  constructor(box, article) {
    this.article = article;
    this.old = new Map();
    this.even = new Set(); // blocks within which both sides are level
    this.lent = [];
    box.addEventListener("change", () => (box.checked ? this.show() : this.hide()));
    new MutationObserver(() => box.checked && this.show()).observe(article, {childList: true});
    new ResizeObserver(() => this.level()).observe(article);
    addEventListener("scroll", () => this.level(), {passive: true});
    const restored = () => box.checked && this.show(); // by the browser, for a reader who comes back
    addEventListener("pageshow", restored);
    restored();
  }

  show() {
    if (!document.querySelector(".changes")) return this.hide();
    this.article.classList.add("beside");
    for (const block of [...this.article.children])
      if (!block.matches(".old, .fold") && !this.old.has(block)) block.before(this.before(block));
    for (const block of this.old.keys()) if (!block.isConnected) this.old.delete(block);
    this.lent = this.lent.filter(([element]) => element.isConnected);
    return this.level(true);
  }

  hide() {
    this.article.classList.remove("beside");
    for (const [element, id] of this.lent.splice(0)) element.id = id;
    for (const block of this.old.values()) block.remove();
    for (const one of this.article.querySelectorAll(".changed[style]")) one.removeAttribute("style");
    this.old.clear();
    this.even.clear();
  }

  static pairs(first, second) {
    return [...first].map((one, k) => [one, second[k]]);
  }

  /** A block as the old text has it. What stands there alone takes its address along; what has not changed is heard once. */
  before(block) {
    const old = block.cloneNode(true), changed = block.matches(".changed") || block.querySelector("ins, del, [data-change]");
    const both = [[block, old], ...Beside.pairs(block.querySelectorAll("*"), old.querySelectorAll("*"))];
    for (const [now, was] of both) {
      if (now.id && now.matches("del, del *, .removed, .removed *")) {
        this.lent.push([now, now.id]);
        now.removeAttribute("id");
      } else was.removeAttribute("id");
      if (!changed || was.matches('a[data-change="link"]')) was.removeAttribute("href"); // where it led, stands behind it
      was.removeAttribute("tabindex");
      if (was.matches('img[data-change="image"]'))
        was.replaceWith(Object.assign(document.createElement("span"), {className: "gone", textContent: was.dataset.was}));
    }
    const shown = both.map(([, was]) => Beside.leveled(was))[0];
    for (const list of [shown, ...shown.querySelectorAll("ol")]) if (list.matches("ol")) this.count(list);
    shown.classList.add("old");
    shown.ariaHidden = changed ? null : "true";
    this.old.set(block, shown);
    return shown;
  }

  /** An element on the level on which it stood: a heading of another one, a list of the other kind, an item further out or in. */
  static leveled(one) {
    if (!one.matches("[data-change=level]")) return one;
    if (one.dataset.depth) {
      const item = one.parentElement?.matches("li") && one.matches(":first-child") ? one.parentElement : one;
      let depth = 0;
      for (let at = one.closest("li"); at; at = at.parentElement?.closest("li")) depth++;
      const shift = INDENT * (one.dataset.depth - depth);
      item.style.marginInlineStart = `${shift}em`;
      if (item !== one) for (const list of item.children) if (list.matches("ul, ol")) list.style.marginInlineStart = `${-shift}em`;
    }
    const tag = one.matches("ul") ? "ol" : one.matches("ol") ? "ul" : one.dataset.old;
    if (!tag) return one;
    const made = document.createElement(tag);
    made.append(...one.childNodes);
    for (const {name, value} of one.attributes) made.setAttribute(name, value);
    one.replaceWith(made);
    return made;
  }

  /** The items of a list as the old text counts them. */
  count(list) {
    let number = Number(list.dataset.was ?? list.start);
    for (const item of list.children) {
      item.classList.remove("uncounted");
      if (!item.matches(COME)) item.value = number++;
    }
  }

  /**
   * Within a block that the reader sees, or soon will, what changed is as high on both sides: to measure all of a long text would
   * take seconds.
   */
  level(anew) {
    if (!this.old.size) return;
    const width = this.article.clientWidth;
    if (anew || width !== this.width) this.even.clear();
    this.width = width;
    const near = [...this.old].filter(([block]) => {
      if (this.even.has(block) || !block.querySelector(".changed")) return false;
      const {top, bottom} = block.getBoundingClientRect();
      return bottom > -innerHeight && top < 2 * innerHeight;
    });
    for (const [block] of near) this.even.add(block);
    const pairs = near.flatMap((both) => Beside.pairs(...both.map((block) => block.querySelectorAll(".changed"))));
    for (const one of pairs.flat()) one.style.removeProperty("--height");
    const heights = pairs.map((both) => Math.max(...both.map((one) => one.offsetHeight)));
    pairs.forEach((both, k) => both.forEach((one) => one.style.setProperty("--height", `${heights[k]}px`)));
  }
}

/** What is copied says by signs what was deleted and inserted: [-30-] {+60+}. One side alone is copied as it reads. */
class Copies {
  constructor(article) {
    this.article = article;
    document.addEventListener("copy", (event) => this.copy(event));
  }

  copy(event) {
    const selection = getSelection(), range = selection.rangeCount && selection.getRangeAt(0);
    if (!range || range.collapsed || !range.intersectsNode(this.article)) return;
    const around = range.commonAncestorContainer;
    const within = around.nodeType === Node.ELEMENT_NODE ? around : around.parentElement;
    if (within.closest(".beside > *")) return;
    if (!this.article.contains(range.endContainer)) this.article.dispatchEvent(new Event("whole"));
    const bare = document.createElement("div"), part = this.part(range, within);
    bare.append(this.article.contains(within) ? part.cloneNode(true) : range.cloneContents());
    for (const one of bare.querySelectorAll(UNSEEN)) one.remove();
    for (const one of bare.querySelectorAll("a[href]")) one.setAttribute("href", one.href);
    for (const one of bare.querySelectorAll("img")) one.setAttribute("src", one.src);
    const [before, after] = this.around(selection, range);
    event.clipboardData.setData("text/html", bare.innerHTML);
    event.clipboardData.setData("text/plain", [before, plain(part), after].filter(Boolean).join("\n\n"));
    event.preventDefault();
  }

  /** What is chosen of the redline; within a mark, with that mark. */
  part(range, within) {
    const chosen = range.cloneRange(), mark = within.closest("article :is(ins, del)");
    if (!this.article.contains(chosen.startContainer)) chosen.setStart(this.article, 0);
    if (!this.article.contains(chosen.endContainer)) chosen.setEnd(this.article, this.article.childNodes.length);
    const out = document.createElement("div"), holder = mark ? out.appendChild(mark.cloneNode(false)) : out;
    holder.append(chosen.cloneContents());
    return out;
  }

  /** What is chosen before and behind the redline, as the browser would copy it. */
  around(selection, range) {
    const {anchorNode, anchorOffset, focusNode, focusOffset} = selection;
    const before = range.cloneRange(), after = range.cloneRange();
    before.setEndBefore(this.article);
    after.setStartAfter(this.article);
    const told = [before, after].map((one) => {
      selection.removeAllRanges();
      selection.addRange(one);
      return selection.toString().trim();
    });
    selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
    return told;
  }
}

/** The words that explain marks are English, whatever the language of the text: who has it read aloud hears them so. */
class Tongue {
  constructor(article) {
    if (!article.lang || article.lang.split("-")[0] === NOTED) return;
    const tell = () => article.querySelectorAll(EXPLAINING).forEach((one) => (one.lang = NOTED));
    new MutationObserver(tell).observe(article, {childList: true});
    tell();
  }
}

const [PART, LINE, CELL, SPACED, BROKEN] = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4"; // what becomes of them is seen where all is said
const UNSEEN = "[hidden], template, script, style, .steps, input, .old, .note:not(:has(a)), details:not([open]) > :not(summary)";

/** The text of an element of a redline, with signs around what was deleted and inserted, and a blank line between blocks. */
function plain(element) {
  const breaks = new RegExp(` ?[${PART}${LINE}][${PART}${LINE} ]*`, "g");
  return saidBy(element, false).replace(/[ \t\r\n]+/g, " ").replace(breaks, (found) => (found.includes(PART) ? "\n\n" : "\n"))
    .replace(new RegExp(` ?${CELL} ?`, "g"), "\t").replaceAll(SPACED, " ").replaceAll(BROKEN, "\n").trim();
}

function saidBy(node, pre) {
  if (node.nodeType === Node.TEXT_NODE) return pre ? node.data.replaceAll(" ", SPACED).replaceAll("\n", BROKEN) : node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.matches(".old, .fold")) return "";
  if (node.matches(".note")) return node.querySelector("a") ? `(${node.textContent.trim().replace(/:$/, "")}) ` : "";
  const inner = [...node.childNodes].map((child) => saidBy(child, pre || node.matches("pre"))).join("");
  if (node.matches("br")) return BROKEN;
  if (node.matches("hr")) return `${PART}* * *${PART}`;
  if (node.matches("td, th")) return (node.previousElementSibling ? CELL : "") + inner;
  if (node.matches("del, ins")) return signed(inner, ...(node.matches("del") ? ["[-", "-]"] : ["{+", "+}"]));
  const sign = node.matches("[data-change=split], [data-change=join]") ? " ¶ " : "";
  const words = sign + (node.matches("img") ? `[${node.alt}]` : inner) + targets(node);
  if (node.matches("li, tr, li :is(p, ul, ol), .changed:is(div)")) return LINE + words + LINE;
  return node.matches("p, h1, h2, h3, h4, h5, h6, pre, blockquote, ul, ol, table") ? PART + words + PART : words;
}

function signed(words, open, close) {
  const edge = `[${PART}${LINE}\\s]*`, parts = new RegExp(`^(${edge})(.*?)(${edge})$`, "s");
  const [, before, inner, after] = words.match(parts);
  return inner ? before + open + inner + close + after : words;
}

/** The old and the new target of a link or a picture. */
function targets(node) {
  if (!node.matches("[data-change=link], [data-change=image]")) return "";
  const now = node.getAttribute("href") ?? node.getAttribute("src");
  return ` (${[node.dataset.was && `[-${node.dataset.was}-]`, now && `{+${now}+}`].filter(Boolean).join(" ")})`;
}

{
  const bar = document.getElementById("_steps"), article = document.querySelector("article.redline");
  if (bar && article) {
    const sheet = Object.assign(document.createElement("link"), {rel: "stylesheet", href: bar.dataset.look});
    sheet.addEventListener("load", () => {
      new Steps(bar, article);
      new Beside(bar.querySelector("[data-beside]"), article);
      new Copies(article);
      new Tongue(article);
    });
    document.head.append(sheet);
  }
}
