import { expect, test } from "vitest";
import { withOneStop } from "../../../src/helpdesk/locale/as-sentence.ts";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import { readableDay } from "../../../src/helpdesk/locale/shown-time.ts";

test.each([
	["ru", "Подключён с 1 дек. 2026 г."],
	["sr", "Povezan od 1. 12. 2026."],
	["en", "Connected since Dec 1, 2026."],
])("in %s a sentence that ends in a day has one full stop", (tag, sentence) => {
	const { text } = localeFor(undefined, tag);
	const day = readableDay(Date.UTC(2026, 11, 1), tag, {});

	expect(withOneStop(text("helpdesk.since", { day })).replaceAll(/\s/g, " ")).toBe(sentence);
});
