// A page that is open while a restaurant sells: when the tills have told more, it is drawn anew at the same place.
// Not while somebody uses it, nor more often than every half minute, nor out of sight.
(() => {
  const { baseUrl } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const ASK = 5_000, LEAST = 20_000, USED = 5_000;
  const opened = Date.now();
  let shown, used = 0, waits = false;
  for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
    addEventListener(kind, () => (used = Date.now()), { passive: true });
  }
  const ask = async () => {
    if (!document.hidden && !waits) {
      const answer = await fetch(`${baseUrl}voila/newest`).catch(() => undefined);
      const { snapshot } = answer?.ok ? await answer.json() : {};
      if (snapshot === null) return;
      shown ??= snapshot;
      waits = snapshot !== undefined && snapshot !== shown;
    }
    const calm = Date.now() - used > USED && Date.now() - opened > LEAST;
    if (waits && calm && !document.hidden) location.reload();
    else setTimeout(ask, ASK);
  };
  ask();
})();
