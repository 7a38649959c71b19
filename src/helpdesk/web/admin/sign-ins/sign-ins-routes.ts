import type { Context, Hono } from "hono";
import type { Brand } from "../../../../contract/brands.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { type SignInEntry, sameTraceCode } from "../../../sign-ins/sign-in-entry.ts";
import { startOf } from "../../../sign-ins/sign-in-figures.ts";
import type { VisitEnv } from "../../visit.ts";
import { ADMIN_PATHS, type ShowPage } from "../admin-pages.ts";
import { attemptPage, noAttemptPage } from "./sign-in-attempt-page.ts";
import { signInCsv } from "./sign-in-csv.ts";
import { matches, readFilter } from "./sign-in-filter.ts";
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

/** How attempts to come in ended: charts, a list, one attempt by its trace code, and a file for spreadsheets. */
export function signInRoutes(app: Hono<VisitEnv>, parts: SignInParts): void {
	const { brands, addOns, now, show } = parts;
	const path = ADMIN_PATHS.signIns;
	const brandName = (brandId: string): string =>
		brands.find(({ id }) => id === brandId)?.name ?? brandId;
	const filtered = async (
		c: Context<VisitEnv>,
	): Promise<Omit<ShownSignIns, "brands" | "page" | "now">> => {
		const filter = readFilter((name) => c.req.query(name));
		const { entries: within, pluginOf } = await since(addOns, startOf(filter.period, now()));
		const titleOf = await titlesOf(pluginOf, within);
		const titles = [...new Set(within.map(titleOf))];
		const entries = within.filter((each) => matches(filter, each, titleOf));
		const providers = (await addOns.all()).map(({ loaded }) => loaded.manifest.name);
		const providerOf = (entry: SignInEntry): string => nameOf(pluginOf(entry));
		return { filter, entries, titles, titleOf, providers, providerOf };
	};

	app.get(path, async (c) => {
		const asked = Number(c.req.query("page") ?? 1);
		const page = signInsPage({
			...(await filtered(c)),
			brands,
			page: Number.isSafeInteger(asked) && asked > 0 ? asked : 1,
			now: now(),
		});
		return show(c, "Sign-ins", page);
	});

	app.get(`${path}/export`, async (c) => {
		const { entries, titleOf } = await filtered(c);
		return c.body(signInCsv(entries, brandName, titleOf), 200, {
			"content-type": "text/csv; charset=utf-8",
			"content-disposition": 'attachment; filename="sign-ins.csv"',
			"cache-control": "no-store",
		});
	});

	app.get(`${path}/attempt`, async (c) => {
		const typed = (c.req.query("trace") ?? "").trim().slice(0, MAX_TRACE_CODE);
		const wanted = sameTraceCode(typed);
		const { entries: all, pluginOf } = await since(addOns, 0);
		const entry = all.find(({ traceCode }) => sameTraceCode(traceCode) === wanted);
		if (entry === undefined) {
			return show(c, "No such attempt", noAttemptPage(typed), 404);
		}
		const others = all.filter(
			(each) => each !== entry && each.who !== null && each.who === entry.who,
		);
		const page = attemptPage({
			entry,
			brandName: brandName(entry.brandId),
			provider: nameOf(pluginOf(entry)),
			words: await pluginOf(entry)?.explain(entry, "en", entry.brandId),
			others: others.slice(0, MAX_OTHERS),
			titleOf: await titlesOf(pluginOf, others.slice(0, MAX_OTHERS)),
		});
		return show(c, "One attempt", page);
	});
}

function nameOf(plugin: PluginHooks | undefined): string {
	return plugin?.loaded.manifest.name ?? "the provider";
}

type PluginOf = (entry: SignInEntry) => PluginHooks | undefined;

/** Of all plugins, newest first, and whose each is. */
async function since(
	addOns: AddOns,
	from: number,
): Promise<{ readonly entries: readonly SignInEntry[]; readonly pluginOf: PluginOf }> {
	const plugins = new Map<SignInEntry, PluginHooks>();
	for (const { ledger, plugin } of await addOns.all()) {
		for (const entry of await ledger.since(from)) {
			plugins.set(entry, plugin);
		}
	}
	const entries = [...plugins.keys()].sort((a, b) => b.at - a.at);
	return { entries, pluginOf: (entry) => plugins.get(entry) };
}

/** What each end is called; each kind of end is asked about once. */
async function titlesOf(
	pluginOf: PluginOf,
	entries: readonly SignInEntry[],
): Promise<(entry: SignInEntry) => string> {
	const nameOf = (entry: SignInEntry): string =>
		`${pluginOf(entry)?.loaded.manifest.id} ${entry.code} ${entry.problem ?? ""}`;
	const kinds = new Map(entries.map((entry) => [nameOf(entry), entry]));
	const titles = new Map<string, string>();
	for (const [name, entry] of kinds) {
		const words = await pluginOf(entry)?.explain(entry, "en", entry.brandId);
		titles.set(name, words?.title ?? entry.code);
	}
	return (entry) => titles.get(nameOf(entry)) ?? entry.code;
}
