// Owners set and test the webhook of alerts.
import { expect, test } from "vitest";
import { openWorld } from "../../../../kit/deeds/world.ts";

const WEBHOOK = "/admin/settings/general/alerts/webhook";

test("the secret of a webhook is shown once, when it is made", async () => {
	const { operator, url, post } = await openWorld();

	const made = await post(WEBHOOK, { url: " https://pager.example/hook " });
	const [secret = ""] = /whsec_[\w+/=]{44}/.exec(made.html) ?? [];
	const { html } = await operator.open(`${url}/admin/settings/general/alerts`);

	expect(secret).not.toBe("");
	expect(html).toContain("https://pager.example/hook");
	expect(html).not.toContain("whsec_");
});

test("an address that is too long is refused, and not cut off", async () => {
	const { core, post } = await openWorld();

	const { status, html } = await post(WEBHOOK, {
		url: `https://pager.example/${"a".repeat(2000)}`,
	});

	expect([status, await core.alerts.webhook.find()]).toEqual([400, undefined]);
	expect(html).toContain("The address is longer than 2,000 characters.");
});

test("an owner tests the webhook at most twenty times within an hour", async () => {
	const { clock, logIn, operator, password, post } = await openWorld();
	const statuses = new Set<number>();
	for (let count = 0; count < 20; count += 1) {
		statuses.add((await post(`${WEBHOOK}/test`)).status);
	}
	expect([...statuses]).toEqual([200]);

	const { status, html } = await post(`${WEBHOOK}/test`);
	expect([status, html]).toEqual([429, expect.stringContaining("Not tested: the webhook was")]);

	clock.advance(60 * 60_000);
	await logIn(operator, password);
	expect((await post(`${WEBHOOK}/test`)).status).toBe(200);
});
