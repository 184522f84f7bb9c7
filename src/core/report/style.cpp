#include "core/report/assets.hpp"

namespace gpsync::core::report {

// Colours: text has a contrast of at least 4.5 with what is behind it in both schemes (WCAG 2.2, 1.4.3).
constinit const Markup kStyle = R"css(
:root {
  color-scheme: light dark;
  --back: #f4f6f9; --card: #ffffff; --line: #d9dfe8; --text: #182230; --soft: #4e5a6b; --link: #1556b0;
  --good: #14663c; --good-back: #e2f3e9; --warn: #7a4a00; --warn-back: #fdf0d8; --bad: #a61b1b; --bad-back: #fde7e7;
  --neutral-back: #e9edf3; --chart: #2f6fd0; --chart-area: #2f6fd022; --code: #f0f3f8; --track: #e1e7f0;
  --shadow: 0 1px 2px #1018281a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0e131a; --card: #171e28; --line: #2b3543; --text: #e8edf4; --soft: #a9b4c3; --link: #8ab8ff;
    --good: #7fdcaa; --good-back: #12301f; --warn: #f5c877; --warn-back: #382a0e; --bad: #ff9d96;
      --bad-back: #431a19;
    --neutral-back: #263040; --chart: #7fb0ff; --chart-area: #7fb0ff26; --code: #10161e; --track: #2a3442;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; max-width: 100rem; padding: 0 clamp(1rem, 3vw, 2.5rem) 3rem; background: var(--back);
  color: var(--text); font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0; }
h1 { font-size: 1.375rem; font-weight: 700; letter-spacing: -0.01em; }
h2 { font-size: 1.125rem; margin: 0 0 0.75rem; letter-spacing: -0.005em; }
h3 { font-size: 1rem; }
ul, ol { list-style: none; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px;
  border-radius: 4px; }
code, pre, .machine text { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas,
  "DejaVu Sans Mono", monospace; }
code { font-size: 0.875em; }
.skip { position: absolute; left: -999rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--card); z-index: 1; }
.skip:focus { left: 1rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
header { padding: 1.5rem 0 1rem; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.5rem 1rem; }
.database { color: var(--soft); font-weight: 500; }
.verdict { padding: 0.3rem 0.9rem; border-radius: 99px; font-weight: 600; }
.ages { color: var(--soft); font-size: 0.875rem; }
nav { margin-top: 0.75rem; border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding-bottom: 0.6rem; }
nav a { display: inline-block; padding: 0.2rem 0; text-decoration: none; font-weight: 500; }
nav a:hover { text-decoration: underline; }
section { margin-top: 2rem; }
#overview { margin-top: 0.75rem; }
#overview h2 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.verdict.good, .pill.good { background: var(--good-back); }
  .verdict.warn, .pill.warn { background: var(--warn-back); }
.verdict.bad, .pill.bad { background: var(--bad-back); }
.verdict.neutral, .pill.neutral { background: var(--neutral-back); color: var(--text); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 0.75rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-left: 4px solid currentColor;
  border-radius: 10px;
  box-shadow: var(--shadow); }
.tile.neutral { color: var(--soft); }
.tile a { display: block; padding: 0.75rem 1rem; text-decoration: none; color: inherit; height: 100%; }
.tile span { display: block; }
.tile .detail { color: var(--soft); font-size: 0.8125rem; }
.label { color: var(--soft); font-size: 0.8125rem; font-weight: 500; }
.big { font-size: 1.5rem; font-weight: 650; line-height: 1.25; letter-spacing: -0.02em; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
.cards.drawings { grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.1rem;
  box-shadow: var(--shadow); min-width: 0; }
.card > * + * { margin-top: 0.5rem; }
.pills { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; }
.pill { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 99px; font-size: 0.8125rem;
  font-weight: 600; }
.figure-line { color: var(--soft); font-size: 0.875rem; }
.figure-line .big { color: var(--text); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 8.5rem), 1fr));
  gap: 0.45rem 1rem; }
.facts dt { color: var(--soft); font-size: 0.8125rem; }
.facts dd { font-weight: 600; }
.note { color: var(--soft); font-size: 0.875rem; }
.note.bad { color: var(--bad); }
.said { border-left: 3px solid var(--line); padding-left: 0.6rem; font-size: 0.875rem; }
.said .label { display: block; }
.none { color: var(--soft); }
.chart figcaption { display: flex; justify-content: space-between; gap: 0.5rem; color: var(--soft);
  font-size: 0.75rem; }
