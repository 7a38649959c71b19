import { expect, test } from "vitest";
import type { HostStorage } from "../../../../src/contract/storage.ts";
import type { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";
import { logInUnconfirmed } from "../../../kit/helpdesk/unconfirmed-account.ts";
import { allEntries } from "../../../kit/storage/all-entries.ts";

const MOST_LETTERS = 20_000;
const MINUTE = 60_000;

/** Fills the room for letters that wait for the mail server, for a minute. */
async function fillRoom(storage: HostStorage, clock: MockClock): Promise<void> {
	const expiresAt = clock.now() + MINUTE;
	const time = String(expiresAt).padStart(16, "0");
	for (let start = 0; start < MOST_LETTERS; start += 1000) {
		await storage.commit({
			sets: Array.from({ length: 1000 }, (_, index) => ({
				...{ key: ["mail-index", "due", time, String(start + index)], value: null, expiresAt },
			})),
		});
	}
}

/** A helpdesk whose mail server is away. */
function openWithoutMail() {
	return openHelpdesk({ deliver: () => Promise.reject(new Error("the mail server is away")) });
}

test("a visitor for whose letter there is no room is asked to try again, and nothing is written", async () => {
	const { storage, clock, portal } = await openWithoutMail();
	await fillRoom(storage, clock);
	const visitor = new HttpVisitor();
	const post = async (path: string, fields: Readonly<Record<string, string>>) => {
		await visitor.open(`${portal}${path}`);
		return visitor.submit(path, { ...fields });
	};
	const ada = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };

	const registered = await post("/register", ada);
	const forgot = await post("/forgot", { email: "ada@example.com" });

	expect([registered.status, forgot.status]).toEqual([503, 503]);
	expect(registered.html).toContain("Try again in a moment");
	expect(await allEntries(storage, ["outbox"])).toEqual([]);
	expect(await allEntries(storage, ["pending-registrations"])).toEqual([]);
	clock.advance(MINUTE);
	expect((await post("/register", ada)).status).toBe(200);
});

test("a user for whose code there is no room is asked to try again, and it counts as no code that was sent", async () => {
	const open = await openWithoutMail();
	const { storage, clock, portal } = open;
	const visitor = new HttpVisitor();
	const email = "ada@example.com";
	await logInUnconfirmed(visitor, open, { name: "Ada", email, password: "correct horse" });
	await fillRoom(storage, clock);
	const letters = (await allEntries(storage, ["outbox"])).length;
	const ask = async () => {
		await visitor.open(`${portal}/account/email`);
		return visitor.submit("/account/email", { email });
	};

	const refused = await ask();

	expect(refused.status).toBe(503);
	expect(refused.html).toContain("Try again in a moment");
	expect(await allEntries(storage, ["outbox"])).toHaveLength(letters);
	expect(await allEntries(storage, ["address-proofs"])).toEqual([]);
	clock.advance(MINUTE);
	const asked = await ask();
	expect(asked.status).toBe(200);
	expect(asked.html).toContain('action="/account/email/code"');
});
