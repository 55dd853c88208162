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
      const said = new Intl.RelativeTimeFormat(ahead.closest("[lang]").lang, { numeric: "auto" }).format(days, "day");
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

  // A page of the site as it is by now, whatever the browser keeps of it.
  async function read(address) {
    const answer = await fetch(address, { cache: "no-cache", signal: AbortSignal.timeout(8000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.querySelector("main")) throw new Error(answer.status);
    return { page, url: answer.url };
  }

  // Whether the site has been made anew since, and this page with it: then it says more than can be said here.
  async function outdated(day) {
    if (!(change <= day)) return false;
    try {
      const { page } = await read(location.href);
      const now = page.documentElement.dataset;
      return now.since !== since || now.change !== change;
    } catch {
      return false;
    }
  }

  // Puts the text of another page in the place of this one's: all of main but its header, and the foot. That page may have
  // been made later than this one, and know that its text is not in force.
  async function show(text, day) {
    const { page, url } = await read(text.dataset.text);
    for (const later of page.querySelectorAll("main > template")) later.replaceWith(later.content);
    move(page, day);
    for (const element of page.querySelectorAll("[href], [src]")) {
      for (const name of ["href", "src"]) {
        const target = element.getAttribute(name);
        if (target && !target.startsWith("#")) element.setAttribute(name, new URL(target, url).href);
      }
    }
    const [here, there] = [document, page].map((one) => one.querySelector("main"));
    if (there.dataset.standing !== "in force") return false;
    here.replaceChildren(here.firstElementChild, ...[...there.children].slice(1));
    for (const { name } of [...here.attributes]) here.removeAttribute(name);
    for (const { name, value } of there.attributes) here.setAttribute(name, value);
    document.querySelector("body > footer").replaceWith(page.querySelector("body > footer"));
    root.dataset.sheet = page.documentElement.dataset.sheet ?? "";
    document.title = text.dataset.title;
    return true;
  }

  async function keep(day) {
    const texts = [...document.querySelectorAll("template[data-text]")].filter((one) => one.dataset.day <= day);
    if (!texts.length) return move(document, day);
    const text = texts.at(-1);
    const [shown, failed, doubtful] = text.content.children;
    let told = shown;
    try {
      if (await show(text, day)) {
        move(document, day);
        for (const one of texts) one.remove();
      } else {
        told = doubtful;
        delete document.querySelector("main").dataset.standing;
      }
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

  // Nothing that is past is shown while the page is read in. But nobody waits long before an empty page: its words are true.
  const late = change <= day;
  root.hidden = late;
  if (late) setTimeout(() => (root.hidden = false), 2000);
  document.addEventListener("DOMContentLoaded", async () => {
    const again = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (!again && (await outdated(day))) return location.reload();
    try {
      await keep(day);
    } finally {
      root.hidden = false;
      if (late && location.hash) location.replace(location.hash);
    }
  });

  // A tab may stay open for days, in sight or not.
  async function wake() {
    if (document.hidden || today() <= day) return;
    day = today();
    if (await outdated(day)) location.reload();
    else keep(day);
  }
  document.addEventListener("visibilitychange", wake);
  for (const what of ["focus", "pageshow"]) addEventListener(what, wake);
  setInterval(wake, 60000);
})();
