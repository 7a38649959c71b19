// What a page of the administration costs does not grow with the people. The routes come from the application itself, so
// a new one is covered without being named.
import { expect, onTestFinished, test, vi } from "vitest";
import { secret } from "../../../../src/contract/secret.ts";
import { FIRST_OPERATOR } from "../../../../src/helpdesk/people/operator-roster.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import {
	COMMON_NAMES,
	fillLetters,
	fillPeople,
	personOf,
	RARE_TRACE_CODE,
} from "../../../kit/helpdesk/fill-people.ts";
import { ADMIN_ORIGIN, openAdmin, pathsToOpen } from "../../../kit/helpdesk/open-admin.ts";
import { helpdeskOptions } from "../../../kit/helpdesk/open-helpdesk.ts";
import { CountingStorage } from "../../../kit/storage/counting-storage.ts";

const FEW = 2_000;
const MANY = 20_000;
const MOST_BYTES = 100_000;
/** The most entries of a list that a page reads. */
const MOST_ENTRIES = 500;

/** The most operations of a page. A search reads whom it looks at, and Sign-ins the days of the ledger. */
function mostOperations(path: string): number {
	if (path.startsWith("/admin/sign-ins") && !path.includes("/attempt")) {
		return 120;
	}
	return isSearch(path) ? 260 : 60;
}

/** The most entries that all lists of a page give. The charts of Sign-ins are about each attempt of their period. */
function mostListed(path: string): number {
	return path.startsWith("/admin/sign-ins?") || path === "/admin/sign-ins" ? 22_000 : 1500;
}

/** A search looks at as many as there are, up to its own bound. */
function isSearch(path: string): boolean {
	return path.includes("?q=");
}

/** The cost of an answer. */
interface Cost {
	readonly path: string;
	readonly status: number;
	readonly operations: number;
	readonly bytes: number;
	readonly longestList: number;
	readonly listed: number;
	readonly isFile: boolean;
	readonly html: string;
}

/** The administration of a helpdesk with so many people, and as many sign-ins as the ledger holds. */
async function openWith(people: number) {
	const clock = new MockClock();
	const storage = new CountingStorage(new MemoryStorage(clock));
	await fillPeople(storage, { people, now: clock.now(), signIns: 20_000 });
	const admin = openAdmin(await helpdeskOptions({ storage, clock }));
	const { core, app, openSession } = admin;
	await fillLetters(storage, core.outbox, people);
	onTestFinished(() => core.close());
	await core.operators.makeFirst();
	const addOn = await core.addOns.find("x-login");
	await addOn?.plugin.activate();
	for (const brand of ["acorn", "harbor"]) {
		const secrets = { apiKeySecret: secret("api-key-secret") };
		await addOn?.settings.save(brand, { values: { apiKey: "api-key" }, secrets });
		await addOn?.settings.enable(brand, true);
	}
	const cookie = `admin-acorn=${await openSession(FIRST_OPERATOR)}`;
	const costOf = async (path: string): Promise<Cost> => {
		storage.costsSoFar();
		const answer = await app.request(`${ADMIN_ORIGIN}${path}`, { headers: { cookie } });
		const html = await answer.text();
		const bytes = Buffer.byteLength(html);
		const { operations, longestList, listed } = storage.costsSoFar();
		const isFile = answer.headers.get("content-disposition")?.startsWith("attachment") ?? false;
		return { path, status: answer.status, operations, bytes, longestList, listed, isFile, html };
	};
	const deactivate = async () => addOn?.plugin.deactivate();
	return { app, costOf, deactivate, now: clock.now() };
}

/** Each path of the administration, and searches, filters and further pages of the lists. */
function pathsOf({ app, now }: Awaited<ReturnType<typeof openWith>>): readonly string[] {
	const { userId } = personOf(FEW - 10, now);
	const filled = pathsToOpen(app).map((path) =>
		path
			.replace(":pluginId", "x-login")
			.replace(/^(\/admin\/users)\/:\w+/, `$1/${userId}`)
			.replace(/:\w+(\{[^}]*\})?/g, "1"),
	);
	return [
		...filled.flatMap((path) => [path, `${path}?brand=acorn`]),
		...[COMMON_NAMES[0], "handle77", "nobody", "anna person", "p77@people.example"].map(
			(typed) => `/admin/users?q=${encodeURIComponent(typed ?? "")}`,
		),
		...["brand=acorn", "status=suspended", "linked=linked", "linked=only", "linked=none"].map(
			(filter) => `/admin/users?${filter}`,
		),
		"/admin/users?q=anna&brand=harbor&status=active&linked=only",
		"/admin/sign-ins?period=month",
		...["7F3K-9QWD", RARE_TRACE_CODE, "7F3K-9QWX"].map(
			(code) => `/admin/sign-ins/attempt?trace=${code}`,
		),
		"/admin/mailbox?q=people.example",
	];
}

/** What is wrong with the cost of a page, in sentences. */
function problemsWith(less: Cost, more: Cost): readonly string[] {
	const { path, operations, bytes, longestList, listed, isFile } = more;
	const most = mostOperations(path);
	return [
		...(more.status < 500 ? [] : [`${path}: ${more.status}`]),
		...(longestList <= MOST_ENTRIES ? [] : [`${path}: a list of ${longestList} entries`]),
		...(isFile || listed <= mostListed(path)
			? []
			: [`${path}: ${listed} entries of lists, at most ${mostListed(path)}`]),
		// A file is sent while it is read, so only the memory that it takes is bounded.
		...(isFile || isSearch(path) || operations <= less.operations
			? []
			: [`${path}: ${operations} operations, and ${less.operations} with ${FEW} people`]),
		...(isFile || operations <= most ? [] : [`${path}: ${operations} operations, at most ${most}`]),
		...(isFile || bytes <= MOST_BYTES ? [] : [`${path}: ${bytes} bytes, at most ${MOST_BYTES}`]),
	];
}

test(`with ${MANY} people no page of the administration costs more than with ${FEW}`, async () => {
	// The outbox looks for letters once a minute by the machine's clock, which could fall into a page.
	vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const few = await openWith(FEW);
	const many = await openWith(MANY);
	const paths = pathsOf(many);
	expect(paths.length).toBeGreaterThan(100);
	// The people are those whom the pages know.
	expect((await many.costOf("/admin/users?q=handle77")).html).toContain("p77@people.example");
	const rare = `/admin/sign-ins/attempt?trace=${RARE_TRACE_CODE}`;
	expect((await many.costOf(rare)).html).toContain(`<code>${RARE_TRACE_CODE}</code>`);

	const problems: string[] = [];
	const look = async (state: string): Promise<void> => {
		for (const path of paths) {
			const found = problemsWith(await few.costOf(path), await many.costOf(path));
			problems.push(...found.map((problem) => `${state}: ${problem}`));
		}
	};
	await look("active");
	for (const { deactivate } of [few, many]) {
		await deactivate();
	}
	await look("deactivated");
	expect(problems).toEqual([]);
});
