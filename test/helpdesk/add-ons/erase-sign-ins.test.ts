import { expect, test } from "vitest";
import { deleteOneOfMany } from "../../../src/helpdesk/add-ons/delete-user.ts";
import { erasingSignIns } from "../../../src/helpdesk/add-ons/erase-sign-ins.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { end, ofAda } from "../../kit/helpdesk/open-ledger.ts";
import { knownSignIns, signInOf } from "../../kit/helpdesk/sign-ins-of-users.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

test("a standing duty erases the sign-ins of users whose deletion left that for later", async () => {
	const { addOn, addOns } = await openCore();
	const { ledger } = addOn;
	const duty = erasingSignIns(addOns);
	ledger.record(end({}, ofAda));
	expect(await duty.run()).toBeUndefined();

	await ledger.forgetLater("ada");

	expect(await duty.run()).toEqual({ key: "jobs.duty.sign-ins-erased", values: { count: 1 } });
	expect(await ledger.since(0)).toMatchObject([{ who: null }]);
	expect(await duty.run()).toBeUndefined();
});

test("a deletion of many users notes what the duty erases before an account goes, so that a crash leaves no hash", async () => {
	let pausing: PausingStorage | undefined;
	const core = await openCore(undefined, {}, (storage) => {
		pausing = new PausingStorage(storage);
		return pausing;
	});
	const { ledger } = core.addOn;
	const { id } = await core.addUser("ada@example.com");
	ledger.record(signInOf(id, "x:1"));
	await ledger.settled();
	const crash = pausing?.stopAt(
		"after",
		({ kind, keys }) =>
			kind === "commit" && keys.some((key) => key.at(-2) === "account" && key.at(-1) === id),
	);
	const deletion = deleteOneOfMany(core, id);
	await crash?.reached;

	expect(await core.accounts.find(id)).toBeUndefined();
	expect(await erasingSignIns(core.addOns).run()).toMatchObject({ values: { count: 1 } });
	expect(await knownSignIns(ledger)).toBe(0);
	crash?.goOn();
	await deletion;
});

test("the helpdesk trims its outgoing mail and erases sign-ins as standing duties", async () => {
	const { duties } = await openCore();

	const names = (await duties.states()).map(({ name }) => name);

	expect(names).toEqual(expect.arrayContaining(["trim-mail", "erase-sign-ins"]));
});
