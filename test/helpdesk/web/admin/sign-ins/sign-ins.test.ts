import { parse } from "csv-parse/sync";
import { type Document, Window } from "happy-dom";
import { expect, test } from "vitest";
import type { LoginEndedFields } from "../../../../../src/contract/login-ended.ts";
import { AttemptNotes } from "../../../../../src/helpdesk/sign-ins/attempt-notes.ts";
import { PeopleByDay } from "../../../../../src/helpdesk/sign-ins/people-by-day.ts";
import type { SignInEntry } from "../../../../../src/helpdesk/sign-ins/sign-in-entry.ts";
import { SignInLedger } from "../../../../../src/helpdesk/sign-ins/sign-in-ledger.ts";
import { SignInSubjects } from "../../../../../src/helpdesk/sign-ins/sign-in-subjects.ts";
import { startHelpdesk } from "../../../../../src/helpdesk/start-helpdesk.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { approveAtX, cancelAtX } from "../../../../../src/testing/fake-x/fake-visitor.ts";
import { builtPlugin } from "../../../../kit/artifact/built-plugin.ts";
import { eventually } from "../../../../kit/eventually.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import {
	helpdeskOptions,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../../../kit/helpdesk/open-helpdesk.ts";
import { mailboxOf, registerByLetter } from "../../../../kit/helpdesk/register-by-letter.ts";
import {
	actOnUser,
	listedIds,
	mergeUsers,
	userIdOf,
} from "../../../../kit/helpdesk/users-pages.ts";

const START = "/login/x-login/start";
const ADA = { id: "9007199254740993", screenName: "ada", name: "Ada", email: "ada@example.com" };

async function atX({ portal }: OpenHelpdesk, visitor: HttpVisitor): Promise<string> {
	await visitor.open(`${portal}/login`);
	return (await visitor.submit(START)).url;
}

async function logIn(open: OpenHelpdesk, visitor = new HttpVisitor()): Promise<HttpVisitor> {
	await visitor.open(await approveAtX(await atX(open, visitor)));
	return visitor;
}

async function signIns({ operator, helpdesk }: OpenHelpdesk, rest = ""): Promise<Document> {
	const { html } = await operator.open(`${helpdesk.adminUrl}/sign-ins${rest}`);
	return documentOf(html);
}

