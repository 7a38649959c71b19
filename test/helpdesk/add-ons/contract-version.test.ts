import { expect, test } from "vitest";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import { CONTRACT_VERSION } from "../../../src/contract/manifest.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

test("a plugin reads which version of the contract the helpdesk keeps", async () => {
	let given: HelpdeskHost | undefined;
	await openCore((host) => {
		given = host;
		return {};
	});

	expect(given?.contract).toBe(CONTRACT_VERSION);
});

test("a new user's suggested name and client address are accepted and not stored", async () => {
	let given: HelpdeskHost | undefined;
	const { storage } = await openCore((host) => {
		given = host;
		return {};
	});

	const creation = await given?.users.create("key", {
		brandId: "acorn",
		name: "Ada",
		email: "ada@example.com",
		emailProof: "asserted",
		locale: "en",
		suggestedName: "canary-name",
		clientAddress: "192.0.2.77",
	});

	expect(creation).toMatchObject({ kind: "created", user: { name: "Ada" } });
	const stored = JSON.stringify(await allEntries(storage));
	expect(stored).toContain("ada@example.com");
	expect(stored).not.toMatch(/canary-name|192\.0\.2\.77/);
	expect(JSON.stringify(creation)).not.toMatch(/canary-name|192\.0\.2\.77/);
});
