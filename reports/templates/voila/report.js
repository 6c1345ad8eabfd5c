// From the first paint to the live page, which Voila's scripts draw out of sight; and what to say when it is lost.
const dashboard = (() => {
  const { baseUrl, kernelId } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const page = document.documentElement;
  const paint = document.getElementById("first-paint");
  const live = document.getElementById("rendered_cells");
  const said = document.querySelector(".dashboard-said");
  const asleep = document.querySelector(".dashboard-asleep");
  const texts = JSON.parse(document.getElementById("dashboard-texts").textContent);
  asleep.querySelector("button").addEventListener("click", () => location.reload());

  const fail = (sentence) => {
    said.textContent = "";
    asleep.querySelector("span").textContent = sentence;
    asleep.hidden = false;
  };

  // Changes the page without moving the heading that one is reading.
  const standing = (place) => [...place.querySelectorAll("h2")].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const headings = () => [...standing(paint.shadowRoot ?? paint), ...standing(live)];
  const top = (heading) => heading.getBoundingClientRect().top;
  const keepingPlace = (change) => {
    const reading = scrollY > 0 ? headings().filter((one) => top(one) < innerHeight / 2).at(-1) : undefined;
    const [words, before] = [reading?.textContent, reading && top(reading)];
    change();
    const same = headings().find((one) => one.textContent === words);
    if (same) scrollBy({ top: top(same) - before, behavior: "instant" });
  };

  // First the controls, above the first paint; then, when every figure is drawn, the live page in its place.
  const halfway = () =>
    keepingPlace(() => {
      page.classList.replace("waiting", "half");
      paint.classList.add("headless");
      kernel()?.statusChanged.connect(restarted);
    });
  const show = () => {
    if (page.classList.contains("waiting")) halfway();
    keepingPlace(() => {
      page.classList.remove("half");
      paint.remove();
    });
    said.textContent = "";
  };

  // What is still to come: a cell's place for outputs, a widget, a widget inside it, a section's outputs, a figure.
  const COMING = [
    "[cell-index]:not(:has(.jp-OutputArea))",
    ".jp-OutputArea-output.lm-Panel:not(.jupyter-widgets, :has(.jupyter-widgets))",
    ".widget-box > :not(.jupyter-widgets)",
    ".widget-output:not(:has(.jp-OutputArea-output))",
    '[data-mime-type="application/vnd.plotly.v1+json"]:not(:has(.main-svg))',
  ].join();
  const FAILED = '[data-mime-type="application/vnd.jupyter.error"], .jp-OutputArea-output.jupyter-widgets';
  const drawn = () => live.querySelector(".jp-OutputArea-output") && !live.querySelector(COMING);
  const hasPaint = paint.shadowRoot !== null;
  let quiet;
  const seen = new MutationObserver(() => {
    const usable = live.querySelector(".mozg-controls :is(select, input)") && live.querySelector(".mozg-header");
    if (hasPaint && usable && page.classList.contains("waiting")) halfway();
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      const failed = live.querySelector(FAILED);
      if (!failed && !drawn()) return;
      seen.disconnect();
      if (failed) fail(texts.broken);
      else show();
    }, 60);
  });
  seen.observe(document.body, { childList: true, subtree: true });

  // The line to the server, from the first moment on: it ends with the kernel, and else it was broken. Without it, a page
  // would only stop answering. After a while a kernel's own line is not connected again unless one asks for it.
  const kernel = () => window.jupyterapp?.widgetManager?.kernel;
  const ENDED = 1000;
  let tries = 0;
  const lost = () => fetch(`${baseUrl}api/kernels/${kernelId}`).then((answer) => !answer.ok && answer.status < 500, () => false);
  const stay = () => {
    const line = new WebSocket(new URL(`${baseUrl}voila/presence/${kernelId}`, location.href.replace(/^http/, "ws")));
    line.onopen = () => {
      if (!tries) return;
      tries = 0;
      said.textContent = "";
      if (kernel()?.connectionStatus !== "connected") kernel()?.reconnect();
    };
    line.onclose = async ({ code }) => {
      if (code === ENDED || (await lost())) return fail(texts.lost);
      said.textContent = texts.connecting;
      setTimeout(stay, Math.min(500 * 2 ** tries++, 15_000));
    };
  };
  const restarted = (_, state) => ["dead", "restarting", "autorestarting"].includes(state) && fail(texts.lost);
  document.addEventListener("DOMContentLoaded", () => asleep.hidden && stay());
  return { fail };
})();
