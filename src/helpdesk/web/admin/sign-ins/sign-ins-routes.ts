import type { Brand } from "../../../../contract/brands.ts";
import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { Accounts } from "../../../people/accounts.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import { startOf } from "../../../sign-ins/sign-in-figures.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { sendCsv } from "../csv.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { calledBy } from "../users/user-words.ts";
import { attemptsPage, noAttemptPage, type ShownAttempt } from "./sign-in-attempt-page.ts";
import { signInCsvHeader, signInCsvLines } from "./sign-in-csv.ts";
import {
	countIn,
	endIn,
	matches,
	readFilter,
	type SignInFilter,
	titleIn,
} from "./sign-in-filter.ts";
import {
	attemptsOf,
	EndTitles,
	logInCosts,
	nameOf,
	protocolName,
	reasonsIn,
	signInsNewestFirst,
	signInsSince,
	straysSince,
	titleOfEnd,
	titlesOf,
} from "./sign-ins-of-plugins.ts";
import { type ShownSignIns, signInsPage } from "./sign-ins-page.ts";

export interface SignInParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly accounts: Accounts;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

const MAX_TRACE_CODE = 64;
const MAX_OTHERS = 10;
/** How many attempts with one code are shown. */
const MAX_FOUND = 10;
/** How many attempts of a file are in memory at once. */
const LINES_AT_ONCE = 200;

/** The ledger of log-ins: charts, a list, a file for spreadsheets, and one attempt by its trace code. */
export function signInRoutes(app: OperatorApp, parts: SignInParts): void {
	const { brands, now, show } = parts;
	app.get(ADMIN_PATHS.signIns, async (c) => {
		const filtered = await filteredSignIns(c, parts);
		const { filter } = filtered;
		const { locale } = c.var.visit;
		const strays = await straysSince(parts.addOns, startOf(filter.period, now()));
		const page = signInsPage({
			...filtered,
			strays: { count: countIn(filter, strays.counts), isWhole: strays.isWhole },
			costs:
				filter.userId === ""
					? await logInCosts(parts.addOns, now(), filter.brandId, locale.tag)
					: [],
			userName: await userNameIn(filter, parts),
			brands,
			after: c.req.query("after"),
			now: now(),
			locale,
		});
		return show(c, locale.text("sign-ins.title"), page);
	});
	app.get(ADMIN_PATHS.signInsExport, async (c) => {
		const filter = readFilter((name) => c.req.query(name));
		return sendCsv(c, "sign-ins.csv", csvOf(filter, parts, c.var.visit.locale.tag));
	});
	app.get(ADMIN_PATHS.signInAttempt, async (c) => {
		const typed = (c.req.query("trace") ?? "").trim().slice(0, MAX_TRACE_CODE);
		return showAttempt(c, parts, typed);
	});
}

/** What the user is called whose attempts are meant; undefined for everybody's. */
async function userNameIn(
	{ userId }: SignInFilter,
	{ accounts }: SignInParts,
): Promise<string | undefined> {
	const user = userId === "" ? undefined : await accounts.find(userId);
	return userId === "" ? undefined : user === undefined ? userId : calledBy(user);
}

/** The title of the ends that a filter means; undefined where it names none. */
async function reasonIn(
	filter: SignInFilter,
	{ addOns, brands }: SignInParts,
	tag: string,
): Promise<string | undefined> {
	const end = endIn(filter);
	const brandId = filter.brandId === "" ? (brands[0]?.id ?? "") : filter.brandId;
	return end === undefined ? titleIn(filter) : titleOfEnd(addOns, end, brandId, tag);
}

async function filteredSignIns(
	c: AdminContext,
	parts: SignInParts,
): Promise<
	Omit<ShownSignIns, "brands" | "after" | "now" | "strays" | "costs" | "userName" | "locale">
> {
	const { addOns, now } = parts;
	const { text, tag } = c.var.visit.locale;
	const filter = readFilter((name) => c.req.query(name));
	const isOfUser = await attemptsOf(addOns, filter.userId);
	const since = await signInsSince(addOns, startOf(filter.period, now()));
	const within = since.entries.filter(isOfUser);
	const { pluginOf } = since;
	const titleOf = await titlesOf(pluginOf, within, tag);
	const reasons = reasonsIn(within, pluginOf, titleOf);
	const reason = await reasonIn(filter, parts, tag);
	const entries = within.filter((each) => matches(filter, reason, each, titleOf));
	const providers = (await addOns.all()).map(({ loaded }) => loaded.manifest.name);
	const providerOf = (entry: SignInEntry): string =>
		nameOf(pluginOf(entry)) ?? text("sign-ins.unknown-provider");
	return { filter, reason, entries, reasons, titleOf, providers, providerOf };
}

