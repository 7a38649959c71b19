import { expect, test } from "vitest";
import { peopleDuties } from "../../../src/helpdesk/people/jobs/people-duties.ts";
import { COUNTS_STATE } from "../../../src/helpdesk/people/people-counts.ts";
import { addPerson, openAccounts } from "../../kit/helpdesk/open-accounts.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

test("people are counted again after a hold of a recount that cannot be read", async () => {
	const open = openAccounts();
	const { jobs } = await openCore();
	await open.search.state();
	await addPerson(open, { name: "Ada" });
	await open.place.commit({ sets: [{ key: COUNTS_STATE, value: "broken" }] });
	const [countPeople] = peopleDuties({ ...open, jobs });

	expect(await countPeople?.run()).toBe("Counted changes of 1 user");

	expect(await open.place.get(COUNTS_STATE)).toBe(undefined);
});
