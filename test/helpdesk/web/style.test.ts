// What the style sheet promises: contrast that people can see, and a size that loads at once.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ASSETS } from "../../../src/helpdesk/web/assets.ts";

const TOKENS = readFileSync("src/helpdesk/web/assets/tokens.css", "utf8");
const [LIGHT = "", DARK = ""] = TOKENS.split("@media (prefers-color-scheme: dark)");
const MOST_BYTES = 20_000;

function colours(css: string): ReadonlyMap<string, string> {
	return new Map(
		[...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => [name, hex]),
	);
}

const SCHEMES = {
	light: colours(LIGHT),
	dark: new Map([...colours(LIGHT), ...colours(DARK)]),
} as const;

/** The relative luminance of WCAG 2. */
function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

/** The pairs that stand on each other, and the least contrast that WCAG 2.2 asks for: 1.4.3 for text, 1.4.11 for controls. */
const PAIRS: readonly (readonly [front: string, backs: readonly string[], least: number])[] = [
	["field-line", ["card", "page", "field", "raised"], 3],
	["accent", ["card", "page"], 3],
	["text", ["page", "card", "raised", "field"], 4.5],
	["soft", ["page", "card", "raised", "field"], 4.5],
	["accent", ["page", "card", "accent-soft"], 4.5],
	["accent-text", ["accent"], 4.5],
	["good-text", ["good", "card"], 4.5],
	["bad-text", ["bad", "card", "page"], 4.5],
	["x-text", ["x"], 4.5],
	["mark-text", ["mark"], 4.5],
];

test.each(["light", "dark"] as const)(
	"text and the borders of fields have the contrast that WCAG asks for, in the %s scheme",
	(scheme) => {
		const of = (name: string): string => SCHEMES[scheme].get(name) ?? `no colour ${name}`;
		const weak = PAIRS.flatMap(([front, backs, least]) =>
			backs
				.map((back) => ({ front, back, least, is: contrast(of(front), of(back)) }))
				.filter((each) => !(each.is >= least)),
		);
		expect(weak).toEqual([]);
	},
);

test("the dark scheme changes colours that the light one has", () => {
	const names = [...colours(DARK).keys()];
	expect(names.length).toBeGreaterThan(15);
	expect(names.filter((name) => !SCHEMES.light.has(name))).toEqual([]);
});

test("the style sheet uses no colour but those of the tokens, and asks no other host for anything", () => {
	const [, rest = ""] = ASSETS.style.body.split(DARK);
	expect(rest.length).toBeGreaterThan(10_000);
	expect(rest.match(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(|url\(|@import/gi)).toBeNull();
	const used = new Set([...ASSETS.style.body.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
	expect([...used].filter((name) => !LIGHT.includes(`${name}:`))).toEqual([]);
});

test(`style and script of a page have at most ${MOST_BYTES} bytes together, compressed`, () => {
	const { style, script } = ASSETS;
	const bytes = [style, script].map(({ body }) => gzipSync(body).length);
	expect(bytes[0]).toBeGreaterThan(1000);
	expect((bytes[0] ?? 0) + (bytes[1] ?? 0)).toBeLessThanOrEqual(MOST_BYTES);
});

test("nothing moves by itself, so that nobody has to ask for less motion", () => {
	expect(ASSETS.style.body.match(/animation|transition|scroll-behavior|@keyframes/g)).toBeNull();
});