.spark { display: block; width: 100%; height: 3rem; }
.spark .area { fill: var(--chart-area); }
.spark .line { fill: none; stroke: var(--chart); stroke-width: 2; vector-effect: non-scaling-stroke;
  stroke-linejoin: round; }
.progress, .meter { display: block; width: 100%; height: 0.5rem; border-radius: 99px; }
.meter { height: 0.75rem; border-radius: 0; }
.track { fill: var(--track); } .progress .done, .meter .value { fill: var(--chart); }
.meter .over { fill: var(--bad); } .meter .bound { fill: var(--text); }
table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
  border: 1px solid var(--line);
  border-radius: 12px; box-shadow: var(--shadow); }
table + table, .cards + table, .cards + .note, .alert + table, table + .cards { margin-top: 1rem; }
.alert { background: var(--bad-back); color: var(--bad); border-radius: 8px; padding: 0.5rem 0.9rem;
  font-weight: 600;
  margin-bottom: 0.75rem; }
h4 { margin: 0; font-size: 0.8125rem; color: var(--soft); font-weight: 600; }
.gates { display: grid; gap: 0.3rem; font-size: 0.875rem; }
caption { text-align: left; color: var(--soft); font-size: 0.875rem; padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.7rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--soft); font-size: 0.8125rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
tbody th > div { min-width: 7.5rem; } tbody td > div { min-width: 4rem; }
  tbody td:not(.figure) > div { min-width: 5.5rem; }
th.figure, td.figure { text-align: right; }
.figure > div { white-space: nowrap; }
.findings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr)); gap: 0.75rem;
  margin-top: 0.6rem; }
.finding { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 0.8rem 1.1rem;
  box-shadow: var(--shadow); }
.finding > * + * { margin-top: 0.4rem; }
.fix { display: flex; align-items: flex-start; gap: 0.6rem; }
.fix pre { flex: 1; min-width: 0; background: var(--code); border: 1px solid var(--line); border-radius: 8px;
  padding: 0.5rem 0.75rem; white-space: pre-wrap; font-size: 0.875rem; }
button { font: inherit; font-size: 0.8125rem; font-weight: 600; color: var(--link); background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; padding: 0.4rem 0.8rem; min-width: 5.2rem; cursor: pointer; }
button:hover { border-color: var(--link); }
[hidden] { display: none; }
.machine { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.machine .state { fill: var(--back); stroke: var(--soft); stroke-width: 1.2; }
.machine .initial { stroke-width: 2.8; stroke: var(--chart); }
.machine .inner { fill: none; stroke: var(--soft); stroke-width: 1; }
.machine text { font-size: 12px; fill: var(--text); text-anchor: middle; }
.machine .edge { fill: none; stroke: var(--soft); stroke-width: 1.2; opacity: 0.8; }
.machine .arrow { fill: var(--soft); }
summary { cursor: pointer; color: var(--link); font-size: 0.875rem; font-weight: 500; }
.words { padding: 0.4rem 0 0; font-size: 0.875rem; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: 0.875rem; }
@media (max-width: 70rem) {
  table, tbody, caption { display: block; }
  table { background: none; border: 0; box-shadow: none; border-radius: 0; overflow: visible; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: block; background: var(--card); border: 1px solid var(--line); border-radius: 12px;
    padding: 0.5rem 0; margin-top: 0.6rem; box-shadow: var(--shadow); }
  tbody th, tbody td, th.figure, td.figure { display: flex; justify-content: space-between; gap: 1rem;
    text-align: right;
    border: 0; padding: 0.2rem 0.9rem; }
  tbody th::before, tbody td::before { content: attr(data-title); color: var(--soft); font-weight: 500;
    text-align: left;
    flex: none; max-width: 45%; }
  tbody th > div, tbody td > div { min-width: 0; white-space: normal; }
  .fix { flex-wrap: wrap; } .fix pre { flex-basis: 100%; }
}
@media print { nav, button, .skip { display: none; } body { background: none; } }
)css";

}  // namespace gpsync::core::report
