// A note beside the passage that one points at: its address, and since when it stands in its wording.
// All that it says stands on the page without it: the addresses of headings, and the list below the text.
// Text, note and list are looked up each time: on the day another text may have taken their place (today.js).
"use strict";

const at = () => document.getElementById("_at");

/** The block around an element that has an address of its own. */
const passage = (element) => element?.closest("article [id]:not(span, .at)");

/** Whether there is a margin; without one the note stands below the passage, and shows only when asked for. */
const beside = () => matchMedia("(width >= 64rem)").matches;

function show(block) {
  const note = at();
  if (!note) return;
  const [address, since] = note.children;
  const wordings = [...document.querySelectorAll(".since > ul > li")];
  const wording = wordings.find(({dataset}) => dataset.ids?.split(" ").includes(block.id)) ?? wordings.at(-1);
  address.href = `#${block.id}`;
  since.replaceChildren(...(wording ? [...wording.firstElementChild.cloneNode(true).childNodes] : []));
  note.hidden = false;
  if (beside()) {
    const main = block.closest("main");
    if (note.parentElement !== main) main.append(note);
    note.style.top = `${block.getBoundingClientRect().top - main.getBoundingClientRect().top}px`;
  } else if (block.matches("li")) block.append(note);
  else (block.closest(".table") ?? block).after(note); // in the text, so that it covers none of it
}

function hide() {
  if (at()) at().hidden = true;
}

for (const what of ["pointerover", "focusin", "click"])
  document.addEventListener(what, ({target}) => {
    if (!target.closest?.("article") || at()?.contains(target)) return;
    const block = passage(target);
    if (block && (what === "click" || beside())) show(block);
    else if (what === "click") hide();
  });

addEventListener("hashchange", () => {
  const block = passage(document.querySelector("article :target"));
  if (block) show(block);
});

addEventListener("keydown", ({key}) => {
  if (key === "Escape") hide();
});
