// What stays of connected helpdesks when the key file or the brands change.
import { expect, onTestFinished, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { connectedHelpdesks, connectHelpdesk } from "../../kit/openid/connect-helpdesk.ts";
import { logInAtHelpdesk, openDesk, visitorThroughX } from "../../kit/openid/open-desk.ts";

async function startWith(options: Parameters<typeof helpdeskOptions>[0]) {
	const helpdesk = await startHelpdesk(await helpdeskOptions(options));
	onTestFinished(() => helpdesk.close());
	return helpdesk;
}

test("a start with a new and an old key makes the old one needless, also for a brand that is not served", async () => {
	const open = await openDesk();
	await logInAtHelpdesk(await visitorThroughX(open, "1"), open);
	const elsewhere = await connectHelpdesk(open, {}, "gone");
	const jwks = async (portal: string) => (await fetch(`${portal}/oidc/jwks`)).json();
	const before = await jwks(open.portal);
	const newKey = cryptoRandom.bytes(32);

	await startWith({ ...open.options, keys: [newKey, ...open.keys] });

	const kept = { ...open.options, keys: [newKey] };
	const after = await startWith(kept);
	expect(await jwks(after.brands[0]?.baseUrl ?? "")).toEqual(before);
	for (const [brandId, { clientId, clientSecret }] of [
		["acorn", open.client],
		["gone", elsewhere],
	] as const) {
		const helpdesks = connectedHelpdesks(kept, brandId);
		const found = (await helpdesks.find(clientId)) ?? expect.fail("no helpdesk");
		expect(helpdesks.secretOf(found).reveal()).toBe(clientSecret);
	}
});

test("a stored helpdesk that a configured one hides is sealed with the new key, too", async () => {
	const clock = new MockClock();
	const keeping = { clock, storage: new MemoryStorage(clock), keys: [cryptoRandom.bytes(32)] };
	const { clientId, clientSecret } = await connectHelpdesk(keeping);
	const stored = (await connectedHelpdesks(keeping).find(clientId)) ?? expect.fail("no helpdesk");
	const newKey = cryptoRandom.bytes(32);
	const configured = [
		{ brandId: "acorn", id: clientId, helpdesk: stored, secret: secret("another".repeat(7)) },
	];
	const both = { ...keeping, keys: [newKey, ...keeping.keys] };
	await connectedHelpdesks(both, "acorn", configured).reseal();

	const helpdesks = connectedHelpdesks({ ...keeping, keys: [newKey] });
	const found = (await helpdesks.find(clientId)) ?? expect.fail("no helpdesk");
	expect(helpdesks.secretOf(found).reveal()).toBe(clientSecret);
});

test("a brand that is left out keeps its connected helpdesks, and the start says that it is there", async () => {
	const clock = new MockClock();
	const keeping = { clock, storage: new MemoryStorage(clock), keys: [cryptoRandom.bytes(32)] };
	const configuredBrands = [
		{ id: "acorn", name: "Acorn", url: "http://127.0.0.1:8080", locale: "en" },
	];
	const leftOutAtStart = async () =>
		(await startWith({ ...keeping, configuredBrands })).leftOut.map(({ id }) => id);
	expect(await leftOutAtStart()).toEqual([]);
	await connectHelpdesk(keeping, {}, "harbor");
	expect(await leftOutAtStart()).toEqual(["harbor"]);
	expect(await connectedHelpdesks(keeping, "harbor").all()).toHaveLength(1);
});

test("a test is noted for the helpdesk as it was tested, cut to a bounded length, and goes with it", async () => {
	const clock = new MockClock();
	const keeping = { clock, storage: new MemoryStorage(clock), keys: [cryptoRandom.bytes(32)] };
	const { clientId } = await connectHelpdesk(keeping);
	const helpdesks = connectedHelpdesks(keeping);
	const find = async () => (await helpdesks.find(clientId)) ?? expect.fail("no helpdesk");
	const before = await find();

	await helpdesks.noteTest(before, "x".repeat(5000));
	expect((await helpdesks.lastTests()).get(clientId)).toEqual({
		...{ at: clock.now(), problem: "x".repeat(300) },
	});

	await helpdesks.change(clientId, (old) => ({ ...old, name: "Another name" }));
	expect((await helpdesks.lastTests()).size).toBe(0);
	await helpdesks.noteTest(before, null);
	expect((await helpdesks.lastTests()).size).toBe(0);

	await helpdesks.noteTest(await find(), null);
	expect((await helpdesks.lastTests()).get(clientId)?.problem).toBeNull();
	const last = await find();
	await helpdesks.remove(clientId);
	await helpdesks.noteTest(last, null);
	expect((await helpdesks.lastTests()).size).toBe(0);
});
