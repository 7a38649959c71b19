import { expect, onTestFinished, test } from "vitest";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { type Helpdesk, startHelpdesk } from "../../../../src/helpdesk/start-helpdesk.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { formsIn, hiddenFields } from "../../../../src/testing/forms-in.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import {
	CHOSEN_PASSWORD,
	changeFirstPassword,
} from "../../../kit/helpdesk/change-first-password.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
} from "../../../kit/helpdesk/open-helpdesk.ts";
import { PausingStorage } from "../../../kit/storage/pausing-storage.ts";

const MINUTE = 60_000;
const END = "/admin/profile/sessions/end";
const END_OTHERS = "/admin/profile/sessions/end-others";
const PHONE =
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1";

type Admin = Pick<Helpdesk, "adminUrl">;

interface Opened extends OpenHelpdesk {
	/** Logs the operator in in one more browser. */
	logIn(userAgent?: string): Promise<HttpVisitor>;
}

async function open(
	keys = [cryptoRandom.bytes(32)],
	options: Parameters<typeof openHelpdesk>[0] = {},
): Promise<Opened> {
	const opened = await openHelpdesk({ ...options, keys });
	const { helpdesk, operator } = opened;
	await changeFirstPassword(operator, helpdesk.adminUrl, helpdesk.operator.password ?? "");
	return {
		...opened,
		logIn: async (userAgent = "curl/8.5.0") => {
			const visitor = new HttpVisitor();
			await visitor.open(`${helpdesk.adminUrl}/login`);
			const [form] = formsIn(visitor.seen.html).filter(({ action }) => action === "/admin/login");
			await visitor.open(`${helpdesk.adminUrl}/login`, {
				method: "POST",
				headers: { "user-agent": userAgent },
				body: new URLSearchParams([
					...(form === undefined ? [] : hiddenFields(form)).map(
						([name, value]): [string, string] => [name, value],
					),
					["email", FIRST_OPERATOR],
					["password", CHOSEN_PASSWORD],
				]),
			});
			return visitor;
		},
	};
}

/** Whether a browser gets a page of the administration and not the log-in. */
async function isIn(visitor: HttpVisitor, { adminUrl }: Admin): Promise<boolean> {
	return (await visitor.open(`${adminUrl}/users`)).url === `${adminUrl}/users`;
}

/** What the list on the profile page says, an item each. */
async function listed(visitor: HttpVisitor, { adminUrl }: Admin): Promise<readonly string[]> {
	const { html } = await visitor.open(`${adminUrl}/profile`);
	return [...html.matchAll(/<li class="linked">(.*?)<\/li>/gs)].map(([, item = ""]) =>
		item
			.replace(/<[^>]*>/g, " ")
			.replace(/\s+/g, " ")
			.trim(),
	);
}

test("30 idle minutes lead an operator to the log-in, and requests keep them in", async () => {
	const { helpdesk, clock, operator } = await open();
	for (let each = 0; each < 3; each += 1) {
		clock.advance(29 * MINUTE);
		expect(await isIn(operator, helpdesk)).toBe(true);
	}

	clock.advance(30 * MINUTE);

	expect(await isIn(operator, helpdesk)).toBe(false);
});

test("the profile lists the operator's sessions with device, network and times, and marks this browser's", async () => {
	const { helpdesk, clock, logIn, operator } = await open();
	clock.advance(5 * MINUTE);
	await logIn(PHONE);
	clock.advance(5 * MINUTE);

	expect(await listed(operator, helpdesk)).toEqual([
		"Safari on iPhone Network 127.0.0.0/24 Logged in since 2026-01-15 12:05 UTC Last used 2026-01-15 12:05 UTC End",
		"node (this browser) Network 127.0.0.0/24 Logged in since 2026-01-15 12:00 UTC Last used 2026-01-15 12:10 UTC End",
	]);
});

