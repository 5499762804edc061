// The look, as text for a constructable style sheet: no policy forbids one.
// The own properties have names that no page gives to its own: else `--bearerkit-text: var(--text)`
// would ask for itself.
export const STYLE = `
:host {
  --b-text: var(--bearerkit-text, #1b1f29);
  --b-surface: var(--bearerkit-surface, #fff);
  --b-line: var(--bearerkit-line, #d5d9e2);
  --b-muted: var(--bearerkit-muted, #545b6b);
  --b-sent: var(--bearerkit-sent, #5a6b86);
  --b-again: var(--bearerkit-again, #1a7a4c);
  --b-refresh: var(--bearerkit-refresh, #7a3fc4);
  --b-failed: var(--bearerkit-failed, #b3261e);
  display: block;
  color: var(--b-text);
  background: var(--b-surface);
  font: 0.8125rem/1.45 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :host {
    --b-text: var(--bearerkit-text, #eceef4);
    --b-surface: var(--bearerkit-surface, #171a22);
    --b-line: var(--bearerkit-line, #343a49);
    --b-muted: var(--bearerkit-muted, #aab1c2);
    --b-sent: var(--bearerkit-sent, #93a5c4);
    --b-again: var(--bearerkit-again, #5fd39a);
    --b-refresh: var(--bearerkit-refresh, #c39bff);
    --b-failed: var(--bearerkit-failed, #ff8a80);
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
p, ul { margin: 0; padding: 0; }
.head { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; justify-content: space-between; }
.summary { font-weight: 600; font-variant-numeric: tabular-nums; }
.tools { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: center; }
button {
  min-height: 1.75rem; padding: 0 0.6rem; border: 1px solid var(--b-muted); border-radius: 0.35rem;
  background: var(--b-surface); color: inherit; font: inherit; cursor: pointer;
}
button[aria-disabled='true'] { color: var(--b-muted); border-style: dashed; cursor: default; }
button:hover { border-color: var(--b-refresh); }
:focus-visible { outline: 2px solid var(--b-refresh); outline-offset: 2px; }
.chart { overflow: hidden; margin-top: 0.5rem; max-width: 100%; }
.said { min-height: 2.9em; padding-top: 0.25rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.empty, .said.hint { color: var(--b-muted); }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; color: var(--b-muted); }
.legend svg { vertical-align: middle; margin-right: 0.35rem; }
svg { display: block; }
.legend svg { display: inline-block; }
text { fill: var(--b-text); font: 0.6875rem system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.tick text { fill: var(--b-muted); }
.tick path { stroke: var(--b-line); stroke-width: 1; }
.hit { fill: transparent; }
.words { pointer-events: none; }
[aria-selected='true'] > .hit { fill: var(--b-refresh); fill-opacity: 0.18; }
.sent { fill: var(--b-sent); }
.again { fill: var(--b-again); }
.waits { stroke: var(--b-refresh); stroke-width: 1.5; stroke-dasharray: 3 2; }
.stop { stroke: var(--b-failed); stroke-width: 2; }
.note { stroke: var(--b-failed); stroke-width: 1.5; stroke-dasharray: 1 3; }
.band { fill: var(--b-refresh); fill-opacity: 0.12; }
.band.bad { fill: var(--b-failed); }
.refresh { fill: var(--b-refresh); }
text.refresh { font-weight: 600; }
rect.refresh.bad { fill: var(--b-failed); }
text.bad { fill: var(--b-failed); font-weight: 600; }
.halo { paint-order: stroke; stroke: var(--b-surface); stroke-width: 3px; }
.hatch { stroke: var(--b-failed); stroke-width: 1; stroke-opacity: 0.5; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; font-weight: 600; }
.scroll { overflow: auto; max-height: 15rem; margin-top: 0.25rem; border: 1px solid var(--b-line); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.5rem; border-bottom: 1px solid var(--b-line); text-align: left; vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
thead th { position: sticky; top: 0; background: var(--b-surface); }
td:last-child, th:last-child[scope='col'] { text-align: right; white-space: nowrap; }
@media (forced-colors: active) {
  :host {
    --b-text: CanvasText; --b-surface: Canvas; --b-line: GrayText; --b-muted: CanvasText; --b-sent: CanvasText;
    --b-again: LinkText; --b-refresh: Highlight; --b-failed: CanvasText;
  }
  svg { forced-color-adjust: none; }
}
`;
