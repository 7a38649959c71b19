import { expect, test } from "vitest";
import type { HttpVisitor } from "./http-visitor.ts";
import { openHelpdesk } from "./open-helpdesk.ts";

/** Many times a password has to be hashed, on a machine that may be busy. */
const LONG = 180_000;

/** The statuses of so many forms that are sent one after the other. */
async function statusesOf(count: number, send: () => ReturnType<HttpVisitor["submit"]>) {
	const statuses: number[] = [];
	for (let index = 0; index < count; index += 1) {
		statuses.push((await send()).status);
	}
	return statuses;
}

test(
	"guesses at the current password in a session that was stolen are limited, and a right one waits as well",
	async () => {
		const { helpdesk, operator, clock } = await openHelpdesk({ startLimit: 1000 });
		const { password } = helpdesk.operator;
		const change = async (current: string) => {
			await operator.open(`${helpdesk.adminUrl}/profile`);
			return operator.submit("/admin/profile", { current, new: "a new password of mine" });
		};

		const statuses = await statusesOf(11, () => change("a guess"));

		expect(statuses.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 400));
		expect(statuses.at(-1)).toBe(429);
		expect(await change(password ?? "")).toMatchObject({
			status: 429,
			html: expect.stringContaining("Too many attempts"),
		});
		clock.advance(60_000);
		expect((await change(password ?? "")).html).toContain("Your password is changed");
	},
	LONG,
);