function documentOf(html: string): Document {
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

function textOf(document: Document, selector = "main"): string {
	return document.querySelector(selector)?.textContent?.replace(/\s+/g, " ") ?? "";
}

/** The figures of a chart's table, row by row. */
function figuresOf(document: Document, chart: string): string[][] {
	const figure = document.querySelector(`#${chart}-title`)?.closest("figure");
	return [...(figure?.querySelectorAll("tbody tr") ?? [])].map((row) =>
		[...row.children].map((cell) => cell.textContent ?? ""),
	);
}

async function storedEntries({ storage }: Pick<OpenHelpdesk, "storage">): Promise<SignInEntry[]> {
	const { entries } = await storage.list(["sign-ins", "x-login", "entry"], { limit: 1000 });
	return entries.map(({ value }) => value as SignInEntry);
}

/** Writes the ends of many log-ins into the ledger. */
async function fill(
	{ storage, clock }: OpenHelpdesk,
	ends: readonly (Partial<LoginEndedFields> & { readonly brandId?: string })[],
): Promise<void> {
	const room = namespaced(storage, ["sign-ins", "x-login"]);
	const subjects = new SignInSubjects(room, clock, [new Uint8Array(32)]);
	const people = new PeopleByDay(room, clock, () => {});
	const ledger = new SignInLedger(
		...([room, subjects, people, new AttemptNotes(room, clock, () => {}), clock] as const),
		() => {},
	);
	for (const { brandId = "acorn", ...fields } of ends) {
		const base = {
			outcome: "came-in",
			code: "signed-in",
			traceCode: "7F3K-9QWD",
			wanted: "log-in",
			durationMs: 21_000,
			awayMs: 20_000,
			calls: 2,
			waitedMs: 400,
			problem: null,
		} as const;
		ledger.record({
			name: "login.ended",
			level: "info",
			message: "",
			brandId,
			fields: { ...base, ...fields },
		});
		await ledger.settled();
		clock.advance(1);
	}
}

test("before the first log-in the page says what it will show", async () => {
	const open = await openHelpdesk();

	const document = await signIns(open);

	expect(textOf(document)).toContain("Once visitors use the X button, this page shows");
	expect(document.querySelector("figure")).toBeNull();
});

test("the charts and their tables show the same sign-up, cancel and forged callback", async () => {
	const open = await openHelpdesk({}, [ADA]);
	await setUpX(open);
	const visitor = new HttpVisitor();
	await visitor.open(await cancelAtX(await atX(open, visitor)));
	open.clock.advance(1000);
	await logIn(open);
	open.clock.advance(1000);
	await visitor.open(`${open.portal}/login/x-login/callback?oauth_token=a&oauth_verifier=b`);

	const document = await signIns(open);

	expect(textOf(document, ".stats")).toContain(
		"Attempts3Logged in1 (33 %)Cancelled1 (33 %)Failed1 (33 %)",
	);
	const charts = [...document.querySelectorAll('svg[role="img"]')];
	expect(charts).toHaveLength(3);
	for (const chart of charts) {
		const [title, desc] = (chart.getAttribute("aria-labelledby") ?? "").split(" ");
		expect(chart.querySelector(`#${title}`)?.textContent).toMatch(/\w{4}/);
		expect(chart.querySelector(`#${desc}`)?.textContent).toMatch(/\w{4}/);
	}
	expect(figuresOf(document, "outcomes").at(-1)?.slice(1)).toEqual(["1", "1", "1"]);
	expect(figuresOf(document, "reasons")).toEqual([["Started elsewhere", "1"]]);
	expect(figuresOf(document, "away").map(([, count]) => Number(count))).toEqual([
		2, 0, 0, 0, 0, 0, 0, 0,
	]);
	const drawing = document.querySelector("#outcomes-title")?.closest("svg");
	const pointed = [...(drawing?.querySelectorAll("g title") ?? [])];
	expect(pointed.at(-1)?.textContent).toMatch(/: 1 logged in, 1 cancelled, 1 failed$/);
	expect(textOf(document, "table[aria-labelledby]")).toMatch(
		/Started elsewhere.*Signed up.*Cancelled at X/,
	);
});

test("the trace code leads to the attempt, however the visitor wrote it down", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const { operator, helpdesk, fakeX } = open;
	fakeX.answerNext({ call: "request_token", fault: "415" });
	const visitor = new HttpVisitor();
	await atX(open, visitor);
	const [, code = ""] = /quote this code: (\S{9})/.exec(visitor.seen.html) ?? [];

	const spoken = code.replaceAll("0", "o").replaceAll("1", "L");
	for (const typed of [
		code,
		code.toLowerCase(),
		` ${code.replace("-", "")} `,
		code.split("").join(" "),
		spoken,
	]) {
		const document = await signIns(open, `/attempt?trace=${encodeURIComponent(typed)}`);
		expect(document.querySelector("h1")?.textContent).toBe("Callback URL not approved");
		expect(textOf(document)).toContain(helpdesk.brands[0]?.callbackUrl);
		expect(textOf(document)).toContain("The visitor read: “Logging in with X does not work");
		expect(textOf(document, "dl")).toContain("Calls to X1");
	}
	const none = await operator.open(`${helpdesk.adminUrl}/sign-ins/attempt?trace=%3Cscript%3E`);
	expect(none.status).toBe(404);
	expect(none.html).toContain("&lt;script&gt;");
	for (const typed of ["", "x".repeat(5000), "%00", "7F3K", "%E0%A4%A"]) {
		const answer = await operator.open(`${helpdesk.adminUrl}/sign-ins/attempt?trace=${typed}`);
		expect(answer.status).toBe(404);
	}
});

