import { COMMON_NAMES, personOf } from "../../kit/helpdesk/fill-people.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import type { MeasuredHelpdesk } from "./measured-helpdesk.ts";
import type { OpenedHelpdesk } from "./whole-helpdesk.ts";

/** The cost of a page of the administration. */
export interface PageCost {
	readonly page: string;
	/** Milliseconds. */
	readonly median: number;
	readonly most: number;
	readonly bytes: number;
	/** The fewest of all requests: background work asks the storage meanwhile. */
	readonly operations: number;
	/** The most resident memory beyond the start. Bytes. */
	readonly residentBytes: number;
	readonly status: number;
	/** A file is sent while it is read, so it has no bound of its own. */
	readonly isFile: boolean;
}

const REQUESTS = 20;
/** How many pages of the list of users are turned. */
const TURNED = 1000;
const FORMS_ONLY = 405;
const USERS = "/admin/users";
const FILTERS = ["brand=harbor", "status=suspended", "linked=linked", "linked=only", "linked=none"];
const NEXT = /<a href="([^"]*)">Next<\/a>/;

/** Measures every page of the administration that can be opened, the searches and the filters, one after the other. */
export async function measurePages(
	helpdesk: MeasuredHelpdesk,
	{ adminUrl, operator, adminPaths }: OpenedHelpdesk,
): Promise<readonly PageCost[]> {
	const visitor = new HttpVisitor();
	await visitor.open(`${adminUrl}/login`);
	const { email, password } = operator;
	const { url } = await visitor.submit("/admin/login", { email, password });
	if (url.endsWith("/login")) {
		throw new Error(
			"the operator could not log in, so no page can be measured: the helpdesk must have made the operator itself",
		);
	}
	const origin = new URL(adminUrl).origin;
	const costs: PageCost[] = [];
	for (const { page, path } of pagesOf(adminPaths, helpdesk.people)) {
		const cost = await costOf(helpdesk, visitor, origin + path, page);
		// A path that only takes forms is no page.
		costs.push(...(cost.status === FORMS_ONLY ? [] : [cost]));
	}
	const { path, turned } = await turnPages(visitor, origin);
	costs.push(await costOf(helpdesk, visitor, origin + path, `users, page ${turned}`));
	return costs;
}

interface Page {
	/** A name that is the same with any number of people. */
	readonly page: string;
	readonly path: string;
}

function pagesOf(adminPaths: readonly string[], people: number): readonly Page[] {
	const { userId } = personOf(Math.floor(people / 2), 0);
	const pages = adminPaths.map((path) => ({
		page: path,
		path: path
			.replace(":pluginId", "x-login")
			.replace(/^(\/admin\/users)\/:\w+/, `$1/${userId}`)
			.replace(/:\w+(\{[^}]*\})?/g, "1"),
	}));
	const rare = `handle${Math.floor(people / 2)}`;
	const searches = { rare, common: COMMON_NAMES[0] ?? "", absent: "nobodyatall" };
	return [
		...pages,
		...Object.entries(searches).map(([name, typed]) => ({
			page: `users, a ${name} word`,
			path: `${USERS}?q=${typed}`,
		})),
		...FILTERS.map((filter) => ({ page: `users, ${filter}`, path: `${USERS}?${filter}` })),
	];
}

async function costOf(
	helpdesk: MeasuredHelpdesk,
	visitor: HttpVisitor,
	url: string,
	page: string,
): Promise<PageCost> {
	const times: number[] = [];
	let operations = Number.POSITIVE_INFINITY;
	let residentBytes = 0;
	let last = { status: 0, bytes: 0, isFile: false };
	for (let each = 0; each < REQUESTS; each += 1) {
		await helpdesk.call("costs");
		const began = performance.now();
		const answer = await visitor.request(url);
		const bytes = (await answer.arrayBuffer()).byteLength;
		times.push(performance.now() - began);
		const costs = await helpdesk.call("costs");
		operations = Math.min(operations, costs.operations);
		residentBytes = Math.max(residentBytes, costs.residentBytes);
		const isFile = answer.headers.get("content-disposition")?.startsWith("attachment") ?? false;
		last = { status: answer.status, bytes, isFile };
		if (isFile || last.status === FORMS_ONLY) {
			// A file of everybody takes long enough once.
			break;
		}
	}
	times.sort((a, b) => a - b);
	const median = times[Math.floor((times.length - 1) / 2)] ?? 0;
	return { page, median, most: times.at(-1) ?? 0, operations, residentBytes, ...last };
}

/** @returns the path of a page far back in the list of users, and how many were turned to come there. */
async function turnPages(
	visitor: HttpVisitor,
	origin: string,
): Promise<{ readonly path: string; readonly turned: number }> {
	let path = USERS;
	for (let turned = 1; ; turned += 1) {
		const next = NEXT.exec(await (await visitor.request(origin + path)).text())?.[1];
		if (next === undefined || turned === TURNED) {
			return { path, turned };
		}
		path = next.replaceAll("&amp;", "&");
	}
}
