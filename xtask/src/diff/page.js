"use strict";
const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("section li")];
const operations = [...document.querySelectorAll("details[data-service]")];

function filter() {
  const chosen = new FormData(form);
  const verdicts = chosen.getAll("verdict");
  const level = chosen.get("level");
  const service = chosen.get("service");
  const text = chosen.get("text").toLowerCase();
  document.querySelector("main").classList.toggle("whole", chosen.has("same"));
  let shown = 0;
  for (const row of rows) {
    const fits = verdicts.includes(row.dataset.verdict)
      && (level === "" || row.dataset[level] === "true")
      && (service === "" || row.dataset.service === service)
      && row.textContent.toLowerCase().includes(text);
    row.hidden = !fits;
    shown += Number(fits);
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = section.querySelector("li:not([hidden])") === null;
  }
  for (const operation of operations) {
    operation.hidden = (service !== "" && operation.dataset.service !== service)
      || !operation.textContent.toLowerCase().includes(text);
  }
  document.getElementById("shown").value = `${shown} of ${rows.length} changes`;
}

/** Filters and an open operation are part of the address, so that a view can be shared. */
function read() {
  const [wanted, target] = [new URLSearchParams(location.hash.slice(1)), document.getElementById(location.hash.slice(1))];
  if (target !== null && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
  } else if (wanted.size > 0) {
    for (const box of form.querySelectorAll("[name=verdict]")) {
      box.checked = !wanted.has("verdict") || wanted.getAll("verdict").includes(box.value);
    }
    form.elements.same.checked = wanted.has("same");
    for (const name of ["level", "service", "text"]) {
      form.elements[name].value = wanted.get(name) ?? "";
    }
  }
  filter();
}

form.addEventListener("input", () => {
  filter();
  history.replaceState(null, "", "#" + new URLSearchParams(new FormData(form)));
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", read);
read();
