// A note beside the passage that one points at: its address, and since when it stands in its wording.
// All that it says stands on the page without it: the addresses of headings, and the list below the text.
"use strict";

const article = document.querySelector("article");
const note = document.getElementById("_at");
const [address, since] = note?.children ?? [];
const wordings = [...document.querySelectorAll(".since > ul > li")];
const said = new Map(wordings.flatMap((one) => (one.dataset.ids ?? "").split(" ").map((id) => [id, one])));

/** The block around an element that has an address of its own. */
function passage(element) {
  const found = element.closest("article [id]:not(span)");
  return found && note?.isConnected && article.contains(found) ? found : null;
}

/** Whether there is a margin; without one the note covers what follows, and shows only when asked for. */
function beside() {
  return matchMedia("(width >= 64rem)").matches;
}

function show(block) {
  address.href = `#${block.id}`;
  const wording = said.get(block.id) ?? wordings.at(-1);
  since.replaceChildren(...(wording ? [...wording.firstElementChild.cloneNode(true).childNodes] : []));
  note.hidden = false;
  const top = block.getBoundingClientRect()[beside() ? "top" : "bottom"];
  note.style.top = `${top - note.offsetParent.getBoundingClientRect().top}px`;
}

for (const what of ["pointerover", "focusin", "click"])
  article?.addEventListener(what, ({target}) => {
    const block = passage(target);
    if (block && (what === "click" || beside())) show(block);
    else if (note && what === "click") note.hidden = true;
  });

addEventListener("hashchange", () => {
  const block = document.querySelector("article :target");
  if (block && passage(block)) show(passage(block));
});

addEventListener("keydown", ({key}) => {
  if (note && key === "Escape") note.hidden = true;
});
