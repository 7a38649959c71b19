import { expect, test } from "vitest";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { PASSWORD } from "../../kit/helpdesk/people-with-x.ts";
import { logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { PausingStorage } from "../../kit/storage/pausing-storage.ts";

const EMAIL = "grace@example.com";
const NEW_PASSWORD = "another long horse";

interface House extends OpenHelpdesk {
	readonly pausing: PausingStorage;
}

async function openHouse(): Promise<House> {
	const clock = new MockClock();
	const pausing = new PausingStorage(new MemoryStorage(clock));
	return { ...(await openHelpdesk({ clock, storage: pausing })), storage: pausing, pausing };
}

/** People whose password a stranger knows, and who change it. */
const PEOPLE = {
	"an operator": {
		namespace: "operators",
		prepare: async () => undefined,
		logIn: async (stranger: HttpVisitor, { helpdesk }: House) => {
			const { email, password } = helpdesk.operator;
			await stranger.open(`${helpdesk.adminUrl}/login`);
			await stranger.submit("/admin/login", { email, password: password ?? "" });
		},
		changePassword: async ({ helpdesk, operator }: House) => {
			await operator.open(`${helpdesk.adminUrl}/profile`);
			const fields = { current: helpdesk.operator.password ?? "", new: NEW_PASSWORD };
			await operator.submit("/admin/profile", fields);
		},
		isIn: async (stranger: HttpVisitor, { helpdesk }: House) =>
			!(await stranger.open(`${helpdesk.adminUrl}/users`)).url.includes("/login"),
	},
	"a user": {
		namespace: "accounts",
		prepare: async (house: House) => {
			const user = new HttpVisitor();
			await logInUnconfirmed(user, house, { name: "Grace", email: EMAIL, password: PASSWORD });
			await user.submit("/account/password-link");
		},
		logIn: async (stranger: HttpVisitor, { portal }: House) => {
			await stranger.open(`${portal}/login`);
			await stranger.submit("/login", { email: EMAIL, password: PASSWORD });
		},
		changePassword: async ({ helpdesk, operator }: House) => {
			const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox`);
			const owner = new HttpVisitor();
			await owner.open(/http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? "");
			await owner.submit("/reset", { password: NEW_PASSWORD });
			expect(owner.seen.html).toContain("Your password is set");
		},
		isIn: async (stranger: HttpVisitor, { portal }: House) =>
			!(await stranger.open(`${portal}/account`)).url.includes("/login"),
	},
};

/** @returns whether the log-in reads so often. */
async function crossAtRead(who: keyof typeof PEOPLE, read: number): Promise<boolean> {
	const { namespace, prepare, logIn, changePassword, isIn } = PEOPLE[who];
	const house = await openHouse();
	await prepare(house);
	const stranger = new HttpVisitor();
	let reads = 0;
	const stop = house.pausing.stopAt("before", ({ kind, keys: [key = []] }) => {
		reads += kind === "get" && key[0] === namespace ? 1 : 0;
		return reads === read;
	});
	const finishing = logIn(stranger, house);
	const waits = await Promise.race([stop.reached.then(() => true), finishing.then(() => false)]);
	if (waits) {
		await changePassword(house);
		stop.goOn();
		await finishing;
		expect(await isIn(stranger, house), `stopped before read ${read}`).toBe(false);
	}
	return waits;
}

test.each(["an operator", "a user"] as const)(
	"a log-in with the old password of %s opens no session that outlives the change, wherever it waits",
	async (who) => {
		let read = 1;
		while (await crossAtRead(who, read)) {
			read += 1;
		}
		expect(read).toBeGreaterThan(2);
	},
);
