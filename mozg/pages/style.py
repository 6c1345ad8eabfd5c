"""The look of a page inside a notebook or a dashboard; exported pages bring their own colours as variables."""

STYLE = """<style>
.mozg-unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.mozg-header { display: flex; flex-wrap: wrap; gap: 6px 28px; margin: 8px 0 16px; font-size: 13px; }
.mozg-header dt { color: var(--muted, #5f6b76); }
.mozg-header dd { margin: 0; font-weight: 600; }
.mozg-heading { margin-top: 40px; }
.mozg-lead { font-size: 17px; }
.mozg-tiles { display: flex; flex-wrap: wrap; gap: 12px; margin: 16px 0; }
.mozg-tile { flex: 1 1 168px; padding: 12px 14px; border: 1px solid var(--line, #dfe4e9); border-radius: 10px; }
.mozg-tile dt { color: var(--muted, #5f6b76); font-size: 13px; }
.mozg-tile dd { margin: 0; }
.mozg-tile strong { display: block; font-size: 25px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.mozg-tile svg { display: block; margin-top: 6px; }
.mozg-change { display: block; font-size: 13px; color: var(--muted, #5f6b76); }
.mozg-good { color: var(--accent, #0072b2); }
.mozg-bad { color: var(--bad, #b54a00); }
.mozg-table { overflow-x: auto; }
.mozg-failure { padding: 12px 16px; border-radius: 8px; }
.mozg-failure { background: var(--bad-paper, #fff4ec); color: var(--bad, #b54a00); }
.mozg-empty { color: var(--muted, #5f6b76); }
</style>"""

#: For notebooks and dashboards alone: an exported page has its own tables.
LIVE_STYLE = """<style>
.jp-RenderedHTMLCommon table.mozg { display: table; table-layout: auto; margin: 12px 0; font-size: 14px; }
table.mozg { border-collapse: collapse; }
table.mozg caption { padding-bottom: 8px; text-align: left; font-weight: 600; color: inherit; caption-side: top; }
.jp-RenderedHTMLCommon table.mozg :is(th, td) { padding: 6px 12px; text-align: left; }
.jp-RenderedHTMLCommon table.mozg :is(th, td) { border-bottom: 1px solid #e6eaee; }
.jp-RenderedHTMLCommon table.mozg .number { text-align: right; white-space: nowrap; }
table.mozg { font-variant-numeric: tabular-nums; }
.jp-RenderedHTMLCommon table.mozg tbody th { font-weight: 500; }
.mozg-controls { gap: 12px 20px; align-items: flex-end; padding: 12px 0; }
.mozg-said { min-height: 22px; }
</style>"""
