// The removal of a connected helpdesk as a job, which also forgets who has agreed to it.
import { expect, test } from "vitest";
import { localeFor } from "../../../src/helpdesk/locale/locale.ts";
import {
	connectedHelpdesksOf,
	consentsOf,
	handOffHelpdesksOf,
} from "../../../src/helpdesk/namespaces.ts";
import { REMOVE_HELPDESK } from "../../../src/helpdesk/openid/remove-helpdesk.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const DESK = "desk-1";
const USERS = 150;

/** A helpdesk of a kind, and more agreements than a step looks at, half of them to another helpdesk. */
async function openWithDesk(place: typeof connectedHelpdesksOf) {
	let pausing: PausingStorage | undefined;
	const core = await openCore(undefined, {}, (storage) => {
		pausing = new PausingStorage(storage);
		return pausing;
	});
	const { storage, jobs, clock } = core;
	const record = [...place("acorn"), "helpdesk", DESK];
	await storage.commit({ sets: [{ key: record, value: {} }] });
	const value = { at: clock.now(), since: clock.now(), agreed: {} };
	for (let user = 0; user < USERS; user += 1) {
		const keys = [DESK, "other"].map((id) => [...consentsOf("acorn"), `user${user}`, id]);
		await storage.commit({ sets: keys.map((key) => ({ key, value })) });
	}
	const params = { brandId: "acorn", helpdeskId: DESK, name: "Desk" };
	const started = await jobs.start({ type: REMOVE_HELPDESK, params, by: "op" });
	const id = "id" in started ? started.id : "";
	/** How many agreements to each helpdesk there are. */
	const agreements = async () => {
		const entries = await allEntries(storage, consentsOf("acorn"));
		const of = (helpdeskId: string) => entries.filter(({ key }) => key.at(-1) === helpdeskId);
		return [of(DESK).length, of("other").length];
	};
	const isThere = async () => (await storage.get(record)) !== undefined;
	return { core, id, agreements, isThere, pausing: pausing ?? new PausingStorage(storage) };
}

test.each([
	["takes its users by OpenID Connect", connectedHelpdesksOf],
	["takes a signed token", handOffHelpdesksOf],
])("a helpdesk that %s goes with all agreements to it, and no others", async (_, place) => {
	const { core, id, agreements, isThere } = await openWithDesk(place);

	const job = await core.runner.drive(id, 10_000);

	expect(job).toMatchObject({ state: "done", done: USERS });
	const title = job && core.jobs.describe(job).title;
	expect(localeFor("de", "en").say(title ?? "")).toBe(
		"Desk bei acorn entfernen und die Zustimmungen dazu löschen",
	);
	expect([await isThere(), await agreements()]).toEqual([false, [0, USERS]]);
});

test.each([
	["before the helpdesk is gone keeps it and all agreements", "before", true, USERS],
	["after the helpdesk is gone comes too late", "after", false, 0],
] as const)("a cancel %s", async (_, when, stays, left) => {
	const { core, id, agreements, isThere, pausing } = await openWithDesk(connectedHelpdesksOf);
	const { reached, goOn } = pausing.stopAt(when, ({ kind, keys }) =>
		when === "before"
			? kind === "get" && keys.some((key) => key.join().includes("jobs,cancel"))
			: kind === "commit" && keys.some((key) => key.at(-1) === DESK),
	);
	const driven = core.runner.drive(id, 10_000);
	await reached;
	await core.jobs.cancel(id);
	goOn();

	expect((await driven)?.state).toBe(stays ? "cancelled" : "done");
	expect([await isThere(), await agreements()]).toEqual([stays, [left, USERS]]);
});
