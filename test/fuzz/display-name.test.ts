// Gives the one rule for names any text, most of it made of what scripts and emoji join.
import fc from "fast-check";
import { html } from "hono/html";
import { expect, test } from "vitest";
import { displayName } from "../../src/contract/display-name.ts";
import { anyText, LIMIT_MS, options } from "./any-text.ts";

const CAP = 80;
const PIECES = [
	...[
		"a",
		"Z",
		"ß",
		"5",
		"#",
		" ",
		"\u2003",
		"\u2800",
		"<",
		"&amp;",
		'"',
		"@",
		"\n",
		"\u0000",
		"\u0085",
	],
	...[
		"\u200c",
		"\u200d",
		"\ufe0e",
		"\ufe0f",
		"\u{e0100}",
		"\u180b",
		"\u180e",
		"\u034f",
		"\u3164",
		"\ufeff",
	],
	...[
		"\u0301",
		"\u0335",
		"\u20e3",
		"\u064e",
		"\u094d",
		"\u09cd",
		"\u0d4d",
		"\u093f",
		"\ud83d",
		"\ue000",
	],
	...["ی", "خ", "م", "क", "ষ", "ന", "ක", "ᠠ", "ᄀ", "ᅡ", "한", "ก", "葛", "神", "か", "𑄌"],
	...["👨", "👩", "🏻", "🏽", "❤", "🏳", "🏴", "🌈", "🇩", "🇪", "☎", "©", "\u{1fae9}"],
	...["\u{e0067}", "\u{e0062}", "\u{e0065}", "\u{e007f}", "\u202e", "\u2066", "\u200f", "\u061c"],
];
const joined = fc
	.array(fc.constantFrom(...PIECES), { maxLength: 200 })
	.map((pieces) => pieces.join(""));
const repeated = fc
	.tuple(joined, fc.integer({ min: 1, max: 60 }))
	.map(([text, times]) => text.slice(0, 40).repeat(times));
const name = fc.oneof(joined, repeated, anyText, fc.string({ unit: "grapheme" }));

test(
	"any name becomes one that is safe to show, and stays as it is from then on",
	() => {
		const property = fc.property(name, (given) => {
			const shown = displayName(given);
			expect(displayName(shown)).toBe(shown);
			expect([...shown].length).toBeLessThanOrEqual(CAP);
			expect(shown).toBe(shown.trim());
			expect(shown.isWellFormed()).toBe(true);
			expect(shown).not.toMatch(/\p{Cc}|\p{Bidi_C}|\p{Co}|\p{Cn}|\s\s|^\p{M}|\p{M}{5}/u);
			expect(shown).not.toMatch(
				/[\u034f\u200b\u2060-\u2064\u00ad\u115f\u1160\u3164\uffa0\u2800\ufeff]/,
			);
			expect(String(html`<b title="${shown}">${shown}</b>`).match(/[<>]/g)).toHaveLength(4);
			// A name of which something is left has something to see.
			expect(shown === "" || /[\p{L}\p{N}\p{P}\p{S}]/u.test(shown)).toBe(true);
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

/** What people see as one character or word, of several code points each. */
const WHOLE = [
	...[
		"a",
		"ß",
		"李",
		"-",
		"e\u0301\u0327",
		"שָׁ",
		"한",
		"🎈",
		"❤\ufe0f",
		"1\ufe0f\u20e3",
		"🇩🇪",
		"👩🏽\u200d🚀",
	],
	...[
		"👨\u200d👩\u200d👧",
		"🏳\ufe0f\u200d🌈",
		"🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
	],
	...["می\u200cخواهم", "क्\u200dष", "ශ්\u200dරී", "മോഹന്\u200d", "葛\u{e0100}", "x y"],
];

test(
	"a name that is too long loses whole characters at its end, and no more than it must",
	() => {
		const property = fc.property(
			fc.array(fc.constantFrom(...WHOLE), { maxLength: 100 }),
			(parts) => {
				const long = parts.join("");
				const shown = displayName(long);
				const left = long.slice(shown.length).replace(/^[ \u200c\u200d]/, "");
				const [next] = new Intl.Segmenter().segment(left);

				expect(long.startsWith(shown)).toBe(true);
				const ends = [...new Intl.Segmenter().segment(long)].map(({ index }) => index);
				expect([...ends, long.length]).toContain(long.length - left.length);
				expect(left === "" || [...shown, ...(next?.segment ?? "")].length > CAP - 1).toBe(true);
			},
		);
		fc.assert(property, options);
	},
	LIMIT_MS,
);
