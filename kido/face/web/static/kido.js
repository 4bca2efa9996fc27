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

// "/" goes to the search box.
addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) {
    event.preventDefault();
    document.getElementById("q")?.focus();
  }
});
