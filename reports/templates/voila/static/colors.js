// The switch between light and dark. A page follows the system until one chooses; who chooses what the system has
// follows it again. The choice is a cookie, so that the next page is sent in the right colours.
(() => {
  const switches = document.querySelectorAll(".colors");
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.colors ? root.dataset.colors === "dark" : system.matches);
  const tell = () => switches.forEach((one) => one.setAttribute("aria-pressed", dark()));
  const choose = () => {
    const wished = dark() ? "light" : "dark";
    const same = (wished === "dark") === system.matches;
    if (same) delete root.dataset.colors;
    else root.dataset.colors = wished;
    document.cookie = `mozg_colors=${same ? "" : wished}; path=/; max-age=${same ? 0 : 31536000}; samesite=lax`;
    tell();
  };
  for (const one of switches) {
    one.hidden = false;
    one.addEventListener("click", choose);
  }
  system.addEventListener("change", tell);
  tell();
})();
