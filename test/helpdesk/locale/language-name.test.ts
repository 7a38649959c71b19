import { expect, test } from "vitest";
import { languageInSentence, languageName } from "../../../src/helpdesk/locale/language-name.ts";

test.each([
	["en", "en", "English", "English"],
	["de", "fr", "allemand", "Allemand"],
	["en", "ru", "английский", "Английский"],
	["en", "cs", "angličtina", "Angličtina"],
	["tr", "tr", "Türkçe", "Türkçe"],
	["de", "fa", "آلمانی", "آلمانی"],
	["pt-BR", "es", "portugués de Brasil", "Portugués de Brasil"],
])("the language %s in %s is %s in a sentence, and %s alone", (tag, reader, within, alone) => {
	expect(languageInSentence(tag, reader)).toBe(within);
	expect(languageName(tag, reader)).toBe(alone);
});

test.each(["x y", "de/at"])("what is no language, such as %s, stands for itself", (tag) => {
	expect(languageInSentence(tag, "de")).toBe(tag);
});
