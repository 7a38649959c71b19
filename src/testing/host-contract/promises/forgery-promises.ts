import assert from "node:assert/strict";
import { submissionOf } from "../../forms-in.ts";
import type { PortalPromises } from "../portal-promise.ts";
import { callbackPath, requestsToHooks } from "../portal-promise.ts";
import { formWith } from "../portal-visitor.ts";

/** Requests that the visitor did not intend. */
export const FORGERY_PROMISES: PortalPromises = {
	"A form without the CSRF field reaches no hook": async (opener) => {
		const opened = await opener.openEnabled();
		const { brand } = opened;
		const visitor = opened.newVisitor();
		await visitor.open(brand.loginPath);

		for (const path of [brand.startPath, brand.continuePath]) {
			const { status } = await visitor.post(path, [["button", "probe"]]);
			assert.ok(status >= 400 && status < 500, `${path} answers ${status}`);
		}
		assert.equal(requestsToHooks(opened), 0);
	},

	"A form with another browser's CSRF field reaches no hook": async (opener) => {
		const opened = await opener.openEnabled();
		const { brand } = opened;
		const [visitor, stranger] = [opened.newVisitor(), opened.newVisitor()];
		const { fields } = submissionOf(formWith(await stranger.open(brand.loginPath), "button"));
		await visitor.open(brand.loginPath);

		for (const path of [brand.startPath, brand.continuePath]) {
			const { status } = await visitor.post(path, fields);
			assert.ok(status >= 400 && status < 500, `${path} answers ${status}`);
		}
		assert.equal(requestsToHooks(opened), 0);
	},

	"A HEAD request reaches no hook": async (opener) => {
		const opened = await opener.openEnabled();
		const { brand } = opened;
		const visitor = opened.newVisitor();

		for (const path of [callbackPath(opened), brand.continuePath, brand.startPath]) {
			await visitor.request(path, { method: "HEAD" });
		}
		assert.equal(requestsToHooks(opened), 0);
	},

	"A prefetch reaches no hook": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();

		for (const purpose of ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"]) {
			const headers = { "sec-purpose": purpose };
			const answer = await visitor.request(callbackPath(opened), { headers });
			await visitor.request(opened.brand.continuePath, { headers });
			assert.ok(
				answer.status >= 400,
				"a prefetch must get an error, because a browser would show any other answer later",
			);
		}
		assert.equal(requestsToHooks(opened), 0);
	},
};
