// Finds reports as one types: those whose title or description has every word. Without this script all are listed.
{
  const field = document.getElementById("search");
  const reports = [...document.querySelectorAll("#shelf li")];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const find = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    for (const report of reports) {
      const told = plain(report.querySelector(".about").textContent);
      report.hidden = !words.every((word) => told.includes(word));
    }
    for (const group of document.querySelectorAll("#shelf .group")) group.hidden = !group.querySelector("li:not([hidden])");
    const found = reports.filter((report) => !report.hidden);
    const status = document.querySelector(".search [role=status]");
    const { one, many } = status.dataset;
    status.textContent = found.length === 1 ? one : many.replace("#", found.length);
    document.getElementById("nothing-found").hidden = found.length > 0;
    return found;
  };
  if (field) {
    field.closest(".search").hidden = false;
    field.addEventListener("input", find);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { field.value = ""; find(); }
      if (event.key === "Enter" && find().length === 1) find()[0].querySelector("a").click();
    });
    if (field.value) find();
  }
}
