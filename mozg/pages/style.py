"""The look of a page. An exported page names the colours and styles its tables; notebooks and dashboards do neither."""

STYLE = """<style>
.mozg-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.mozg-header { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 8px 0 16px; font-size: 13px; }
.mozg-header dt { color: var(--muted, #5f6b76); }
.mozg-header dd { margin: 0; font-weight: 600; }
.mozg-lead { font-size: 17px; }
.mozg-tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(164px, 1fr)); gap: 12px; margin: 16px 0; }
@media print { .mozg-tiles { display: flex; flex-wrap: wrap; } .mozg-tile { flex: 0 0 19%; } }
.mozg-tile { padding: 12px 14px; border: 1px solid var(--line, #dfe4e9); border-radius: 10px; }
.mozg-tile, .mozg-short { break-inside: avoid; }
.mozg-tile dt { color: var(--muted, #5f6b76); font-size: 13px; }
.mozg-tile dd { margin: 0; }
.mozg-tile strong { display: block; font-size: 25px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.mozg-tile svg { display: block; margin-top: 6px; }
.mozg-change { display: block; font-size: 13px; color: var(--muted, #5f6b76); }
.mozg-good { color: var(--accent, #0072b2); }
.mozg-bad { color: var(--bad, #b54a00); }
.mozg-table { overflow-x: auto; }
.mozg-table th[scope=row] { font-weight: 500; }
.mozg-failure { padding: 12px 16px; border-radius: 8px; }
.mozg-failure { background: var(--bad-paper, #fff4ec); color: var(--bad, #b54a00); }
.mozg-empty { color: var(--muted, #5f6b76); }
.jp-RenderedHTMLCommon :is(.mozg-header, .mozg-tile) :is(dt, dd) { float: none; width: auto; margin: 0; padding: 0; }
.jp-RenderedHTMLCommon .mozg-tile dt, .jp-RenderedHTMLCommon .mozg-header dt { font-weight: 400; }
.jp-RenderedHTMLCommon dl.mozg-header { display: flex; }
.jp-RenderedHTMLCommon dl.mozg-tiles { display: grid; }
.jp-RenderedHTMLCommon .mozg-heading { margin-top: 32px; }
.jp-RenderedHTMLCommon table.mozg { margin: 12px 0; font-size: 14px; font-variant-numeric: tabular-nums; }
.jp-RenderedHTMLCommon table.mozg { display: table; table-layout: auto; border-collapse: collapse; }
.jp-RenderedHTMLCommon table.mozg caption { padding-bottom: 8px; text-align: left; font-weight: 600; color: inherit; }
.jp-RenderedHTMLCommon table.mozg :is(th, td) { padding: 6px 12px; text-align: left; white-space: normal; }
.jp-RenderedHTMLCommon table.mozg :is(th, td) { border-bottom: 1px solid #e6eaee; }
.jp-RenderedHTMLCommon table.mozg .number { text-align: right; white-space: nowrap; }
.jp-RenderedHTMLCommon .muted { color: #5f6b76; }
.mozg-controls { gap: 8px 20px; align-items: flex-start; padding: 12px 0; border-bottom: 1px solid #e6eaee; }
.mozg-said { min-height: 24px; }
</style>"""
