"use strict";
const find = document.getElementById("find");
const failing = document.getElementById("failing");
const cases = [...document.querySelectorAll(".case")];
function show() {
  const words = find.value.toLowerCase();
  let shown = 0;
  for (const one of cases) {
    const isHidden = (failing.checked && one.classList.contains("good")) || !one.textContent.toLowerCase().includes(words);
    one.hidden = isHidden;
    shown += isHidden ? 0 : 1;
  }
  document.getElementById("count").textContent = `${shown} of ${cases.length}`;
}
function openNamed() {
  const named = document.getElementById(location.hash.slice(1));
  if (named) { named.hidden = false; named.open = true; named.scrollIntoView(); }
}
find.addEventListener("input", show);
failing.addEventListener("change", show);
addEventListener("hashchange", openNamed);
show();
openNamed();
