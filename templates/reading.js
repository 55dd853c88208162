// A note beside the passage that one points at, or came for: its address, and since when it stands in its wording.
// All that it says stands on the page without it: the addresses of headings, and the list below the text.
// Contents that are longer than the window follow the reader.
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

/** Note the passage that the address names. */
function arrive() {
  const block = passage(document.querySelector("article :target"));
  if (block) show(block);
}

for (const what of ["hashchange", "pageshow"]) addEventListener(what, arrive);

addEventListener("keydown", ({key}) => {
  if (key === "Escape") hide();
});

/** Keep in sight, of contents beside the text, the section in which one reads; unless the reader is busy with them. */
function follow() {
  const contents = document.querySelector(".contents nav");
  if (!contents || !beside() || contents.scrollHeight <= contents.clientHeight || contents.matches(":hover, :has(:focus-visible)")) return;
  const links = [...contents.querySelectorAll("a")];
  const top = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.getBoundingClientRect().top;
  const link = links.findLast((one) => top(one) < innerHeight / 3) ?? links[0];
  const box = link.getBoundingClientRect(), room = contents.getBoundingClientRect();
  if (box.top < room.top || box.bottom > room.bottom) contents.scrollTop += box.top - room.top - room.height / 3;
}

let waiting = false;
addEventListener("scroll", () => {
  if (!waiting) requestAnimationFrame(() => ((waiting = false), follow()));
  waiting = true;
}, {passive: true});
