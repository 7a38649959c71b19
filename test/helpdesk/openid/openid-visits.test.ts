import { executionAsyncResource } from "node:async_hooks";
import { expect, test } from "vitest";
import { type OpenIdVisit, OpenIdVisits } from "../../../src/helpdesk/openid/openid-visits.ts";

const VISIT: OpenIdVisit = {
	portalSession: undefined,
	pages: {} as OpenIdVisit["pages"],
	logOut: async () => [],
	mayStore: () => true,
};

const newVisits = () => new OpenIdVisits(async () => undefined);

test("a visit to one provider is none to another", async () => {
	const [one, two] = [newVisits(), newVisits()];

	await one.answer(VISIT, async () => {
		expect([one.current(), two.current()]).toEqual([VISIT, undefined]);
	});
	expect(one.current()).toBeUndefined();
});

test("more providers make no promise of the process slower", async () => {
	/** How many values Node copies to each promise that begins in a visit. */
	const copied = async (): Promise<number> => {
		let count = -1;
		await newVisits().answer(VISIT, async () => {
			count = Object.getOwnPropertySymbols(executionAsyncResource()).length;
		});
		return count;
	};

	const first = await copied();
	for (let more = 0; more < 3; more += 1) {
		expect(await copied()).toBe(first);
	}
});
