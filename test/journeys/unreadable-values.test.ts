import { expect, test } from "vitest";
import type { StorageEntry } from "../../src/contract/storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import type { MockHost } from "../../src/testing/mock-host/mock-host.ts";
import { goToX, throughX, titleOf } from "../kit/plugin/at-x.ts";
import { ADA, NO_EMAIL, openHouse } from "../kit/plugin/open-house.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";

/** A value that no version of the plugin stores. */
const BROKEN = { canary: ["from", "elsewhere"] };

async function entriesOf(
	host: MockHost,
	...kind: readonly string[]
): Promise<readonly StorageEntry[]> {
	return (await host.storage.list(kind)).entries;
}

/** Replaces all stored values of a kind with an unreadable one, for an hour. */
async function breakAll(host: MockHost, ...kind: readonly string[]): Promise<void> {
	const entries = await entriesOf(host, ...kind);
	expect(entries).not.toEqual([]);
	const expiresAt = host.clock.now() + 60 * 60_000;
	await host.storage.commit({
		sets: entries.map(({ key }) => ({ key, value: BROKEN, expiresAt })),
	});
}

async function valuesOf(host: MockHost, ...kind: readonly string[]): Promise<unknown[]> {
	return (await entriesOf(host, ...kind)).map(({ value }) => value);
}

function reportedBy({ events }: MockHost): readonly unknown[] {
	const reports = events.filter(({ name }) => name === "storage.unreadable");
	expect(JSON.stringify(reports)).not.toMatch(/canary|x:\d|example/);
	return [...new Set(reports.map(({ fields }) => fields["kind"]))];
}

test("an unreadable link: the visitor gets a page, and the link stays unchanged", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser);
	browser.signOut();
	await breakAll(host, "link");

	const response = await throughX(browser);

	expect(titleOf(response)).toBe("Something went wrong on our side");
	expect(await valuesOf(host, "link")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["link"]);
	expect(host.users.all()).toHaveLength(1);
});

test.each(PROTOCOLS)(
	"an unreadable pending log-in under %s: the visitor gets a page, X gets no call, and the record stays",
	async (_, { protocol }) => {
		const { host, fakeX } = await openHouse({ protocol });
		const browser = host.newBrowser();
		const callback = await approveAtX(await goToX(browser));
		await breakAll(host, "pending");
		fakeX.resetStats();

		const response = await browser.openCallback(callback);

		expect(titleOf(response)).toBe("Something went wrong on our side");
		expect(fakeX.stats().total).toBe(0);
		expect(await valuesOf(host, "pending")).toEqual([BROKEN]);
		expect(reportedBy(host)).toEqual(["pending"]);
		host.clock.advance(20 * 60_000);
		expect(await entriesOf(host, "pending")).toEqual([]);
	},
);

test("an unreadable record about OAuth 2.0 keeps nobody out, opens no fallback, and stays unchanged", async () => {
	const { host, fakeX } = await openHouse({ protocol: "oauth2-else-oauth1" });
	await throughX(host.newBrowser(), { accountId: ADA.id });
	await breakAll(host, "oauth2");

	expect(await throughX(host.newBrowser(), { accountId: ADA.id })).toMatchObject({
		kind: "signed-in",
	});
	fakeX.answerNext({ call: "users_me", status: 503, body: "", times: 2 });
	expect(await throughX(host.newBrowser())).toMatchObject({ code: "x-other-protocol" });
	expect(new URL(await goToX(host.newBrowser())).searchParams.has("state")).toBe(true);

	expect(await valuesOf(host, "oauth2")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["oauth2"]);
});

test("unreadable forms: the visitor gets a page, and deletions skip them", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser, { accountId: NO_EMAIL.id });
	await breakAll(host, "continuation");

	const response = await browser.submit("email", { email: "a@example.com" });

	expect(titleOf(response)).toBe("Something went wrong on our side");
	await host.plugin.onUserDeleted("somebody");
	await host.plugin.purgeLinks("brand");
	expect(await valuesOf(host, "continuation")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["continuation"]);
});

