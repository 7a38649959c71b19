import { expect, test } from "vitest";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk } from "../../../kit/helpdesk/open-helpdesk.ts";
import { allEntries } from "../../../kit/storage/all-entries.ts";

const MOST_LETTERS = 20_000;
const MINUTE = 60_000;

test("a visitor for whose letter there is no room is asked to try again, and nothing is written", async () => {
	const { storage, clock, portal } = await openHelpdesk({
		deliver: () => Promise.reject(new Error("the mail server is away")),
	});
	const expiresAt = clock.now() + MINUTE;
	const time = String(expiresAt).padStart(16, "0");
	for (let start = 0; start < MOST_LETTERS; start += 1000) {
		await storage.commit({
			sets: Array.from({ length: 1000 }, (_, index) => ({
				...{ key: ["mail-index", "due", time, String(start + index)], value: null, expiresAt },
			})),
		});
	}
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