test("what a program says of itself is text on the page", async () => {
	const { helpdesk, logIn, operator } = await open();
	await logIn('Mozilla/5.0 Firefox/"><script>alert(1)</script> Linux');
	await logIn("<script>alert(1)</script>");

	await operator.open(`${helpdesk.adminUrl}/profile`);

	expect(operator.seen.html).not.toContain("alert(1)");
	expect(operator.seen.html).toContain("Firefox on Linux");
	expect(operator.seen.html).toContain("Unknown browser");
});

test("an ended session is over at the next request, on another node too", async () => {
	const keys = [cryptoRandom.bytes(32)];
	const { helpdesk, storage, clock, logIn, operator } = await open(keys);
	const second = await startHelpdesk(await helpdeskOptions({ storage, clock, keys }));
	onTestFinished(() => second.close());
	clock.advance(1);
	const other = await logIn();
	expect(await isIn(other, second)).toBe(true);

	await operator.open(`${helpdesk.adminUrl}/profile`);
	await operator.submit(END);

	expect(operator.seen.html).toContain("The session has ended.");
	expect(await isIn(other, second)).toBe(false);
	expect(await isIn(other, helpdesk)).toBe(false);
	expect(await isIn(operator, second)).toBe(true);
	expect(await listed(operator, second)).toHaveLength(1);
});

test("a request that is under way when its session is ended does not bring the session back", async () => {
	const clock = new MockClock();
	const storage = new PausingStorage(new MemoryStorage(clock));
	const { helpdesk, logIn, operator } = await open(undefined, { clock, storage });
	clock.advance(1);
	const thief = await logIn();
	await thief.open(`${helpdesk.adminUrl}/profile`);
	await operator.open(`${helpdesk.adminUrl}/profile`);
	const { reached, goOn } = storage.stopAt(
		"before",
		({ kind, keys }) => kind === "commit" && keys.some(([first]) => first === "operators"),
	);
	const underWay = thief.submit(END_OTHERS, { confirmed: "yes" });
	await reached;
	await operator.submit(END);
	expect(operator.seen.html).toContain("The session has ended.");

	goOn();
	await underWay;

	expect(await isIn(thief, helpdesk)).toBe(false);
});

test("an operator who ends the session of their own browser is logged out", async () => {
	const { helpdesk, operator } = await open();
	await operator.open(`${helpdesk.adminUrl}/profile`);

	await operator.submit(END);

	expect(operator.seen.url).toBe(`${helpdesk.adminUrl}/login`);
	expect(await isIn(operator, helpdesk)).toBe(false);
});

test("a stolen cookie of an operator is worth nothing after “Log out everywhere else”", async () => {
	const { helpdesk, logIn, operator } = await open();
	const other = await logIn();
	const [ofOther, ofOwner] = [other, operator].map(({ cookies }) => {
		const thief = new HttpVisitor();
		for (const [name, value] of cookies) {
			thief.cookies.set(name, value);
		}
		return thief;
	});
	await operator.open(`${helpdesk.adminUrl}/profile`);

	await operator.submit(END_OTHERS, { confirmed: "yes" });

	expect(operator.seen.html).toContain("You are logged out everywhere else.");
	for (const thief of [ofOther, ofOwner]) {
		expect(thief && (await isIn(thief, helpdesk))).toBe(false);
	}
	expect(await isIn(operator, helpdesk)).toBe(true);
	expect(await listed(operator, helpdesk)).toHaveLength(1);
});

test("the session that stays after “Log out everywhere else” is as old as it was", async () => {
	const { helpdesk, clock, logIn, operator } = await open();
	for (let each = 0; each < 24; each += 1) {
		clock.advance(29 * MINUTE);
		await isIn(operator, helpdesk);
	}
	await logIn();
	await operator.open(`${helpdesk.adminUrl}/profile`);
	await operator.submit(END_OTHERS, { confirmed: "yes" });
	expect(operator.seen.html).toContain("Confirm that it is you");
	await operator.submit("/admin/prove", { password: CHOSEN_PASSWORD });
	await operator.submit(END_OTHERS, { confirmed: "yes" });
	expect((await listed(operator, helpdesk))[0]).toContain("since 2026-01-15 12:00 UTC");
	clock.advance(12 * 60 * MINUTE - 24 * 29 * MINUTE - 1);
	expect(await isIn(operator, helpdesk)).toBe(true);

	clock.advance(1);

	expect(await isIn(operator, helpdesk)).toBe(false);
});