test("the log and the ledger hold no X id and no user, and the log and the page no hash", async () => {
	const open = await openHelpdesk({}, [ADA]);
	await setUpX(open);
	await logIn(open);
	await signIns(open);

	const [entry] = await storedEntries(open);
	const line = open.log.find((each) => each.includes("login.ended")) ?? "";
	const [account] = (await open.storage.list(["accounts", "account"])).entries;
	const userId = String(account?.key.at(-1));
	expect(JSON.parse(line).fields).toMatchObject({ code: "signed-up", calls: 3 });
	for (const canary of [ADA.id, userId, String(entry?.who), "subject", "[secret]"]) {
		expect(line).not.toContain(canary);
	}
	expect(JSON.stringify(entry)).not.toMatch(new RegExp(`${ADA.id}|${userId}|ada`));
	expect(open.operator.seen.html).not.toContain(String(entry?.who));
});

test("a log-in counts as a person by its protocol, once a day, and still does when the user is deleted", async () => {
	const open = await openHelpdesk({}, [ADA]);
	await setUpX(open);
	const costs = async () => textOf(await signIns(open), "section.costs table");
	await logIn(open);
	await logIn(open);

	expect(await costs()).toContain("OAuth 1.0a1no priceno price");
	expect(await costs()).toContain("OAuth 2.00$0.00$0.01");
	const room = ["sign-ins", "x-login", "person"];
	const [before] = (await open.storage.list(room)).entries;

	await open.operator.open(`${open.portal}/admin/users`);
	const [userId = ""] = listedIds(open.operator);
	await actOnUser(open.operator, open.portal, userId, "delete");

	expect(await costs()).toContain("OAuth 1.0a1no priceno price");
	const [after] = (await open.storage.list(room)).entries;
	expect(after?.key.at(-1)).not.toBe(before?.key.at(-1));
});

test("deleting a user erases them from the ledger, also after a merge", async () => {
	const open = await openHelpdesk({}, [ADA]);
	await setUpX(open);
	const { operator, portal } = open;
	const idOf = (email: string) => userIdOf(operator, portal, email);
	const hashes = async () => (await storedEntries(open)).map(({ who }) => who !== null);
	await logIn(open);
	await signIns(open);
	expect(await hashes()).toEqual([true]);
	await actOnUser(operator, portal, await idOf("ada@example.com"), "delete");
	expect(await hashes()).toEqual([false]);

	await logIn(open);
	const grace = new HttpVisitor();
	const fields = { name: "G", email: "g@example.com", password: "correct horse" };
	await registerByLetter(grace, open.portal, mailboxOf(open), fields);
	await mergeUsers(operator, portal, await idOf("ada@example.com"), "g@example.com");
	expect((await hashes()).sort()).toEqual([false, true]);
	await actOnUser(operator, portal, await idOf("g@example.com"), "delete");
	expect(await hashes()).toEqual([false, false]);
	expect((await open.storage.list(["sign-ins", "x-login", "of-user"])).entries).toEqual([]);
});

