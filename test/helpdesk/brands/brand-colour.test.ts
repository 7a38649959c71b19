import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	colourSheet,
	contrast,
	LEAST_CONTRAST,
	leastContrast,
	SCHEMES,
	SURFACES,
	shadeIn,
	typedColour,
} from "../../../src/helpdesk/brands/brand-colour.ts";

test.each([
	["#000000", "#ffffff", 21],
	["#ffffff", "#ffffff", 1],
	["#767676", "#ffffff", 4.54],
	["#ff0000", "#ffffff", 4],
])("the contrast of %s and %s is %d, as WCAG computes it", (one, other, ratio) => {
	expect(contrast(one, other)).toBeCloseTo(ratio, 1);
	expect(contrast(other, one)).toBe(contrast(one, other));
});

test("the surfaces are those of the style sheet", () => {
	const tokens = readFileSync("src/helpdesk/web/assets/tokens.css", "utf8");
	const [light = "", dark = ""] = tokens.split("@media (prefers-color-scheme: dark)");
	const of = (css: string, name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1];
	const surfaces = (css: string) => ({
		backs: ["card", "page", "raised"].map((name) => of(css, name)),
		words: of(css, "accent-text"),
	});
	expect(SURFACES).toEqual({ light: surfaces(light), dark: surfaces(dark) });
});

const CHANNELS = ["00", "33", "66", "99", "cc", "ff"];

test.each(SCHEMES)("whatever the colour, people can read its shade in the %s scheme", (scheme) => {
	const weak: string[] = [];
	for (const red of CHANNELS) {
		for (const green of CHANNELS) {
			for (const blue of CHANNELS) {
				const colour = `#${red}${green}${blue}`;
				const shade = shadeIn(scheme, colour);
				const isKept = leastContrast(colour, scheme) >= LEAST_CONTRAST;
				if (leastContrast(shade, scheme) < LEAST_CONTRAST || (isKept && shade !== colour)) {
					weak.push(`${colour}: ${shade}`);
				}
			}
		}
	}
	expect(weak).toEqual([]);
});

test("a pale yellow is darkened for the light scheme and kept in the dark one, and a navy blue the other way round", () => {
	expect(shadeIn("dark", "#ffe066")).toBe("#ffe066");
	expect(shadeIn("light", "#ffe066")).toMatch(/^#[0-8]/);
	expect(shadeIn("light", "#0b2a5b")).toBe("#0b2a5b");
	expect(shadeIn("dark", "#0b2a5b")).toMatch(/^#[7-9a-f]/);
	expect(colourSheet("#ffe066")).toMatch(
		/^:root\{--accent:#[0-9a-f]{6}\}@media \(prefers-color-scheme:dark\)\{:root\{--accent:#ffe066\}\}\n$/,
	);
});

test.each([
	["#2457C5", "#2457c5"],
	["2457c5", "#2457c5"],
	[" #25c ", "#2255cc"],
	["", undefined],
	["red", undefined],
	["#2457c", undefined],
	["#2457c5;}body{display:none", undefined],
	["#gggggg", undefined],
])("the colour that is typed as %j is %s", (typed, colour) => {
	expect(typedColour(typed)).toBe(colour);
});
