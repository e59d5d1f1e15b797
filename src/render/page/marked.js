(() => {
  "use strict";
  let back = null;
  const narrow = () => matchMedia("(max-width:52rem)").matches;
  const light = (section, number) => {
    for (const one of section.querySelectorAll("[data-p]")) one.classList.toggle("al-on", one.dataset.p === number);
  };
  const shut = () => document.querySelectorAll(".al-sheet").forEach((one) => one.classList.remove("al-sheet"));
  const found = (event) => {
    const one = event.target.closest?.("[data-p]");
    const section = one?.closest(".al-doc");
    return section ? [one, section] : [];
  };
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => {
      const [one, section] = found(event);
      if (one) light(section, one.dataset.p);
    });
  document.addEventListener("click", (event) => {
    const [one, section] = found(event);
    if (!event.target.closest?.(".al-sheet")) shut();
    if (!one || one.tagName === "LI") return;
    event.preventDefault();
    const item = section.querySelector(`li[data-p="${one.dataset.p}"]`);
    if (!item) return;
    light(section, one.dataset.p);
    const others = item.querySelector("details");
    if (others) others.open = true;
    if (narrow()) item.classList.add("al-sheet");
    else item.scrollIntoView({ block: "nearest" });
    if (one.tagName === "A" && event.detail === 0) {
      // Opened by a key: the reader goes to the place, and back to the word with Escape.
      item.focus({ preventScroll: true });
      back = one;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    shut();
    back?.focus();
    back = null;
  });
})();
