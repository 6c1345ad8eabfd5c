// Tables that sort by a column's values, show all their rows and can be kept as CSV. What they need stands in
// `data-table` (mozg/pages/sortable.py); without this script, and on paper, a table is read as it is.
(() => {
  const MISSING = "—";
  const BEGINS_A_FORMULA = /^[=+\-@\t\r]/;
  const NUMERIC = new Set(["money", "number", "integer", "percent"]);

  const element = (name, properties, ...inside) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...inside);
    return made;
  };

  // Numbers and dates as the rows that the page came with: with the decimals of their column, or by their size, whole
  // from 100 on, else two decimals; shares with one.
  const writer = ({ locale, money, cents, percent }) => {
    // Python rounds what is exactly in the middle to even, and anything else by its exact value.
    const rounded = (size, most) => (Number.isInteger(size * 2 ** (most + 1)) ? size : Number(size.toFixed(most)));
    const digits = (size, most, least = 0) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: least, maximumFractionDigits: most, roundingMode: "halfEven", useGrouping: "always",
      }).format(rounded(size, most));
    const full = (size) => digits(size, size >= 100 ? 0 : 2);
    const paid = (size) =>
      size >= 100 ? full(size) : digits(size, cents, Number.isInteger(rounded(size, cents)) ? 0 : cents);
    const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
    const dated = (text) => day.format(new Date(`${text.slice(0, 10)}T00:00Z`));
    const fixed = (size, decimals, otherwise) => (decimals === undefined ? otherwise(size) : digits(size, decimals, decimals));
    const sized = {
      money: (size, decimals) => money.replace("{}", () => fixed(size, decimals, paid)),
      percent: (size) => percent.replace("{}", () => digits(100 * rounded(size, size >= 0.1 ? 2 : 3), size >= 0.1 ? 0 : 1)),
      number: (size, decimals) => fixed(size, decimals, full),
      integer: full,
    };
    return (value, { kind, signed, decimals }) => {
      if (value === null) return MISSING;
      if (kind === "date") return dated(value);
      if (kind === "datetime") return `${dated(value)}, ${value.slice(11, 16)}`;
      if (!NUMERIC.has(kind)) return value;
      const number = Number(value);
      const text = sized[kind](Math.abs(number), decimals);
      if (text === sized[kind](0, decimals)) return text; // no sign before nothing
      return (number < 0 ? "−" : signed ? "+" : "") + text;
    };
  };

  const cell = (value) => {
    const text = value === null ? "" : String(value);
    const safe = typeof value === "string" && BEGINS_A_FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  class Table extends HTMLElement {
    connectedCallback() {
      if (this.about || !this.dataset.table) return;
      this.about = JSON.parse(this.dataset.table);
      this.body = this.querySelector("tbody");
      this.first = [...this.body.rows];
      this.cut = this.first.length < this.about.rows.length;
      this.order = this.about.rows.map((_, place) => place);
      this.shown = this.about.columns.map((column, place) => ({ ...column, place })).filter((column) => !column.hidden);
      this.heads = [...this.querySelectorAll("thead th")];
      if (this.first.length > 1) this.heads.forEach((head, place) => this.offerSorting(head, this.shown[place]));
      this.offerTools();
    }

    offerSorting(head, column) {
      const button = element("button", { type: "button", className: "mozg-sort", title: this.about.said.sort }, ...head.childNodes);
      button.setAttribute("aria-label", column.label);
      button.addEventListener("click", () => this.sort(head, column));
      head.append(button);
    }

    // Numbers from the largest, texts from A, dates from the first; then the other way round; then as it was.
    sort(head, { place, kind }) {
      const down = NUMERIC.has(kind);
      const turns = down ? ["descending", "ascending"] : ["ascending", "descending"];
      const turn = turns[turns.indexOf(head.getAttribute("aria-sort")) + 1];
      for (const other of this.heads) other.removeAttribute("aria-sort");
      if (turn) head.setAttribute("aria-sort", turn);
      this.sorted = turn !== undefined;
      this.order = this.about.rows.map((_, row) => row);
      if (turn) this.order.sort(this.comparing(place, kind, turn === "descending" ? -1 : 1));
      this.draw();
    }

    comparing(place, kind, way) {
      const { rows, locale } = this.about;
      const letters = new Intl.Collator(locale, { numeric: true });
      const apart = NUMERIC.has(kind) ? (a, b) => Number(a) - Number(b) : (a, b) => letters.compare(a, b);
      return (one, other) => {
        const [a, b] = [rows[one][place], rows[other][place]];
        if (a === null || b === null) return (a === null) - (b === null) || one - other; // missing ones always come last
        return way * apart(a, b) || one - other;
      };
    }

    draw() {
      if (!this.cut) this.body.replaceChildren(...this.order.map((row) => this.first[row]));
      else if (!this.sorted && !this.all) this.body.replaceChildren(...this.first);
      else {
        this.write ??= writer(this.about);
        const rows = this.all ? this.order : this.order.slice(0, this.first.length);
        this.body.replaceChildren(...rows.map((row) => this.row(this.about.rows[row])));
      }
    }

    row(values) {
      const made = this.first[0].cloneNode(true);
      [...made.cells].forEach((box, number) => {
        const column = this.shown[number];
        const text = this.write(values[column.place], column);
        box.replaceChildren(this.linked(text, values, column, number));
      });
      return made;
    }

    // A link like those of the rows that the page came with, of this row's values.
    linked(text, values, { each }, number) {
      const model = each && this.first.map((row) => row.cells[number].querySelector("a")).find(Boolean);
      if (!model || Object.values(each).some((place) => values[place] === null)) return text;
      const place = new URL(model.href);
      for (const [name, from] of Object.entries(each)) place.searchParams.set(name, values[from]);
      const link = model.cloneNode();
      link.href = place;
      link.textContent = text;
      return link;
    }

    offerTools() {
      const { said } = this.about;
      const tools = element("p", { className: "mozg-tools" });
      if (this.cut) {
        const more = element("button", { type: "button" }, said.all);
        more.addEventListener("click", () => {
          this.all = !this.all;
          more.textContent = this.all ? said.few : said.all;
          this.draw();
        });
        tools.append(more, " ");
      }
      const csv = element("button", { type: "button" }, said.csv);
      csv.addEventListener("click", () => this.save());
      tools.append(csv);
      this.append(tools);
    }

    save() {
      const { name, columns, rows } = this.about;
      const lines = [columns.map((column) => cell(column.label)), ...this.order.map((row) => columns.map((_, place) => cell(rows[row][place])))];
      const content = `\ufeff${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
      const link = element("a", { download: `${name}.csv`, href: URL.createObjectURL(new Blob([content], { type: "text/csv" })) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }
  }

  customElements.define("mozg-table", Table);
})();
