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
.tight { height: 1.4em; line-height: 1.2; overflow: hidden }
.close { width: 8em; white-space: nowrap; font: 16px sans-serif }
.faded { opacity: 0.3 }
.away { position: fixed; top: -60px; height: 30px }
.away:focus { outline: 3px solid #000 }
</style></head><body><main><h1>Planted</h1>
<p class="faded">faded words</p><svg width="90" height="20"><rect width="90" height="20" fill="#777"/><text y="15" fill="#999">drawn words</text></svg>
<p class="tight">high</p><p class="close">close together</p>
<button class="away">away</button><a class="asleep" href="/c" inert>asleep</a>
<p class="pale">pale words</p><p class="picture">words on a gradient</p>
<label for="faint">Faint</label><input id="faint" class="faint">
<a class="small" href="/a">a</a><a class="small" href="/b">b</a>
<button class="plain">no outline</button> <button class="weak">weak outline</button>
<div style="height: 60px"><button class="under">covered</button></div><div class="cover"></div>
<p class="cut">words that are cut off</p><p class="wide">wide</p>
<p>below</p><p class="over">above</p><p class="narrow">letters</p><p class="out">words that leave their box</p>
<img src="/x.png"><input type="password" name="code" maxlength="6" aria-label="Code" autocomplete="on">
<input type="number" aria-label="Number" onpaste="return false">
<input aria-label="Wrong" aria-invalid="true" aria-describedby="nothing"><input aria-label="Also wrong" aria-invalid="true"><p class="problem">not announced</p>
<figure class="chart"><figcaption>Chart</figcaption></figure>
</main></body></html>`;

/** What has to be found there with more room around letters and lines, and not without. */
export const SPACED = ["clipped: main > p.tight", "leaves its box: main > p.close"];

/** A page whose words are too long in German, and in English where they are a third longer. */
export const PLANTED_WORDS = {
	en: wordsPage("en", "short words"),
	de: wordsPage("de", "nicht ganz so kurze Wörter"),
};

function wordsPage(language: string, words: string): string {
	return `<!doctype html><html lang="${language}"><head><title>Words</title><style>
.fits { width: 8em; white-space: nowrap; font: 16px monospace }
</style></head><body><main><p class="fits">${words}</p></main></body></html>`;
}

/** What each measure has to find there. */
export const FINDINGS: readonly (readonly [call: string, parts: readonly string[]])[] = [
	["axeFindings", ["axe image-alt", "axe color-contrast", "axe target-size"]],
	["axeInNewPlaces", ["axe color-contrast"]],
	["weakTexts", ["“pale words”", "“words on a gradient”", "“faded words”", "“drawn words”"]],
	["weakFields", ["input#faint"]],
	["smallTargets", ["target 10 × 10: main > a.small “a”"]],
	[
		"unseenFocus",
		[
			"not shown: main > button.plain",
			"refused: main > a.asleep",
			"out of sight: main > button.away",
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
			"digits of one script",
			"paste: ",
		],
	],
	[
		"unannounced",
		["described by nothing", "invalid without a reason", "a problem that is not announced"],
	],
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
	["spacedFindings", SPACED],
];
