/** How a page looks, beside its plots. */
export const PAGE_STYLE: string = `
:root { color-scheme: light dark; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: light-dark(#fff, #16181c); color: light-dark(#1c1e21, #e4e6ea); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 48px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 32px 0 8px; }
p { margin: 0 0 12px; color: light-dark(#50555c, #a4a9b2); }
.advice { margin: 16px 0; padding: 12px 12px 12px 32px; border-left: 4px solid #009e73; background: light-dark(#eef8f4, #1d2b26); }
section { margin: 20px 0; }
.plot { width: 100%; min-height: 380px; }
.u-legend { font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
.scroll table { width: 100%; }
.scroll th, .scroll td { padding: 4px 8px; text-align: right; border-bottom: 1px solid light-dark(#e1e4e8, #33373d); font-variant-numeric: tabular-nums; }
.scroll th:first-child, .scroll td:first-child { text-align: left; }
.best td { font-weight: 600; background: light-dark(#eef8f4, #1d2b26); }
`;
