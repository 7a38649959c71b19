import { expect, test } from "vitest";
import { erasingSignIns } from "../../../src/helpdesk/add-ons/erase-sign-ins.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { end, ofAda } from "../../kit/helpdesk/open-ledger.ts";

test("a standing duty erases the sign-ins of users whose deletion left that for later", async () => {
	const { addOn, addOns } = await openCore();
	const { ledger } = addOn;
	const duty = erasingSignIns(addOns);
	ledger.record(end({}, ofAda));
	expect(await duty.run()).toBeUndefined();

	await ledger.forgetLater("ada");

	expect(await duty.run()).toBe("Accounts at a provider erased from Sign-ins: 1");
	expect(await ledger.since(0)).toMatchObject([{ who: null }]);
	expect(await duty.run()).toBeUndefined();
});

test("the helpdesk trims its outgoing mail and erases sign-ins as standing duties", async () => {
	const { duties } = await openCore();

	const names = (await duties.states()).map(({ name }) => name);

	expect(names).toEqual(expect.arrayContaining(["trim-mail", "erase-sign-ins"]));
});
