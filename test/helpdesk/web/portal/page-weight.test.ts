// What X adds to a log-in page, and where a log-in page takes its parts from.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { LANGUAGES } from "../../../../src/helpdesk/locale/locale.ts";
import { ASSETS } from "../../../../src/helpdesk/web/assets.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openHouse } from "../../../kit/plugin/open-house.ts";

const MOST_BYTES = 4096;
/** Of the whole of a page of ours without its style sheet and script, which style.test.ts weighs. */
const MOST_OF_PAGE = 4096;

const weightOf = (...texts: readonly string[]): number => gzipSync(texts.join("\n")).length;

/** The rules of a style sheet that style the button. */
function rulesOfButton(css: string): string {
	return (css.match(/[^{}]*\.login-button[^{}]*\{[^}]*\}/g) ?? []).join("\n");
}

test(`the button adds at most ${MOST_BYTES} bytes to a log-in page in each language, compressed, with its styles`, async () => {
	const open = await openHelpdesk();
	const pageIn = async (language: string): Promise<string> =>
		(
			await new HttpVisitor().open(`${open.portal}/login`, {
				headers: { "accept-language": language },
			})
		).html;
	const before = new Map<string, string>();
	for (const language of LANGUAGES.keys()) {
		before.set(language, await pageIn(language));
	}
	const styles = rulesOfButton(ASSETS.style.body);
	expect(styles).toContain("min-height: 44px");
	await setUpX(open);

	for (const [language, plain] of before) {
		const html = await pageIn(language);
		expect(plain).not.toContain("login-button");
		expect(html).toContain("login-button");
		const added =
			weightOf(html, ASSETS.style.body) - weightOf(plain, ASSETS.style.body.replace(styles, ""));
		expect([language, added]).toEqual([
			language,
			expect.toSatisfy((bytes) => bytes > 100 && bytes + weightOf(styles) <= MOST_BYTES),
		]);
		expect([language, weightOf(html)]).toEqual([
			language,
			expect.toSatisfy((bytes) => bytes <= MOST_OF_PAGE),
		]);
		// Whatever a page loads, a form sends or a link leads to is on the host of the page.
		const addresses = [...html.matchAll(/\b(?:src|href|action|srcset|data)="([^"]*)"/g)];
		const elsewhere = addresses
			.map(([, address = ""]) => new URL(address, open.portal))
			.filter(({ origin }) => origin !== new URL(open.portal).origin);
		expect([language, addresses.length > 10, elsewhere.map(String)]).toEqual([language, true, []]);
	}
});

test(`the markup of the button and the style sheet of the contract have at most ${MOST_BYTES} bytes, compressed`, async () => {
	const { host } = await openHouse();
	const [css = ""] =
		/(?<=```css\n).*?(?=```)/s.exec(readFileSync("src/contract/README.md", "utf8")) ?? [];
	const asked = { brandId: "brand", page: "login", locale: "ru", returnPath: "/tickets" } as const;
	const [button] = (await host.plugin.renderLoginButtons?.(asked)) ?? [];

	const bytes = weightOf(button?.html ?? "", css);
	expect(bytes).toBeGreaterThan(500);
	expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});
