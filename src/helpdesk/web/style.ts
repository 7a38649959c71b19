/** The whole look of the helpdesk, in light and dark. */
export const STYLE = `
:root {
	color-scheme: light dark;
	--page: #f6f7f9; --card: #ffffff; --text: #16202c; --soft: #586474; --line: #d5dbe3;
	--accent: #1f5fbf; --accent-text: #ffffff; --good: #e3f4e8; --good-text: #14532d; --bad: #fdeaea; --bad-text: #8a1c1c;
	--x: #0f1419; --x-text: #ffffff;
	--chart-good: #2c8a57; --chart-quiet: #7b8696; --chart-bad: #c2413a; --chart-plain: #1f5fbf;
}
@media (prefers-color-scheme: dark) {
	:root {
		--page: #12161c; --card: #1b212a; --text: #e8ecf2; --soft: #a3afbf; --line: #36404e;
		--accent: #8ab8ff; --accent-text: #0c1524; --good: #14311f; --good-text: #b6f0c8; --bad: #3d1a1a; --bad-text: #ffc9c9;
		--x: #ffffff; --x-text: #0f1419;
		--chart-good: #4fb983; --chart-quiet: #8d99aa; --chart-bad: #f08078; --chart-plain: #8ab8ff;
	}
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--text);
	font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
header.site { background: var(--card); border-bottom: 1px solid var(--line); }
.bar { max-width: 60rem; margin: 0 auto; padding: .75rem 1.25rem; display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between; }
.brand { font-weight: 700; font-size: 1.1rem; color: var(--text); text-decoration: none; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: center; }
nav form { margin: 0; }
main { flex: 1; width: 100%; margin: 2rem auto; padding: 0 1.25rem; overflow-wrap: break-word; }
main.narrow { max-width: 30rem; }
main.wide { max-width: 60rem; }
footer.site { padding: 1.5rem 1.25rem; text-align: center; color: var(--soft); font-size: .9rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.5rem; }
.soft { color: var(--soft); }
label, legend { display: block; font-weight: 600; margin: 1rem 0 .25rem; padding: 0; }
input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea { width: 100%; min-height: 44px; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 8px; }
textarea[readonly] { field-sizing: content; }
textarea.data { font-family: ui-monospace, monospace; font-size: .9rem; line-height: 1.5; resize: vertical; white-space: pre; overflow-x: auto; }
input[readonly] { font-family: ui-monospace, monospace; font-size: .9rem; }
input[aria-invalid=true] { border-color: var(--bad-text); }
.help { margin: .25rem 0 0; font-size: .9rem; color: var(--soft); }
.problem { margin: .25rem 0 0; font-size: .9rem; color: var(--bad-text); font-weight: 600; overflow-wrap: anywhere; }
button { min-height: 44px; padding: .5rem 1.25rem; font: inherit; font-weight: 600; border-radius: 8px; border: 1px solid var(--accent); background: var(--accent); color: var(--accent-text); cursor: pointer; }
button.secondary { background: transparent; color: var(--accent); }
button.link { text-align: left; min-height: 0; padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; font-weight: 400; }
.actions { margin-top: 1.5rem; }
p.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
.card form > button[type=submit]:not(.link) { margin-top: 1.25rem; width: 100%; } .card form > button[data-passkey] { margin-top: 1.25rem; }
main.wide .card form > button.secondary[type=submit] { width: auto; } .card form:has(> button:last-child) + .help { margin-top: .75rem; }
.login-button { display: flex; align-items: center; justify-content: center; gap: .75rem; width: 100%; min-height: 44px; border: 1px solid var(--x); background: var(--x); color: var(--x-text); border-radius: 999px; }
.login-button-icon { display: inline-flex; }
.or { display: flex; align-items: center; gap: 1rem; margin: 1.25rem 0; color: var(--soft); }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.login-button-note { margin: .5rem 0 0; font-size: .9rem; color: var(--bad-text); }
.trace-code { color: var(--soft); font-size: .9rem; }
.notice, .banner { padding: .75rem 1rem; border-radius: 8px; margin: 0 0 1.25rem; background: var(--good); color: var(--good-text); overflow-wrap: anywhere; }
.notice.bad, .banner { background: var(--bad); color: var(--bad-text); }
.notice a, .banner a, .notice summary { color: inherit; font-weight: 600; } .notice details, .notice details p { margin: .5rem 0 0; }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
th, td { text-align: left; padding: .75rem 1rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; } td strong { overflow-wrap: anywhere; }
.row-actions { display: flex; gap: 1rem; flex-wrap: wrap; }
.row-actions form, .row-actions details { margin: 0; } .row-actions input:not([type=hidden]) + button { margin-top: .75rem; }
.tabs { display: flex; gap: .5rem; flex-wrap: wrap; margin: 0 0 1.25rem; padding: 0; list-style: none; }
.tabs a { display: block; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 999px; text-decoration: none; background: var(--card); }
.tabs a[aria-current] { background: var(--accent); color: var(--accent-text); border-color: var(--accent); }
.checks li { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; list-style: none; overflow-wrap: anywhere; } ul.checks { padding: 0; margin: 0; }
.dense th, .dense td { padding: .4rem .75rem; font-size: .95rem; } .dense td:not(.wide) { white-space: nowrap; } .dense td.wide { overflow-wrap: anywhere; } .dense td.user { min-width: 13rem; }
.check.failed strong { color: var(--bad-text); } .check.ok strong { color: var(--good-text); }
fieldset { border: 0; margin: 0 0 1.5rem; padding: 0; } input + fieldset { margin-top: 1.25rem; }
.case { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: 0 1.5rem; } .case label { margin-top: .75rem; } .case legend { margin: 0; font-size: 1.15rem; } .actions:has(a) { display: flex; gap: 1rem; align-items: center; }
ol.screens { padding-left: 1.5rem; } ol.screens > li { margin: 0 0 1.5rem; } ol.screens > li::marker { font-weight: 700; }
fieldset.screen { border: 1px solid var(--line); padding: 1.5rem; margin: 0; max-width: 30rem; min-width: 0; } .screen :disabled { cursor: default; }
details { margin: 1rem 0; } summary { cursor: pointer; color: var(--accent); }
.card form:has(> button.link:only-of-type) { margin: .75rem 0; }
.linking { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
.linked { display: flex; gap: .75rem; align-items: center; list-style: none; } .linked > span:not(.login-button-icon) { flex: 1; min-width: 0; overflow-wrap: anywhere; } .linked form { margin: 0; }
ul.plain:has(.linked) { padding: 0; } ul.plain .linked { margin: .75rem 0; }
.linked .login-button-icon svg { width: 22px; height: 22px; fill: currentColor; }
.card .linked form > button[type=submit]:not(.link) { margin: 0; width: auto; }
.card > :first-child { margin-top: 0; } .card > :last-child, .card > form:last-child > :last-child { margin-bottom: 0; } .card > form:first-child > input[type=hidden]:first-child + label { margin-top: 0; }
.card + .card { margin-top: 1rem; } .letter h2 { margin-top: 0; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; } pre.recipe { font: .85rem/1.5 ui-monospace, monospace; } :is(.help, .problem) + .notice { margin-top: 1rem; }
.copy { display: flex; gap: .5rem; align-items: stretch; }
.copy input { min-width: 0; flex: 1; } .copy ~ .help:has(> a), .copy ~ .help:has(> a) + .help { margin-top: .75rem; }
ol li, ul.plain li { margin: .4rem 0; }
.qr svg { display: block; width: min(100%, 14rem); margin: .75rem 0; border-radius: 8px; } code.key { font-size: 1.05rem; }
code { overflow-wrap: anywhere; font-size: .9rem; }
.toggle { display: flex; gap: .75rem; align-items: center; margin: .75rem 0; font-weight: 600; }
.toggle input { width: 24px; height: 24px; flex: none; }
.choice > :not(.toggle) { margin-left: 2.5rem; } .choice:not(:has(> .toggle)) > div { margin-left: 0; } .choice ul.plain { padding-left: 1.25rem; }
.impact { margin: 0 0 1rem; padding-left: 1.25rem; font-weight: 600; }
.actions.answer { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; }
.breadcrumb { color: var(--soft); font-size: .9rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .5rem 1.5rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.filters { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin: 0 0 1rem; padding: 1rem 1.5rem; }
.filters > div { flex: 1 1 12rem; } .filters > div:last-child { flex: 0 0 auto; } .filters label { margin-top: 0; }
.stats { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 0 0 1rem; }
.stats > div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .75rem 1.25rem; }
.stats dd { color: var(--soft); margin: 0; } .stats strong { font-size: 1.6rem; color: var(--text); margin-right: .25rem; }
.chart, .costs { margin: 0 0 1rem; min-width: 0; } :is(.chart, .costs) h2 { margin: 0; } .costs > .scroll { margin: .75rem 0; } .costs tbody:not(:last-child) > tr:last-child > * { border-bottom: 1px solid var(--line); } .chart figcaption { margin-bottom: .75rem; }
.chart svg { display: block; overflow: visible; } .chart svg.patterns { position: absolute; width: 0; height: 0; }
.chart text { font-size: 12px; fill: var(--soft); } .chart text.label { font-size: 14px; fill: var(--text); }
.chart .grid { stroke: var(--line); } .chart .hit { fill: transparent; } .chart g:hover > .hit { fill: var(--line); opacity: .5; }
.fill.good rect { fill: var(--chart-good); } .fill.quiet rect { fill: var(--chart-quiet); } .fill.bad rect { fill: var(--chart-bad); } .fill.plain rect { fill: var(--chart-plain); }
.fill .mark { stroke: var(--card); stroke-width: 1.5; fill: var(--card); } .fill.bad .mark { fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .5rem; padding: 0; list-style: none; } .legend li { display: flex; gap: .5rem; align-items: center; }
.chart-pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1rem; } .chart-pair .card + .card { margin-top: 0; }
.scroll { overflow-x: auto; } .figures th[scope=row] { font-weight: 400; } .nowrap { white-space: nowrap; } .figures td, .figures th { padding: .4rem .75rem; } .number { text-align: right; }
.outcome { white-space: nowrap; border-left: 4px solid var(--chart-quiet); padding-left: .5rem; } .outcome.came-in { border-color: var(--chart-good); } .outcome.refused { border-color: var(--chart-bad); }
.list-head { margin-bottom: .5rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; justify-content: space-between; }
.card.snug > :first-child { margin-top: 0; } .help:has(+ .filters), .help.lead { margin-bottom: 1rem; }
ol.calls, .calls ol { list-style: none; margin: 0; padding: 0; } .help + .calls { margin-top: 1rem; } .calls > li { margin: 0 0 .75rem; padding: .75rem 1.25rem; border-left: 4px solid var(--chart-good); } .calls > li.failed { border-left-color: var(--chart-bad); }
.calls h2 { margin: 0; font-size: 1rem; font-family: ui-monospace, monospace; } .calls .end { margin: 0; overflow-wrap: anywhere; } .calls .failed .end, .calls ol .failed { color: var(--bad-text); }
.calls ol li { margin: .5rem 0 0; padding-top: .5rem; border-top: 1px solid var(--line); font-size: .9rem; } .calls pre, .notice pre { margin: .25rem 0 0; font: .85rem/1.5 ui-monospace, monospace; } .calls pre.answer { color: var(--soft); } .notice p { margin: 0; }
.pager { justify-content: center; margin: 1rem 0; }
progress { display: block; width: 100%; height: 1rem; accent-color: var(--accent); margin: .5rem 0 1.25rem; }
@media (max-width: 34rem) {
	main { margin: 1.25rem auto; }
	.card { padding: 1.1rem; }
	thead { position: absolute; clip-path: inset(50%); width: 1px; overflow: hidden; }
	td { display: block; padding: .6rem .9rem; }
	td:not(:last-child) { border-bottom: 0; }
	.figures thead { position: static; clip-path: none; } .figures td, .figures th { padding: .4rem .35rem; } .figures td { display: table-cell; border-bottom: 1px solid var(--line); }
	.filters > div, .filters > div:last-child { flex: 1 1 100%; } .filters { padding: 1rem 1.1rem; }
	.dense td { display: inline-block; border: 0; padding: .2rem .5rem; } .dense tr { display: block; padding: .4rem; border-bottom: 1px solid var(--line); }
	.chart text.spare { display: none; }
	.checks li { grid-template-columns: 1fr; }
	.copy { flex-direction: column; }
	dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .75rem; }
}
`;
