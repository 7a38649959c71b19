import { expect, test } from "vitest";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { INDEX_JOB_ID, indexStateSet } from "../../../src/helpdesk/people/index-state.ts";
import { INDEX_PEOPLE } from "../../../src/helpdesk/people/jobs/index-people.ts";
import { peopleDuties } from "../../../src/helpdesk/people/jobs/people-duties.ts";
import { COUNTS_STATE } from "../../../src/helpdesk/people/people-counts.ts";
import { namespaced } from "../../../src/storage/namespaced-storage.ts";
import { addPerson, openAccounts } from "../../kit/helpdesk/open-accounts.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

test("people are counted again after a hold of a recount that cannot be read", async () => {
	const open = openAccounts();
	const { jobs } = await openCore();
	await open.search.state();
	await addPerson(open, { name: "Ada" });
	await open.place.commit({ sets: [{ key: COUNTS_STATE, value: "broken" }] });
	const [countPeople] = peopleDuties({ ...open, jobs });

	expect(await countPeople?.run()).toMatchObject({ values: { count: 1 } });

	expect(await open.place.get(COUNTS_STATE)).toBe(undefined);
});

test("the index is built also after its job was cancelled, by one job at a time", async () => {
	const { jobs, runner, ...core } = await openCore();
	const place = namespaced(core.storage, NAMESPACES.accounts);
	await place.commit({ sets: [indexStateSet("building")] });
	const startIndex = peopleDuties({ ...core, jobs })[1];
	expect(await startIndex?.run()).toEqual({ key: "jobs.duty.index-started" });
	await jobs.cancel(INDEX_JOB_ID);
	expect(await runner.drive(INDEX_JOB_ID, 60_000)).toMatchObject({ state: "cancelled" });

	expect(await startIndex?.run()).toEqual({ key: "jobs.duty.index-started" });
	expect(await startIndex?.run()).toBe(undefined);

	const { id = "" } = (await jobs.underWay(INDEX_PEOPLE)) ?? {};
	await runner.drive(id, 60_000);
	expect(await core.search.state()).toMatchObject({ isReady: true });
	expect(await startIndex?.run()).toBe(undefined);
});
