import { expect, test } from "vitest";
import { indexingSignIns } from "../../../src/helpdesk/add-ons/index-sign-ins.ts";
import { signInsOf } from "../../../src/helpdesk/namespaces.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { end, ofAda } from "../../kit/helpdesk/open-ledger.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

test("a standing duty puts sign-ins of an earlier version into the index", async () => {
	const { addOn, addOns, storage, duties } = await openCore();
	addOn.ledger.record(end({}, ofAda));
	await addOn.ledger.settled();
	const place = signInsOf(addOn.loaded.manifest.id);
	const keys = async () => (await allEntries(storage, place)).map(({ key }) => key[2] ?? "");
	for (const { key, value } of await allEntries(storage, [...place, "entry"])) {
		const { isIndexed: _, ...old } = fieldsOf(value);
		await storage.commit({ sets: [{ key, value: old }] });
	}
	for (const kind of ["by-code", "by-account"]) {
		const leading = await allEntries(storage, [...place, kind]);
		expect(leading).toHaveLength(1);
		await storage.commit({ deletes: leading.map(({ key }) => key) });
	}

	const said = await indexingSignIns(addOns).run();

	expect(said).toEqual({ key: "jobs.duty.sign-ins-indexed", values: { count: 1 } });
	expect(await keys()).toEqual(expect.arrayContaining(["by-account", "by-code", "state"]));
	expect(await indexingSignIns(addOns).run()).toBeUndefined();
	expect((await duties.states()).map(({ name }) => name)).toContain("index-sign-ins");
});
