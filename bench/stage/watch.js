// Notes when a page can be read and used; and chooses another period, and tells how long it took to be drawn.
window.watched = {};
{
  const shown = (one) => one && one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().height > 0;
  const find = (css) => {
    const paint = document.querySelector("#first-paint")?.shadowRoot;
    return [document, paint].map((root) => root?.querySelector(css)).find(shown);
  };
  const drawn = () => find(".js-plotly-plot .main-svg") || find(".figure img")?.naturalWidth;
  const look = () => {
    if (!watched.readable && find(".mozg-tile strong") && drawn()) watched.readable = performance.now();
    if (find(".mozg-controls select")) watched.controls = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // Another period is chosen: when what is in sight has changed for the last time, and when all of the page has.
  const figures = '[data-mime-type="application/vnd.plotly.v1+json"]';
  const period = () => document.querySelector(".mozg-header")?.textContent;
  const tiles = () => document.querySelector(".mozg-tiles")?.textContent;
  const said = () => document.querySelector(".mozg-said")?.textContent.trim();
  const whole = () => [...document.querySelectorAll(figures)].every((one) => one.querySelector(".main-svg"));
  const inSight = (one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  window.choose = async (place) => {
    const frame = () => new Promise(requestAnimationFrame);
    const [before, numbers, began] = [period(), tiles(), performance.now()];
    const changed = new Map();
    const note = (changes) => {
      for (const { target } of changes) changed.set((target.closest ? target : target.parentElement)?.closest(".widget-output"), performance.now());
    };
    const observer = new MutationObserver(note);
    observer.observe(document.querySelector("#rendered_cells"), { subtree: true, childList: true, attributes: true, characterData: true });
    const select = document.querySelector(".mozg-controls select:not([multiple])");
    select.selectedIndex = place;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    while (period() === before || !tiles() || tiles() === numbers || said() || !whole()) await frame();
    await new Promise((done) => setTimeout(done, 300)); // what is drawn after the last word
    note(observer.takeRecords());
    observer.disconnect();
    const sections = [...document.querySelectorAll(".mozg-said ~ .widget-output")];
    const moment = (one) => (changed.get(one) ?? began) - began;
    const last = (some) => Math.max(...some.map(moment));
    return [last(sections.filter(inSight)) / 1000, last(sections) / 1000];
  };
}
