// What the helpdesk knows about linked accounts, from log-ins over HTTP.
import { expect, test } from "vitest";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import type { OpenHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { openWithPeople, PEOPLE, throughX } from "../../../kit/helpdesk/people-with-x.ts";

/** The handles that accounts have in the storage. */
async function handlesIn({ storage }: OpenHelpdesk): Promise<readonly string[]> {
	const { entries } = await storage.list([...NAMESPACES.accounts, "account"], { limit: 100 });
	return entries
		.flatMap(({ value }) => (Object(value).links ?? []) as { readonly label: string }[])
		.map(({ label }) => label)
		.sort();
}

test("who signs up, links or waits for an approval is known by their handle at once", async () => {
	expect(await handlesIn(await openWithPeople())).toEqual([
		"@ada_at_x",
		"@grace_at_x",
		"@susan_at_x",
		"@wanda_at_x",
	]);
});

test("a handle that was changed at X is known after the next log-in, and one that was not costs no write", async () => {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	await throughX(open, "1");
	const account = async () =>
		(await open.storage.list([...NAMESPACES.accounts, "account"])).entries.map(
			({ version }) => version,
		);
	const before = await account();

	await throughX(open, "1");
	expect(await account()).toEqual(before);
	open.fakeX.renameAccount("1", "countess");
	await throughX(open, "1");

	expect(await handlesIn(open)).toEqual(["@countess"]);
});
