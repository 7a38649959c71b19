import assert from "node:assert/strict";
import type { LoginPage } from "../../../contract/login-button.ts";
import { formsIn } from "../../forms-in.ts";
import type { PortalUnderTest } from "../host-under-test.ts";
import type { HostOpener, ProbedHost } from "../opened-host.ts";
import { addAda, type PortalPromises, signIn } from "../portal-promise.ts";
import type { PortalVisitor } from "../portal-visitor.ts";

const PAGES = ["login", "register", "account"] as const;

function pathOf(
	page: LoginPage["page"],
	{ brand }: ProbedHost,
	{ registerPath, accountPath }: PortalUnderTest,
): string {
	return { login: brand.loginPath, register: registerPath, account: accountPath }[page];
}

/** A visitor who may see the page. On an account page they are logged in. */
async function visitorOf(opened: ProbedHost, page: LoginPage["page"]): Promise<PortalVisitor> {
	const visitor = opened.newVisitor();
	if (page === "account") {
		const id = await addAda(opened);
		await signIn(opened, visitor, id);
	}
	return visitor;
}

export const BUTTON_PROMISES: PortalPromises = {
	...Object.fromEntries(
		PAGES.map((page) => [
			`The plugin's button on the ${page} page works`,
			async (opener: HostOpener, portal: PortalUnderTest) => {
				const opened = await opener.openEnabled();
				const visitor = await visitorOf(opened, page);
				const seen = await visitor.open(pathOf(page, opened, portal));
				const before = opened.probe.callsOf("startLogin").length;
				await visitor.submit(seen, "button", {});

				assert.equal(seen.status, 200);
				assert.equal(opened.probe.callsOf("startLogin").length, before + 1);
			},
		]),
	),

	"renderLoginButtons gets the page, the language and the user of an account page": async (
		opener,
		portal,
	) => {
		const opened = await opener.openEnabled();
		const { probe, brand } = opened;
		for (const page of PAGES) {
			const visitor = await visitorOf(opened, page);
			await visitor.open(pathOf(page, opened, portal));
			const [asked] =
				probe.callsOf("renderLoginButtons").at(-1) ??
				assert.fail("renderLoginButtons was not called");
			assert.deepEqual([asked.page, asked.brandId], [page, brand.id]);
			assert.equal(Intl.getCanonicalLocales(asked.locale).length, 1);
			assert.equal(new URL(asked.returnPath, brand.baseUrl).origin, brand.baseUrl);
			assert.equal(typeof asked.userId, page === "account" ? "string" : "undefined");
		}
	},

	"Buttons are shown in their order": async (opener, portal) => {
		const opened = await opener.openEnabled();
		const { probe } = opened;
		for (const page of PAGES) {
			const visitor = await visitorOf(opened, page);
			probe.answer("renderLoginButtons", async (asked) => [
				await probe.buttonFor(asked, "third", 30),
				await probe.buttonFor(asked, "first", -1),
				await probe.buttonFor(asked, "second", 2),
			]);
			const { html } = await visitor.open(pathOf(page, opened, portal));
			const shown = formsIn(html).flatMap(({ controls }) =>
				controls.flatMap(({ name, values }) => (name === "button" ? values : [])),
			);
			assert.deepEqual(shown, ["first", "second", "third"], page);
			probe.answer("renderLoginButtons", async (asked) => [await probe.buttonFor(asked)]);
		}
	},

	"A page is shown even if a plugin fails to draw its buttons": async (opener, portal) => {
		const opened = await opener.openEnabled();
		for (const page of PAGES) {
			const visitor = await visitorOf(opened, page);
			opened.probe.answer("renderLoginButtons", async () => {
				throw new Error("canary-of-a-bug");
			});
			const { status, html } = await visitor.open(pathOf(page, opened, portal));
			assert.equal(status, 200, page);
			assert.ok(!html.includes("canary-of-a-bug"));
			opened.probe.answer("renderLoginButtons", async (asked) => [
				await opened.probe.buttonFor(asked),
			]);
		}
	},
};
