// Gives the plugin's functions any input of a browser. `npm run fuzz` tries 100,000 cases, here and in test/fuzz.
import fc from "fast-check";
import { expect, test } from "vitest";
import { returnPath } from "../../src/contract/return-path.ts";
import { Messages } from "../../src/plugin/locale/messages.ts";
import { anyText, LIMIT_MS, options } from "../fuzz/any-text.ts";

test(
	"any locale of a browser gives a sentence",
	() => {
		const messages = new Messages(new Map([["en", { "button.log-in": "Log in {x}" }]]));
		const property = fc.property(anyText, anyText, (locale, value) => {
			expect(messages.in(locale)("button.log-in", { x: value })).toBe(`Log in ${value}`);
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);

test(
	"a return path never leads to another host",
	() => {
		const path = fc.oneof(
			anyText,
			fc.webUrl(),
			fc
				.array(
					fc.constantFrom("/", "\\", ".", "//", "%09", "%2f", "@", ":", "evil.example", "?", "#"),
				)
				.map((parts) => parts.join("")),
		);
		const property = fc.property(path, (value) => {
			const found = returnPath(value, "https://help.example");
			expect(new URL(found, "https://help.example").origin).toBe("https://help.example");
		});
		fc.assert(property, options);
	},
	LIMIT_MS,
);