test("an unreadable count of letters: no letter is sent, and the count stays unchanged", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser, { accountId: NO_EMAIL.id });
	await browser.submit("email", { email: "a@example.com" });
	await breakAll(host, "code-counts", "letters-of-account");
	const sent = host.mail.sent.length;

	expect(titleOf(await browser.submit("send-code"))).toBe("Something went wrong on our side");

	expect(host.mail.sent).toHaveLength(sent);
	expect(await valuesOf(host, "code-counts", "letters-of-account")).toEqual([BROKEN]);
	expect(host.events.findLast(({ name }) => name === "login.ended")).toMatchObject({
		level: "error",
		fields: { cause: "Error: a stored count cannot be read: code-counts" },
	});
	host.clock.advance(60 * 60_000);
	expect(await entriesOf(host, "code-counts")).toEqual([]);
});

test("an unreadable count of a brand's letters keeps nobody out, and stays unchanged", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser, { accountId: NO_EMAIL.id });
	await browser.submit("email", { email: "a@example.com" });
	await breakAll(host, "code-counts", "letters-of-brand");

	expect(titleOf(await browser.submit("send-code"))).toBe("Enter the code");

	expect(host.mail.sent).toHaveLength(2);
	expect(await valuesOf(host, "code-counts", "letters-of-brand")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["code-counts"]);
});

test("unreadable counts of profiles keep nobody out, and stay unchanged", async () => {
	const { host } = await openHouse();
	await throughX(host.newBrowser(), { accountId: ADA.id });
	await breakAll(host, "profiles");

	const response = await throughX(host.newBrowser(), { accountId: NO_EMAIL.id });

	expect(titleOf(response)).toBe("What is your e-mail address?");
	const { checks } = await host.plugin.checkSetup("brand");
	expect(checks).toContainEqual(expect.objectContaining({ id: "profile", state: "unknown" }));
	expect(await valuesOf(host, "profiles")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["profiles"]);
});

test("lists and exports leave out unreadable links, and a purge deletes them", async () => {
	const { host } = await openHouse();
	const browser = host.newBrowser();
	await throughX(browser, { accountId: ADA.id });
	const userId = browser.currentUserId ?? "";
	await breakAll(host, "links-of-user");
	await breakAll(host, "link");

	expect(await host.plugin.listLinkedAccounts(userId)).toEqual([]);
	expect(await host.plugin.exportLinks("brand")).toEqual({ links: [] });
	expect(await host.plugin.describeImpact({ kind: "deactivate" })).toEqual({ brands: [] });
	await host.plugin.onUserDeleted(userId);
	expect(await valuesOf(host, "links-of-user")).toEqual([BROKEN]);
	expect(await valuesOf(host, "link")).toEqual([BROKEN]);
	expect(reportedBy(host)).toEqual(["links-of-user", "link"]);

	await host.plugin.purgeLinks("brand");
	expect(await entriesOf(host, "link")).toEqual([]);
});

test.each([
	["mode", "login-and-signup-and-more"],
	["blockedDomains", 7],
	["linking", ""],
	["apiKey", "with a space"],
])(
	"a stored setting that is not valid is named, and nobody logs in: %s",
	async (setting, value) => {
		const { host } = await openHouse();
		host.settings.save("brand", { [setting]: value });

		const buttons = await host.plugin.renderLoginButtons({
			...{ page: "login", brandId: "brand", locale: "en", returnPath: "/" },
		});

		expect(buttons).toEqual([]);
		const reports = host.events.filter(({ name }) => name === "settings.refused");
		expect(reports).toMatchObject([{ level: "error", brandId: "brand", fields: { setting } }]);
		expect(JSON.stringify(reports)).not.toContain("with a space");
	},
);
