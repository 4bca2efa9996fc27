// Comfort only: every page works without this file.
"use strict";

// The language switch and links that only change the view keep the place on the page.
const PLACE = "kido.place";
for (const link of document.querySelectorAll("[data-keep-place]")) {
  link.addEventListener("click", () => sessionStorage.setItem(PLACE, String(scrollY)));
}
const kept = sessionStorage.getItem(PLACE);
if (kept !== null) {
  sessionStorage.removeItem(PLACE);
  scrollTo({ top: Number(kept), behavior: "instant" });
}

// Empty fields are left out of the address.
for (const form of document.querySelectorAll("form:not([method])")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) {
      if (value === "") {
        const rest = event.formData.getAll(name).filter((one) => one !== "");
        event.formData.delete(name);
        rest.forEach((one) => event.formData.append(name, one));
      }
    }
  });
}

// A file may be dropped anywhere on a page that takes one; it is sent as if it had been chosen.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) form.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    const files = event.dataTransfer.files;
    form.querySelector("[data-drop-says]").textContent = files.length === 1 ? "" : form.dataset.many;
    if (files.length !== 1) return;
    form.querySelector("input[type=file]").files = files;
    form.requestSubmit();
  });
}

// "/" goes to the search box.
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    document.getElementById("q")?.focus();
  }
});
