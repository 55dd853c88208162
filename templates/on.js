// Answers what governed on a day, #2025-06-01: picks the rows of the day, and says them in the page's own words.
addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-on]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.href = `${form.dataset.on}#${form.elements.day.value}`;
  });
  const place = document.getElementById("_answer");
  if (!place) return;

  function said(name, slots, row) {
    const answer = document.querySelector(`[data-answer="${name}"]`).content.cloneNode(true);
    for (const slot of answer.querySelectorAll("[data-slot]")) {
      const cell = row?.querySelector(`[data-cell="${slot.dataset.slot}"]`);
      if (cell) slot.append(cell.dataset.before ?? "", ...cell.cloneNode(true).childNodes);
      else slot.textContent = slots[slot.dataset.slot];
    }
    return answer;
  }

  // 2025-02-30 is written as a day, and is none.
  function exists(day) {
    const date = new Date(`${day}T00:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(day) && !isNaN(date) && date.toISOString().startsWith(day);
  }

  // As the page writes its own days.
  function written(asked) {
    const [year, month, day] = asked.split("-");
    const words = JSON.parse(place.dataset.months)[month - 1].replace("{y}", Number(year));
    return words.replace("{dd}", day).replace("{d}", Number(day));
  }

  function answers(asked) {
    if (!exists(asked)) return [said("bad", { asked })];
    form.elements.day.value = asked;
    const day = written(asked);
    const ahead = asked > place.dataset.built ? "-ahead" : "";
    const rows = [...document.querySelectorAll("tr[data-first]")].filter(
      ({ dataset: { first, end } }) => first <= asked && !(end <= asked),
    );
    const governs = rows.find((row) => "governs" in row.dataset);
    const others = rows.filter((row) => row !== governs).map((row) => said(`announced${ahead}`, {}, row));
    return [governs ? said(ahead ? "ahead" : "past", { day }, governs) : said(`none${ahead}`, { day }), ...others];
  }

  function answer() {
    let asked = location.hash.slice(1);
    try {
      asked = decodeURIComponent(asked).trim();
    } catch {
      // It is shown as it was written.
    }
    if (!asked) place.replaceChildren();
    else if (!document.getElementById(asked)) place.replaceChildren(...answers(asked));
  }

  addEventListener("hashchange", answer);
  answer();
});
