import { expect, test } from "vitest";
import type { Brand } from "../../../../src/contract/brands.ts";
import { LANGUAGES, localeFor } from "../../../../src/helpdesk/locale/locale.ts";
import { loginButtons } from "../../../../src/helpdesk/web/portal/login-pages.ts";
import { ENGLISH } from "../../../kit/helpdesk/said-in-english.ts";

const BRAND = {
	privacyPolicyUrl: "https://shop.example/privacy",
	termsUrl: "https://shop.example/terms",
} as Brand;

/** What stands under the buttons, without the attributes of its links. */
async function noticeIn(locale = ENGLISH, brand = BRAND) {
	const buttons = [{ html: "<p>X</p>", label: "X" }] as never;
	const page = { locale, brand, buttons, csrf: "", here: "", message: "" } as never;
	const html = String(await loginButtons(page));
	return html.match(/<p class="help">(.*)<\/p>/)?.[1] ?? "";
}

test("what a visitor accepts is one sentence, with both documents in the case that its verb wants", async () => {
	const [privacy, terms] = [BRAND.privacyPolicyUrl, BRAND.termsUrl].map(
		(url) => `<a href="${url}">`,
	);
	expect(await noticeIn()).toBe(
		`If you continue, you accept the ${privacy}privacy policy</a> and the ${terms}terms of service</a>.`,
	);
	expect(await noticeIn(localeFor(undefined, "ru"))).toContain(
		`${privacy}политику конфиденциальности</a>`,
	);
});

test.each([...LANGUAGES.keys()])("in %s, the sentence leads to both documents", async (tag) => {
	const notice = await noticeIn(localeFor(undefined, tag));
	const links = [...notice.matchAll(/href="([^"]*)"/g)].map(([, url]) => url);
	expect(links.sort()).toEqual([BRAND.privacyPolicyUrl, BRAND.termsUrl]);
	expect(notice).toMatch(/\.$/);
});
