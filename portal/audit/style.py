"""The look of a printed report: black on white, wide tables that break well over pages, no file beside it."""

STYLE = """
@page { size: A4; margin: 18mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; color: #4a5159; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: #16191d; background: #fff;
  font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; break-after: avoid;
  border-bottom: 2px solid #b3121d; }
p { margin: .4rem 0; }
.lead { color: #4a5159; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.figures li { flex: 1 1 6.5rem; border: 1px solid #c9ced4; padding: .6rem .8rem; }
.figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92em; }
caption { text-align: left; padding: .3rem 0; color: #4a5159; }
th, td { border-bottom: 1px solid #d9dde2; padding: .35rem .5rem; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #6b737c; word-break: keep-all; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
tbody th { min-width: 10rem; }
.scroll:focus-visible { outline: 3px solid #16191d; outline-offset: 2px; }
tr { break-inside: avoid; }
.mark { display: inline-block; padding: 0 .45em; border: 1px solid; font-weight: 600; white-space: nowrap; }
.red { color: #8f0d16; background: #fdecec; }
.yellow { color: #6b4d00; background: #fff6d6; }
.notice { color: #34414e; background: #eef1f4; }
code { font: .88em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.cases td code { display: inline-block; min-width: 10em; }
@media screen and (max-width: 40rem) {
  body { padding: 1rem; }
  tbody th { min-width: 6.5rem; }
  th, td { padding: .35rem .3rem; }
  .basis thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .basis, .basis tbody, .basis tr, .basis th, .basis td { display: block; }
  .basis th, .basis td { border: 0; padding: .1rem 0; }
  .basis tr { border-bottom: 1px solid #d9dde2; padding: .5rem 0; }
  .cases thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cases, .cases tbody, .cases tr { display: block; }
  .cases tr { border-bottom: 1px solid #d9dde2; padding: .5rem 0; }
  .cases td { display: inline-block; border: 0; padding: .1rem .5rem .1rem 0; }
  .cases td.wide { display: block; }
  .cases td code { min-width: 0; }
  .cases td:empty { display: none; }
}
@media print { body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; } }
"""
