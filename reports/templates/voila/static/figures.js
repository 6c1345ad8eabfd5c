// Draws Plotly's figures for Voila's scripts, which take this file for an extension of JupyterLab. Plotly's own makes
// them wait for plotly.js before they draw anything; here the controls come first, then one figure after the other.
(() => {
  const MIME = "application/vnd.plotly.v1+json";
  const HEIGHT = 380;
  const CONFIG = { displaylogo: false, responsive: true };
  const { plotlyUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  let shared, plotly, turn = Promise.resolve();
  // Plots of sections that are being shown anew. What comes in their place is drawn into them, which takes a fraction of
  // what a new plot takes, and leaves no moment of emptiness.
  const spare = [];
  const leave = (plot) => {
    spare.push(plot);
    setTimeout(() => spare.includes(plot) && Plotly.purge(spare.splice(spare.indexOf(plot), 1)[0]));
  };

  const load = () =>
    (plotly ??= new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: plotlyUrl, onload: done, onerror: failed });
      document.head.append(script);
    }));

  // The browser is let at its work between two figures, so that what is drawn is seen and clicks are heard.
  const inTurn = (draw) => (turn = turn.then(() => new Promise((done) => setTimeout(done))).then(draw));

  const figureOf = (Widget) =>
    class Figure extends Widget {
      constructor() {
        super();
        this.node.dataset.mimeType = MIME;
      }
      renderModel(model) {
        const { data, layout = {}, config = CONFIG } = structuredClone(model.data[MIME]);
        this.node.style.minHeight = `${layout.height ?? HEIGHT}px`;
        this.plot = spare.shift() ?? document.createElement("div");
        this.node.replaceChildren(this.plot);
        return inTurn(async () => {
          await load();
          if (!this.isDisposed) await Plotly.react(this.plot, data, layout, config);
        });
      }
      onResize() {
        if (this.plot?.querySelector(".main-svg")) Plotly.Plots.resize(this.plot);
      }
      dispose() {
        if (window.Plotly && this.plot && !this.isDisposed) leave(this.plot);
        super.dispose();
      }
    };

  const extension = async () => {
    const [widgets] = Object.values(shared["@lumino/widgets"]);
    const Figure = figureOf((await widgets.get())().Widget);
    const rendererFactory = { safe: true, mimeTypes: [MIME], createRenderer: () => new Figure() };
    return () => ({ __esModule: true, default: { id: "mozg-figures:renderer", rendererFactory, rank: 0, dataType: "json" } });
  };

  (window._JUPYTERLAB ??= {})["mozg-figures"] = { init: (scope) => void (shared = scope), get: extension };
})();