test("a page that reloads by itself keeps nobody logged in", async () => {
	const { helpdesk, clock, operator } = await open();
	const reload = () => operator.open(`${helpdesk.adminUrl}/jobs?by-itself`);
	clock.advance(15 * MINUTE);
	expect((await reload()).url).toContain("/admin/jobs");
	clock.advance(15 * MINUTE - 1);
	expect((await reload()).url).toContain("/admin/jobs");

	clock.advance(1);

	expect((await reload()).url).toContain(`${helpdesk.adminUrl}/login?returnTo=`);
});

test("an owner logs another operator out of every browser, and their password goes on working", async () => {
	const { helpdesk, operator } = await open();
	const email = "eve@helpdesk.example";
	await operator.open(`${helpdesk.adminUrl}/operators`);
	await operator.submit("/admin/operators", { email, role: "support" });
	const [link = ""] = /http[^<\s]+invitation\?token=[\w.-]+/.exec(operator.seen.html) ?? [];
	const eve = new HttpVisitor();
	await eve.open(link);
	await eve.submit("/admin/invitation", { new: CHOSEN_PASSWORD });
	expect(await isIn(eve, helpdesk)).toBe(true);
	await operator.open(`${helpdesk.adminUrl}/operators`);
	const [, id = ""] = /operators\/([\w-]+)">eve@helpdesk/.exec(operator.seen.html) ?? [];
	await operator.open(`${helpdesk.adminUrl}/operators/${id}`);

	await operator.submit(`/admin/operators/${id}/log-out`, { confirmed: "yes" });

	expect(operator.seen.html).toContain("The operator is logged out everywhere.");
	expect([await isIn(eve, helpdesk), await isIn(operator, helpdesk)]).toEqual([false, true]);
	await eve.open(`${helpdesk.adminUrl}/login`);
	await eve.submit("/admin/login", { email, password: CHOSEN_PASSWORD });
	expect(await isIn(eve, helpdesk)).toBe(true);
});

test("an owner who takes the role from themselves reads that it is changed, and not that nothing was", async () => {
	const { helpdesk, operator } = await open();
	await operator.open(`${helpdesk.adminUrl}/operators`);
	await operator.submit("/admin/operators", { email: "eve@helpdesk.example", role: "owner" });
	const [link = ""] = /http[^<\s]+invitation\?token=[\w.-]+/.exec(operator.seen.html) ?? [];
	const eve = new HttpVisitor();
	await eve.open(link);
	await eve.submit("/admin/invitation", { new: CHOSEN_PASSWORD });
	await operator.open(`${helpdesk.adminUrl}/operators`);
	const own = new RegExp(`operators/([\\w-]+)">${FIRST_OPERATOR}`);
	const [, id = ""] = own.exec(operator.seen.html) ?? [];
	await operator.open(`${helpdesk.adminUrl}/operators/${id}`);
	expect(operator.seen.html).toContain("without the role Owner you cannot open this page again");

	await operator.submit(`/admin/operators/${id}/role`, { role: "support" });

	expect(operator.seen.html).toContain("Your role is changed.");
	await operator.open(`${helpdesk.adminUrl}/operators`);
	expect(operator.seen.html).toContain("Your role is Support, and this is for owners.");
	await operator.open(`${helpdesk.adminUrl}/jobs`);
	expect(operator.seen.html).toContain("this is for administrators and owners.");
	await eve.open(link);
	expect(eve.seen.html).toContain('<a href="/admin/login">log in</a>');
});
