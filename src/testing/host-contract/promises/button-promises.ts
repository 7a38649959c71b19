import assert from "node:assert/strict";
import type { LoginPage } from "../../../contract/login-button.ts";
import { formsIn } from "../../forms-in.ts";
import type { PortalUnderTest } from "../host-under-test.ts";
import type { Contract, Opened } from "../opened-host.ts";
import { addAda, type PortalPromises, signIn } from "../portal-promise.ts";
import type { PortalVisitor } from "../portal-visitor.ts";

const PAGES = ["login", "register", "account"] as const;

function pathOf(
	page: LoginPage["page"],
	{ brand }: Opened,
	{ registerPath, accountPath }: PortalUnderTest,
): string {
	return { login: brand.loginPath, register: registerPath, account: accountPath }[page];
}

/** A visitor who may see the page: somebody is signed in on an account page. */
async function visitorOf(opened: Opened, page: LoginPage["page"]): Promise<PortalVisitor> {
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
			`shows the plugin's button on the ${page} page, and it works`,
			async (contract: Contract, portal: PortalUnderTest) => {
				const opened = await contract.openEnabled();
				const visitor = await visitorOf(opened, page);
				const seen = await visitor.open(pathOf(page, opened, portal));
				const before = opened.probe.callsOf("startLogin").length;
				await visitor.submit(seen, "button", {});

				assert.equal(seen.status, 200);
				assert.equal(opened.probe.callsOf("startLogin").length, before + 1);
			},
		]),
	),

	"says which page a button is for, in which language and on whose account page": async (
		contract,
		portal,
	) => {
		const opened = await contract.openEnabled();
		const { probe, brand } = opened;
		for (const page of PAGES) {
			const visitor = await visitorOf(opened, page);
			await visitor.open(pathOf(page, opened, portal));
			const [asked] = probe.callsOf("renderLoginButtons").at(-1) ?? assert.fail("not asked");
			assert.deepEqual([asked.page, asked.brandId], [page, brand.id]);
			assert.equal(Intl.getCanonicalLocales(asked.locale).length, 1);
			assert.equal(new URL(asked.returnPath, brand.baseUrl).origin, brand.baseUrl);
			assert.equal(typeof asked.userId, page === "account" ? "string" : "undefined");
		}
	},

	"shows buttons in their order": async (contract, portal) => {
		const opened = await contract.openEnabled();
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

	"shows its pages when a plugin fails to draw its buttons": async (contract, portal) => {
		const opened = await contract.openEnabled();
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
