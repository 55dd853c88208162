// Moves a page on to the reader's day, if it was made before that. All words and days are the page's own; without this
// script its words stay true, for they name their days. base.html says what the attributes mean.
(() => {
  const root = document.documentElement;
  const { timezone, since, change } = root.dataset;

  // Swedish writes a day as 2026-12-20. In a zone that the browser does not know, there is no day.
  function today() {
    try {
      return new Intl.DateTimeFormat("sv", { timeZone: timezone }).format(Date.now());
    } catch {
      return "";
    }
  }

  const number = (day) => Date.parse(day) / 86400000;

  function mark(page, day) {
    for (const moved of page.querySelectorAll("[data-moves]")) {
      for (const [from, standing] of Object.entries(JSON.parse(moved.dataset.moves))) {
        if (from <= day) moved.dataset.standing = standing;
      }
    }
    for (const ahead of page.querySelectorAll("[data-days]")) {
      const days = number(ahead.dataset.days) - number(day);
      const said = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }).format(days, "day");
      ahead.textContent = days > 0 ? ahead.dataset.words.replace("{days}", said) : "";
    }
    for (const line of page.querySelectorAll("[data-today]")) {
      const { first, last } = line.closest("[data-first]").dataset;
      const across = (100 * (number(day) - number(first))) / (number(last) - number(first));
      line.setAttribute("x1", `${across}%`);
      line.setAttribute("x2", `${across}%`);
      line.setAttribute("visibility", across > 100 ? "hidden" : "visible");
    }
  }

  function move(page, day) {
    for (const later of page.querySelectorAll("template[data-from]")) {
      if (later.dataset.from > day) continue;
      while (later.previousSibling) later.previousSibling.remove();
      later.replaceWith(later.content);
    }
    for (const gone of page.querySelectorAll("[data-until]")) if (gone.dataset.until <= day) gone.remove();
    mark(page, day);
  }

  // Puts the text of another page in the place of this one's: all of main but its header, and the foot.
  async function show(text, day) {
    const answer = await fetch(text.dataset.text, { signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const later of page.querySelectorAll("main > template")) later.replaceWith(later.content);
    move(page, day);
    for (const element of page.querySelectorAll("[href], [src]")) {
      for (const name of ["href", "src"]) {
        const target = element.getAttribute(name);
        if (target && !target.startsWith("#")) element.setAttribute(name, new URL(target, answer.url).href);
      }
    }
    const [here, there] = [document, page].map((one) => one.querySelector("main"));
    here.replaceChildren(here.firstElementChild, ...[...there.children].slice(1));
    Object.assign(here.dataset, there.dataset);
    document.querySelector("body > footer").replaceWith(page.querySelector("body > footer"));
    root.dataset.sheet = page.documentElement.dataset.sheet ?? "";
    document.title = text.dataset.title;
  }

  async function keep(day) {
    const texts = [...document.querySelectorAll("template[data-text]")].filter((one) => one.dataset.day <= day);
    if (!texts.length) return move(document, day);
    const text = texts.at(-1);
    const [shown, failed] = text.content.children;
    let told = shown;
    try {
      await show(text, day);
      move(document, day);
      for (const one of texts) one.remove();
    } catch {
      told = failed;
      mark(document, day);
    }
    // A change is told by a screen reader only where it knew the place before.
    setTimeout(() => document.querySelector("[data-told]").replaceChildren(told.cloneNode(true)), 100);
  }

  // A clock before that day is wrong.
  let day = today();
  if (!(day >= since)) return;

  // Nothing that is past is shown, not even while the page is read in.
  const late = change <= day;
  root.hidden = late;
  document.addEventListener("DOMContentLoaded", async () => {
    try {
      await keep(day);
    } finally {
      root.hidden = false;
      if (late && location.hash) location.replace(location.hash);
    }
  });

  // A tab may stay open for days.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || today() <= day) return;
    day = today();
    keep(day);
  });
})();
