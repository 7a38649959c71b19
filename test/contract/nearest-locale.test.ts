import { expect, test } from "vitest";
import { nearestLocale } from "../../src/contract/nearest-locale.ts";

const OFFERED = [
	...["en", "cs", "da", "de", "es", "fa", "fr", "nb"],
	...["nl", "pl", "pt", "pt-BR", "ru", "sr", "sv", "tr"],
];

test.each([
	["de", "de"],
	["DE-at", "de"],
	["pt-BR", "pt-BR"],
	["pt_BR", "pt-BR"],
	["pt-br", "pt-BR"],
	["pt-Latn-BR", "pt-BR"],
	["pt-PT", "pt"],
	["pt-AO", "pt"],
	["no", "nb"],
	["no-NO", "nb"],
	["nn", "nb"],
	["rs", "sr"],
	["sh", "sr"],
	["sr-Latn", "sr"],
	["sr-Cyrl", "sr"],
	["sr-Cyrl-RS", "sr"],
	["fa-AF", "fa"],
	["en-x-pirate", "en"],
	["tlh", undefined],
	["", undefined],
	["__proto__", undefined],
	["pt-BR-x-old", "pt-BR"],
	["-de", undefined],
])("a reader of %j is served by %j", (wanted, locale) => {
	expect(nearestLocale(wanted, OFFERED)).toBe(locale);
});

test("capitals of what is offered do not matter, and it comes back as it is", () => {
	expect(nearestLocale("PT-br", ["PT-br", "pt"])).toBe("PT-br");
	expect(nearestLocale("de", ["DE"])).toBe("DE");
});
