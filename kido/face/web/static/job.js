// The page of a table follows it while it is judged. Without this file the browser reads the page again by itself.
"use strict";

(() => {
  const PAUSE = 2000; // ms between two looks
  const main = document.getElementById("main");
  const told = document.getElementById("told");
  if (!told?.dataset.running) return;

  async function look() {
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      const fresh = page.getElementById("told");
      if (!fresh) return location.reload(); // it was removed, or is refused: that page says so
      if (told.textContent !== fresh.textContent) told.textContent = fresh.textContent; // a status: read aloud
      document.getElementById("drawn")?.replaceChildren(...(page.getElementById("drawn")?.childNodes ?? []));
      if (!fresh.dataset.running) return finish(page);
    } catch {
      // the desk is away for a moment
    }
    setTimeout(look, PAUSE);
  }

  function finish(page) {
    delete told.dataset.running;
    const rest = page.getElementById("rest");
    const old = document.getElementById("rest");
    const held = old.contains(document.activeElement);
    old.replaceWith(rest);
    if (held) main.focus({ preventScroll: true });
  }

  setTimeout(look, PAUSE);
})();
