// Keeps a page of a preview up to date. Only `inforce serve` adds it; no page that is published has it.
"use strict";

{
  const { state, site, on } = document.currentScript.dataset;
  if (on) {
    // The scripts of the page, which come after this one, take the day of the preview for the reader's own.
    document.documentElement.dataset.timezone = "UTC";
    Date.now = () => Date.parse(on);
  }
  const panel = document.createElement("aside");
  const button = document.createElement("button");
  const frame = document.createElement("iframe");
  let closed = null; // whether a reader has closed or opened the panel; null: not yet

  // Styled one by one: a style sheet of ours would have to be allowed by the page, and theirs shall not reach us.
  Object.assign(panel.style, {
    all: "initial", position: "fixed", inset: "auto 1rem 1rem 1rem", zIndex: "2147483647", colorScheme: "light dark",
  });
  Object.assign(button.style, {
    all: "revert", display: "block", marginLeft: "auto", font: "600 1rem system-ui, sans-serif", padding: "0.4rem 0.8rem",
  });
  Object.assign(frame.style, {
    all: "initial", display: "block", boxSizing: "border-box", width: "100%", height: "50vh", marginTop: "0.3rem",
    background: "Canvas", border: "3px solid #b3261e", borderRadius: "4px",
  });
  panel.setAttribute("aria-label", "Preview");
  frame.title = "What is wrong";
  button.type = "button";
  panel.append(button, frame);

  const show = (facts) => {
    const open = closed === null ? facts.errors > 0 : !closed;
    const counted = [[facts.errors, "error"], [facts.warnings, "warning"]].filter(([count]) => count);
    const words = counted.map(([count, word]) => `${count} ${word}${count === 1 ? "" : "s"}`).join(", ");
    button.textContent = `${words}: ${open ? "hide" : "show"}`;
    button.setAttribute("aria-expanded", open);
    button.onclick = () => { closed = open; show(facts); };
    frame.style.display = open ? "block" : "none";
    if (frame.dataset.state !== facts.state) {
      frame.dataset.state = facts.state;
      frame.src = `/.preview/problems?${facts.state}`;
    }
    if (words) document.documentElement.append(panel);
    else panel.remove();
  };

  const hear = (event) => {
    const facts = JSON.parse(event.data);
    if (facts.site !== site || (!site && facts.state !== state)) location.reload();
    else if (site) show(facts);
  };

  // A browser has few connections for one host; a page that nobody looks at gives its own back.
  let events = null;
  const listen = () => {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource("/.preview/events");
      events.onmessage = hear;
    }
  };
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { events?.close(); events = null; });
  addEventListener("pageshow", listen);
  addEventListener("beforeprint", () => { panel.style.visibility = "hidden"; });
  addEventListener("afterprint", () => { panel.style.visibility = "visible"; });
  addEventListener("DOMContentLoaded", listen);
}
