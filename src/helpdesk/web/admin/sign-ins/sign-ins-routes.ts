import type { Brand } from "../../../../contract/brands.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { type SignInEntry, sameTraceCode } from "../../../sign-ins/sign-in-entry.ts";
import { startOf } from "../../../sign-ins/sign-in-figures.ts";
import type { AdminContext, ShowPage } from "../admin-pages.ts";
import { sendCsv } from "../csv.ts";
import type { OperatorApp } from "../operator-area.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { attemptsPage, noAttemptPage } from "./sign-in-attempt-page.ts";
import { signInCsv } from "./sign-in-csv.ts";
import { countIn, matches, readFilter } from "./sign-in-filter.ts";
import {
	logInCosts,
	nameOf,
	protocolName,
	signInsSince,
	straysSince,
	titlesOf,
} from "./sign-ins-of-plugins.ts";
import { type ShownSignIns, signInsPage } from "./sign-ins-page.ts";

export interface SignInParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
	readonly show: ShowPage;
}

const MAX_TRACE_CODE = 64;
const MAX_OTHERS = 10;
/** How many attempts with one code are shown. */
const MAX_FOUND = 10;

/** The ledger of log-ins: charts, a list, a file for spreadsheets, and one attempt by its trace code. */
export function signInRoutes(app: OperatorApp, parts: SignInParts): void {
	const { brands, now, show } = parts;
	app.get(ADMIN_PATHS.signIns, async (c) => {
		const asked = Number(c.req.query("page") ?? 1);
		const filtered = await filteredSignIns(c, parts);
		const page = signInsPage({
			...filtered,
			strays: countIn(
				filtered.filter,
				await straysSince(parts.addOns, startOf(filtered.filter.period, now())),
			),
			costs: await logInCosts(parts.addOns, now(), filtered.filter.brandId),
			brands,
			page: Number.isSafeInteger(asked) && asked > 0 ? asked : 1,
			now: now(),
		});
		return show(c, "Sign-ins", page);
	});
	app.get(ADMIN_PATHS.signInsExport, async (c) => {
		const { entries, titleOf } = await filteredSignIns(c, parts);
		return sendCsv(c, "sign-ins.csv", signInCsv(entries, brandNames(brands), titleOf));
	});
	app.get(ADMIN_PATHS.signInAttempt, async (c) => {
		const typed = (c.req.query("trace") ?? "").trim().slice(0, MAX_TRACE_CODE);
		return showAttempt(c, parts, typed);
	});
}

async function filteredSignIns(
	c: AdminContext,
	{ addOns, now }: SignInParts,
): Promise<Omit<ShownSignIns, "brands" | "page" | "now" | "strays" | "costs">> {
	const filter = readFilter((name) => c.req.query(name));
	const { entries: within, pluginOf } = await signInsSince(addOns, startOf(filter.period, now()));
	const titleOf = await titlesOf(pluginOf, within);
	const titles = [...new Set(within.map(titleOf))];
	const entries = within.filter((each) => matches(filter, each, titleOf));
	const providers = (await addOns.all()).map(({ loaded }) => loaded.manifest.name);
	const providerOf = (entry: SignInEntry): string => nameOf(pluginOf(entry));
	return { filter, entries, titles, titleOf, providers, providerOf };
}

async function showAttempt(
	c: AdminContext,
	{ brands, addOns, show }: SignInParts,
	typed: string,
): Promise<Response> {
	const wanted = sameTraceCode(typed);
	const { entries: all, pluginOf } = await signInsSince(addOns, 0);
	// Each add-on names its own codes. None can hide the attempt of another by an event with the same code.
	const found = all.filter(({ traceCode }) => sameTraceCode(traceCode) === wanted);
	if (found.length === 0) {
		return show(c, "No such attempt", noAttemptPage(typed), 404);
	}
	const attempts = found.slice(0, MAX_FOUND).map(async (entry) => {
		const plugin = pluginOf(entry);
		const others = all
			.filter((each) => each !== entry && each.who !== null && each.who === entry.who)
			.filter((each) => pluginOf(each) === plugin)
			.slice(0, MAX_OTHERS);
		return {
			entry,
			brandName: brandNames(brands)(entry.brandId),
			zone: brands.find(({ id }) => id === entry.brandId) ?? {},
			provider: nameOf(plugin),
			protocol: protocolName(plugin, entry),
			pluginId: plugin?.loaded.manifest.id ?? "",
			words: await plugin?.explain(entry, "en", entry.brandId),
			others,
			titleOf: await titlesOf(pluginOf, others),
		};
	});
	return show(c, "One attempt", attemptsPage(await Promise.all(attempts), found.length));
}

function brandNames(brands: readonly Brand[]): (brandId: string) => string {
	return (brandId) => brands.find(({ id }) => id === brandId)?.name ?? brandId;
}
