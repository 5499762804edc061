// The look, as text for a constructable style sheet: no policy forbids one.
export const STYLE = `
:host {
  --text: var(--bearerkit-text, #1b1f29);
  --surface: var(--bearerkit-surface, #fff);
  --line: var(--bearerkit-line, #d5d9e2);
  --muted: var(--bearerkit-muted, #545b6b);
  --sent: var(--bearerkit-sent, #5a6b86);
  --again: var(--bearerkit-again, #1a7a4c);
  --refresh: var(--bearerkit-refresh, #7a3fc4);
  --failed: var(--bearerkit-failed, #b3261e);
  display: block;
  color: var(--text);
  background: var(--surface);
  font: 0.8125rem/1.45 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :host {
    --text: var(--bearerkit-text, #eceef4);
    --surface: var(--bearerkit-surface, #171a22);
    --line: var(--bearerkit-line, #343a49);
    --muted: var(--bearerkit-muted, #aab1c2);
    --sent: var(--bearerkit-sent, #93a5c4);
    --again: var(--bearerkit-again, #5fd39a);
    --refresh: var(--bearerkit-refresh, #c39bff);
    --failed: var(--bearerkit-failed, #ff8a80);
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
p, ul { margin: 0; padding: 0; }
.head { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; align-items: center; justify-content: space-between; }
.summary { font-weight: 600; font-variant-numeric: tabular-nums; }
.tools { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: center; }
button {
  min-height: 1.75rem; padding: 0 0.6rem; border: 1px solid var(--muted); border-radius: 0.35rem;
  background: var(--surface); color: inherit; font: inherit; cursor: pointer;
}
button[aria-disabled='true'] { color: var(--muted); border-style: dashed; cursor: default; }
button:hover { border-color: var(--refresh); }
:focus-visible { outline: 2px solid var(--refresh); outline-offset: 2px; }
.chart { overflow: hidden; margin-top: 0.5rem; max-width: 100%; }
.said { min-height: 2.9em; padding-top: 0.25rem; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.empty, .said.hint { color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; color: var(--muted); }
.legend svg { vertical-align: middle; margin-right: 0.35rem; }
svg { display: block; }
.legend svg { display: inline-block; }
text { fill: var(--text); font: 0.6875rem system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.tick text { fill: var(--muted); }
.tick path { stroke: var(--line); stroke-width: 1; }
.hit { fill: transparent; }
[aria-selected='true'] > .hit { fill: var(--refresh); fill-opacity: 0.18; }
.sent { fill: var(--sent); }
.again { fill: var(--again); }
.waits { stroke: var(--refresh); stroke-width: 1.5; stroke-dasharray: 3 2; }
.stop { stroke: var(--failed); stroke-width: 2; }
.note { stroke: var(--failed); stroke-width: 1.5; stroke-dasharray: 1 3; }
.band { fill: var(--refresh); fill-opacity: 0.12; }
.band.bad { fill: var(--failed); }
.refresh { fill: var(--refresh); }
text.refresh { font-weight: 600; }
rect.refresh.bad { fill: var(--failed); }
text.bad { fill: var(--failed); font-weight: 600; }
.halo { paint-order: stroke; stroke: var(--surface); stroke-width: 3px; }
.hatch { stroke: var(--failed); stroke-width: 1; stroke-opacity: 0.5; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; font-weight: 600; }
.scroll { overflow: auto; max-height: 15rem; margin-top: 0.25rem; border: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.15rem 0.5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
thead th { position: sticky; top: 0; background: var(--surface); }
td:last-child { text-align: right; white-space: nowrap; }
@media (forced-colors: active) {
  :host {
    --text: CanvasText; --surface: Canvas; --line: GrayText; --muted: CanvasText; --sent: CanvasText;
    --again: LinkText; --refresh: Highlight; --failed: CanvasText;
  }
  svg { forced-color-adjust: none; }
}
`;
