/** A page with one fault for each measure, and the part of its finding that names it. */
export const PLANTED = `<!doctype html><html lang="en"><head><title>Planted</title><style>
body { margin: 0; background: #fff; color: #000 }
.pale { color: #999 }
.picture { background: linear-gradient(#000, #fff) }
.faint { border: 1px solid #ddd; background: #fff; min-height: 24px }
.small { display: block; width: 10px; height: 10px }
.plain:focus { outline: none }
.weak:focus { outline: 3px solid #ddd; outline-offset: 2px }
.under { position: relative; z-index: -1 }
.under:focus { outline: 3px solid #000 }
.cover { position: absolute; left: 0; right: 0; height: 60px; margin-top: -60px; background: #fff }
.cut { width: 40px; overflow: hidden; white-space: nowrap }
.wide { width: 2000px }
.over { margin-top: -2.5em }
.narrow { width: 12px; overflow-wrap: anywhere }
.out { width: 30px; white-space: nowrap }
</style></head><body><main><h1>Planted</h1>
<p class="pale">pale words</p><p class="picture">words on a gradient</p>
<label for="faint">Faint</label><input id="faint" class="faint">
<a class="small" href="/a">a</a><a class="small" href="/b">b</a>
<button class="plain">no outline</button> <button class="weak">weak outline</button>
<div style="height: 60px"><button class="under">covered</button></div><div class="cover"></div>
<p class="cut">words that are cut off</p><p class="wide">wide</p>
<p>below</p><p class="over">above</p><p class="narrow">letters</p><p class="out">words that leave their box</p>
<img src="/x.png"><input type="password" name="code" maxlength="6" aria-label="Code" autocomplete="on">
<input aria-label="Wrong" aria-invalid="true" aria-describedby="nothing"><p class="problem">not announced</p>
<figure class="chart"><figcaption>Chart</figcaption></figure>
</main></body></html>`;

/** What each measure has to find there. */
export const FINDINGS: readonly (readonly [call: string, parts: readonly string[]])[] = [
	["axeFindings", ["axe image-alt", "axe color-contrast", "axe target-size"]],
	["weakTexts", ["“pale words”", "“words on a gradient”"]],
	["weakFields", ["input#faint"]],
	["smallTargets", ["target 10 × 10: main > a.small “a”"]],
	[
		"unseenFocus",
		[
			"not shown: main > button.plain",
			"weak colour: main > button.weak",
			"covered: div > button.under",
		],
	],
	[
		"unfillable",
		[
			"autocomplete of a password",
			"a password that is cut",
			"autocomplete of a code",
			"a code that cannot be pasted",
		],
	],
	["unannounced", ["described by nothing", "a problem that is not announced"]],
	["chartsWithoutTable", ["a chart without a table"]],
	[
		"layoutFindings",
		[
			"scrolls sideways",
			"clipped: main > p.cut",
			"overlap: main > p",
			"a broken word: main > p.narrow “letters”",
			"leaves its box: main > p.out",
		],
	],
];