test("brand, result and period filter the list, the charts and the file alike", async () => {
	const open = await openHelpdesk();
	const days = 20 * 24 * 60 * 60_000;
	open.clock.advance(-days);
	await fill(open, [{ code: "signed-up" }]);
	open.clock.advance(days);
	await fill(open, [
		{},
		{ brandId: "harbor" },
		{ outcome: "refused", code: "x-unavailable", problem: "timeout" },
		{ outcome: "refused", code: "login-expired" },
		{ outcome: "cancelled", code: "cancelled" },
	]);
	const count = async (rest: string) => {
		const document = await signIns(open, rest);
		const { html } = await open.operator.open(`${open.helpdesk.adminUrl}/sign-ins/export${rest}`);
		const lines = parse(html, { bom: true, columns: true });
		expect(document.querySelectorAll("table[aria-labelledby] tbody tr")).toHaveLength(lines.length);
		return lines.length;
	};

	expect(await count("")).toBe(5);
	expect(await count("?period=day")).toBe(5);
	expect(await count("?period=month")).toBe(6);
	expect(await count("?period=quarter&brand=harbor")).toBe(1);
	expect(await count("?ended=refused")).toBe(2);
	expect(await count("?ended=end:x-login/login-expired")).toBe(1);
	expect(await count("?ended=end:x-login/cancelled")).toBe(1);
	expect(await count("?ended=end:nobody/cancelled")).toBe(0);
	// As versions before 0.3.0 wrote it.
	expect(await count("?ended=reason:Took+too+long+at+X")).toBe(1);
	expect(await count("?ended=reason:Cancelled+at+X")).toBe(1);
	expect(await count("?ended=cancelled&brand=acorn")).toBe(1);
	expect(await count("?period=__proto__&ended=%22%3E%3Cb%3E&page=-3")).toBe(5);
	expect(await count("?brand=%3Cb%3E")).toBe(0);
	const reasons = await signIns(open);
	const path = reasons.querySelector("#reasons-title")?.closest("figure")?.querySelector("td, a");
	expect(path?.getAttribute("href")).toBe(
		"/admin/sign-ins?period=week&ended=end%3Ax-login%2Fx-unavailable%2Ftimeout",
	);
});

test("one attempt is no plural, in the chart, in its description and in the list", async () => {
	const open = await openHelpdesk();
	await fill(open, [{ calls: 1 }]);

	const document = await signIns(open);
	const summary = "1 attempt: 1 logged in, 0 cancelled, 0 failed.";
	expect(textOf(document, "figure .help")).toBe(summary);
	expect(textOf(document, "#outcomes-desc")).toContain(summary);
	expect(textOf(document, "table[aria-labelledby=list] tbody")).toContain("1 call to X");
});

test("the sign-ins of one user are those with their accounts, in the list and in the file, and the page says whose they are", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await logIn(open);
	await fill(open, [{}, { outcome: "refused", code: "x-unavailable" }]);
	const id = await userIdOf(open.operator, open.portal, "ada@example.com");

	const document = await signIns(open, `?user=${id}`);
	expect(document.querySelectorAll("table[aria-labelledby=list] tbody tr")).toHaveLength(1);
	expect(textOf(document, ".notice")).toContain("Only the attempts of ada@example.com");
	expect(document.querySelector('input[name="user"]')?.getAttribute("value")).toBe(id);
	const file = await open.operator.open(
		`${open.helpdesk.adminUrl}/sign-ins/export?user=${id}&period=week`,
	);
	expect(parse(file.html, { bom: true, columns: true })).toHaveLength(1);
	const everybody = await signIns(open);
	expect(everybody.querySelectorAll("table[aria-labelledby=list] tbody tr")).toHaveLength(3);
	const nobody = await signIns(open, "?user=nobody");
	expect(textOf(nobody)).toContain("No matching attempts in this period");
});