async function* csvOf(
	filter: SignInFilter,
	parts: SignInParts,
	tag: string,
): AsyncGenerator<string> {
	const { brands, addOns, now } = parts;
	const reason = await reasonIn(filter, parts, tag);
	const from = startOf(filter.period, now());
	const { entries, pluginOf } = await signInsNewestFirst(addOns, from);
	const titles = new EndTitles(pluginOf, tag);
	const isOfUser = await attemptsOf(addOns, filter.userId);
	const linesOf = async (part: readonly SignInEntry[]): Promise<string> => {
		await titles.learn(part);
		const meant = part.filter((entry) => matches(filter, reason, entry, titles.of));
		return signInCsvLines(meant, brandNames(brands), titles.of);
	};
	let start = signInCsvHeader();
	let part: SignInEntry[] = [];
	for await (const entry of entries) {
		if (isOfUser(entry)) {
			part.push(entry);
		}
		if (part.length === LINES_AT_ONCE) {
			yield `${start}${await linesOf(part)}`;
			start = "";
			part = [];
		}
	}
	yield `${start}${await linesOf(part)}`;
}

async function showAttempt(
	c: AdminContext,
	{ brands, addOns, show }: SignInParts,
	typed: string,
): Promise<Response> {
	const { locale } = c.var.visit;
	// Each add-on names its own codes. None can hide the attempt of another by an event with the same code.
	const found = await Promise.all(
		(await addOns.all()).map(async (addOn) => ({
			addOn,
			...(await addOn.ledger.withCode(typed, MAX_FOUND)),
		})),
	);
	const count = found.reduce((sum, each) => sum + each.count, 0);
	if (count === 0) {
		return show(c, locale.text("sign-in.none.title"), noAttemptPage(typed, locale), 404);
	}
	const attempts = await Promise.all(found.map((each) => shownAttempts(each, brands, locale.tag)));
	const newest = attempts
		.flat()
		.sort((a, b) => b.entry.at - a.entry.at)
		.slice(0, MAX_FOUND);
	const isPartial = found.some((each) => each.isPartial);
	const page = attemptsPage(newest, { count, isPartial }, locale);
	return show(c, locale.text("sign-in.title"), page);
}

/** Attempts of one add-on, each with others of the same account at the provider. */
async function shownAttempts(
	{ addOn, newest }: { readonly addOn: AddOn; readonly newest: readonly SignInEntry[] },
	brands: readonly Brand[],
	tag: string,
): Promise<readonly ShownAttempt[]> {
	const { ledger, plugin } = addOn;
	const hashes = new Set(newest.flatMap(({ who }) => who ?? []));
	const others = await ledger.ofEachAccount(hashes, MAX_OTHERS + MAX_FOUND);
	const attempts = newest.map(async (entry) => {
		const ofSame = (others.get(entry.who ?? "") ?? [])
			.filter((each) => !isSame(each, entry))
			.slice(0, MAX_OTHERS);
		return {
			entry,
			brandName: brandNames(brands)(entry.brandId),
			zone: brands.find(({ id }) => id === entry.brandId) ?? {},
			provider: plugin.loaded.manifest.name,
			protocol: protocolName(plugin, entry),
			pluginId: plugin.loaded.manifest.id,
			words: await plugin.explain(entry, tag, entry.brandId),
			others: ofSame,
			titleOf: await titlesOf(() => plugin, ofSame, tag),
		};
	});
	return Promise.all(attempts);
}

/** Whether both were read from the same entry. */
function isSame(entry: SignInEntry, other: SignInEntry): boolean {
	return entry.at === other.at && entry.traceCode === other.traceCode && entry.code === other.code;
}

function brandNames(brands: readonly Brand[]): (brandId: string) => string {
	return (brandId) => brands.find(({ id }) => id === brandId)?.name ?? brandId;
}
