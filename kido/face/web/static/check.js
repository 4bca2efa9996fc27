// The answer follows the facts as they are typed. Comfort only: without this file the button asks for the same page.
"use strict";

(() => {
  const form = document.getElementById("facts");
  const state = document.getElementById("state");
  const answer = document.getElementById("answer");
  if (!form || !state || !answer) return;
  const PAUSE = 350; // ms without a key before the answer is asked for
  let asked = 0; // number of the last request; older replies are dropped
  let waiting; // the timer of the pause
  let open; // the request under way
  let seen = [...form.elements].some(changed) ? "" : query(); // what the answer on the page belongs to
  let late = false; // a reply was held back while something was being typed beside it
  state.textContent = state.dataset.ready;
  state.hidden = false;

  if (!seen) ask(true); // the browser has put back what was typed before

  function changed(one) {
    if (one.matches("select")) return !one.options[one.selectedIndex]?.defaultSelected && one.querySelector("[selected]") !== null;
    return one.matches("input:not([type=hidden])") && (one.value !== one.defaultValue || one.checked !== one.defaultChecked);
  }

  function query() {
    return new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim() !== "")).toString();
  }

  function say(word, text = "") {
    state.textContent = `${state.dataset[word]} ${text}`.trim();
    state.dataset.now = word;
    answer.classList.toggle("old", word !== "done");
    answer.setAttribute("aria-busy", String(word === "working"));
  }

  async function ask(finished) {
    clearTimeout(waiting);
    const stated = query();
    open?.abort();
    if (stated === seen && state.dataset.now !== "unread" && !late) {
      if (state.dataset.now && state.dataset.now !== "done") say("done", verdict(answer));
      return;
    }
    const number = ++asked;
    open = new AbortController();
    say("working");
    try {
      const reply = await fetch(`${form.getAttribute("action")}?${stated}&draft=1`, { signal: open.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (number !== asked) return;
      const fresh = page.getElementById("answer");
      if (!fresh || reply.redirected || ![200, 422].includes(reply.status)) throw new Error(String(reply.status));
      if (reply.status === 422 && !finished) return say("unread"); // half a word is no mistake yet
      if (typingIn(answer)) {
        late = true; // what is being typed there is not taken away; it is asked for again when it is left
        return say("unread");
      }
      late = false;
      seen = stated;
      take(page, fresh);
      history.replaceState(null, "", `${form.getAttribute("action")}?${stated}`);
      say("done", verdict(answer));
    } catch (error) {
      if (number === asked && error.name !== "AbortError") say("failed");
    }
  }

  function typingIn(place) {
    const at = document.activeElement;
    return at && place.contains(at) && at.matches("input") && at.value !== at.defaultValue;
  }

  function verdict(place) {
    return place.querySelector("h2")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  }

  function take(page, fresh) {
    const at = document.activeElement?.id;
    const opened = new Map([...answer.querySelectorAll("details")].map((one) => [heading(one), one.open]));
    for (const one of fresh.querySelectorAll("details")) {
      const was = opened.get(heading(one));
      if (was !== undefined) one.open = was;
    }
    answer.replaceChildren(...fresh.childNodes);
    follow(form, page.getElementById("facts"));
    for (const part of [".tongues", ".down-place"]) {
      const there = page.querySelector(part);
      if (there) document.querySelector(part)?.replaceChildren(...there.childNodes);
    }
    if (at && !document.activeElement?.id) (document.getElementById(at) ?? answer).focus({ preventScroll: true });
  }

  // A part that folds is known by its section, what it stands in, and its words without their numbers.
  function heading(details) {
    const outer = details.parentElement.closest("details");
    const words = details.firstElementChild.textContent.replace(/\d+/g, "");
    return `${outer ? heading(outer) : details.closest("section")?.id} ${words}`;
  }

  // The form is mended in place: no control is replaced, so that focus, caret and a word half converted stay as they are.
  const CONTROLS = "input, select, textarea";

  function follow(old, fresh) {
    if (old.matches(CONTROLS)) return mend(old, fresh);
    if (!old.querySelector(CONTROLS) && !fresh.querySelector(CONTROLS)) {
      if (old.outerHTML !== fresh.outerHTML) old.replaceWith(fresh);
      return;
    }
    attributes(old, fresh, old.matches("details") ? ["open"] : []);
    let next = old.firstElementChild;
    for (const child of [...fresh.children]) {
      let same = next;
      while (same && key(same) !== key(child)) same = same.nextElementSibling;
      if (!same) {
        old.insertBefore(child, next);
        continue;
      }
      while (next !== same) next = dropped(next);
      next = same.nextElementSibling;
      follow(same, child);
    }
    while (next) next = dropped(next);
  }

  function key(node) {
    return node.id || node.querySelector(CONTROLS)?.id || `${node.tagName} ${node.className}`;
  }

  function dropped(node) {
    const next = node.nextElementSibling;
    if (!node.contains(document.activeElement)) node.remove();
    return next;
  }

  function attributes(old, fresh, kept) {
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (!kept.includes(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  // What was typed stays. A field that is empty takes what was stated elsewhere on the page.
  function mend(old, fresh) {
    attributes(old, fresh, ["value"]);
    const alone = !/^(party|input)\./.test(old.name) && old.type !== "hidden" && old.type !== "checkbox";
    if (alone && old.value === "" && fresh.value !== "" && old !== document.activeElement) old.value = fresh.value;
  }

  const ours = (event) => event.target.form === form && event.target.matches(CONTROLS);
  document.addEventListener("input", (event) => {
    if (!ours(event) || answer.contains(event.target)) return;
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, PAUSE, false);
  });
  document.addEventListener("compositionend", (event) => {
    if (ours(event) && !answer.contains(event.target)) waiting = setTimeout(ask, PAUSE, false);
  });
  document.addEventListener("change", (event) => {
    if (ours(event)) ask(true);
  });
  document.addEventListener("focusout", (event) => {
    if (ours(event) && (late || state.dataset.now === "unread")) setTimeout(ask, 0, true);
  });
})();