test("a page has fifty attempts, newest first, and its links lead through all of them", async () => {
	const open = await openHelpdesk();
	const codes = Array.from({ length: 120 }, (_, index) => `AAAA-${String(index).padStart(4, "0")}`);
	await fill(
		open,
		codes.map((traceCode) => ({ traceCode })),
	);
	const shown = async (query = "") => {
		const document = await signIns(open, query);
		const link = (label: string) =>
			[...document.querySelectorAll(".pager a")]
				.find(({ textContent }) => textContent === label)
				?.getAttribute("href")
				?.replace("/admin/sign-ins", "");
		return {
			codes: [...document.querySelectorAll("td code")].map(({ textContent }) => textContent),
			count: textOf(document, ".pager .soft"),
			newer: link("Newer"),
			older: link("Older"),
		};
	};

	const first = await shown();
	const second = await shown(first.older);
	const third = await shown(second.older);

	expect(first.codes).toEqual(codes.slice(70).reverse());
	expect([first.count, first.newer]).toEqual(["1 to 50 of 120", undefined]);
	expect(second.codes).toEqual(codes.slice(20, 70).reverse());
	expect(third.codes).toEqual(codes.slice(0, 20).reverse());
	expect([third.count, third.older]).toEqual(["101 to 120 of 120", undefined]);
	expect((await shown(third.newer)).codes).toEqual(second.codes);
	expect((await shown(second.newer)).codes).toEqual(first.codes);
	expect((await shown("?after=1.5e3")).codes).toEqual(first.codes);
});

test("a page of older attempts stays the same while newer ones come in", async () => {
	const open = await openHelpdesk();
	await fill(
		open,
		Array.from({ length: 60 }, () => ({})),
	);
	const older = async () => {
		const document = await signIns(open, path);
		return [...document.querySelectorAll("tbody time")].map((time) => time.outerHTML);
	};
	const [link] = (await signIns(open)).querySelectorAll(".pager a");
	const path = link?.getAttribute("href")?.replace("/admin/sign-ins", "") ?? "";
	const before = await older();

	await fill(
		open,
		Array.from({ length: 5 }, () => ({})),
	);

	expect(before).toHaveLength(10);
	expect(await older()).toEqual(before);
});

test("the page of an attempt lists other attempts with the same X account", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	const visitor = await logIn(open);
	await visitor.open(`${open.portal}/account`);
	await visitor.submit("/logout");
	open.clock.advance(1000);
	await logIn(open, visitor);
	const first = (await signIns(open)).querySelectorAll("td code")[1]?.textContent ?? "";

	const document = await signIns(open, `/attempt?trace=${first}`);

	expect(document.querySelector("h1")?.textContent).toBe("Signed up");
	expect(textOf(document)).toContain("With the same X account");
	expect(document.querySelectorAll("ul.plain li")).toHaveLength(1);
});

test("a plugin without explanations is shown by its codes", async () => {
	const plugin = await builtPlugin();
	const hooks = plugin.manifest.hooks.filter(({ hook }) => hook !== "explain");
	const open = await openHelpdesk({
		plugin: { ...plugin, manifest: { ...plugin.manifest, hooks } },
	});
	await fill(open, [{ outcome: "refused", code: "some-reason" }]);

	const document = await signIns(open);

	expect(figuresOf(document, "reasons")).toEqual([["some-reason", "1"]]);
	expect(textOf(await signIns(open, "/attempt?trace=7f3k9qwd"), "h1")).toBe("some-reason");
});

test("two helpdesks on one storage show each other's sign-ins", async () => {
	const keys = [new Uint8Array(32).fill(3)];
	const one = await openHelpdesk({ keys });
	await setUpX(one);
	const two = await openHelpdesk({ keys, storage: one.storage, clock: one.clock });
	await Promise.all([logIn(one), logIn(two)]);
	// Each node writes its own entries, and the other node may be a moment late.
	await eventually(async () => {
		expect(textOf(await signIns(one), ".stats")).toContain("Attempts2");
	});
});

test("a helpdesk that closes writes the log-in that has just ended", async () => {
	const options = await helpdeskOptions();
	const { storage } = options;
	const helpdesk = await startHelpdesk(options);
	await storage.commit({ sets: [{ key: ["plugin-state", "x-login", "state"], value: "active" }] });
	const portal = helpdesk.brands[0]?.baseUrl;
	await new HttpVisitor().open(`${portal}/login/x-login/callback?denied=a&denied=b`);

	await helpdesk.close();

	expect(await storedEntries({ storage })).toMatchObject([{ code: "malformed-callback" }]);
});
