// The mark of a redirect to the helpdesk's own host gets into no form and no link of the administration.
import { expect, test } from "vitest";
import { formsIn } from "../../../../src/testing/forms-in.ts";
import { openWorld } from "../../../kit/deeds/world.ts";

test("a page that asks first leads to the address of the form, without the mark of a redirect", async () => {
	const { operator, post } = await openWorld();

	await post("/admin/audit?from=2026-01-01&redirected=1", { days: "90" });

	const asks = formsIn(operator.seen.html).filter(({ controls }) =>
		controls.some(({ name }) => name === "confirmed"),
	);
	expect(asks.map(({ action }) => action)).toEqual(["/admin/audit?from=2026-01-01"]);
	expect(operator.seen.html).not.toContain("redirected");
});

test("a log-in leads to the page that was asked for, without the mark of a redirect", async () => {
	const { url, visitor, password } = await openWorld();
	const stranger = visitor();

	await stranger.open(`${url}/admin/users?q=ada&redirected=1`);
	expect(stranger.seen.url + stranger.seen.html).not.toContain("redirected");
	const email = "operator@helpdesk.example";
	await stranger.submit("/admin/login", { email, password });

	expect(stranger.seen.url).toBe(`${url}/admin/users?q=ada`);
});

test("a proof leads back to the page that was asked for, without the mark of a redirect", async () => {
	const { clock, operator, url } = await openWorld();
	clock.advance(11 * 60_000);

	await operator.open(`${url}/admin/audit/export?from=2026-01-01&redirected=1`);

	expect(operator.seen.url).toContain("/admin/prove");
	expect(operator.seen.html).toContain("/admin/audit");
	expect(operator.seen.url + operator.seen.html).not.toContain("redirected");
});
