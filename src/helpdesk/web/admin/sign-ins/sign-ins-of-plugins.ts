import type { AddOn } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import type { PluginHooks } from "../../../add-ons/plugin-hooks.ts";
import { textsOf } from "../../../add-ons/plugin-texts.ts";
import { costsByBrand, costsOf } from "../../../sign-ins/log-in-costs.ts";
import { mergedNewestFirst } from "../../../sign-ins/newest-first.ts";
import { startOfMonth } from "../../../sign-ins/people-of-day.ts";
import type { SignInEntry } from "../../../sign-ins/sign-in-entry.ts";
import type { StraysSince } from "../../../sign-ins/stray-hours.ts";
import type { MonthCosts, ShownCosts } from "./log-in-costs-card.ts";
import { endedBy, type NamedEnd } from "./sign-in-filter.ts";

/** How many entries of an add-on are read before others are asked for. */
const PAGE = 100;

type PluginOf = (entry: SignInEntry) => PluginHooks | undefined;

/** The entries of all plugins, newest first, and the plugin of each. */
export async function signInsSince(
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

/** The entries of all plugins since a time, newest first, without having all of them in memory, and the plugin of each. */
export async function signInsNewestFirst(
	addOns: AddOns,
	from: number,
): Promise<{ readonly entries: AsyncGenerator<SignInEntry>; readonly pluginOf: PluginOf }> {
	const plugins = new WeakMap<SignInEntry, PluginHooks>();
	async function* ofAddOn({ ledger, plugin }: AddOn): AsyncGenerator<readonly SignInEntry[]> {
		let page: SignInEntry[] = [];
		for await (const entry of ledger.newestFirst(from)) {
			plugins.set(entry, plugin);
			page.push(entry);
			if (page.length === PAGE) {
				yield page;
				page = [];
			}
		}
		yield page;
	}
	const lists = (await addOns.all()).map(ofAddOn);
	return {
		entries: mergedNewestFirst(lists, ({ at }) => at),
		pluginOf: (entry) => plugins.get(entry),
	};
}

/**
 * Whether an attempt is one of a user's, by the accounts with which they came in.
 *
 * @param userId empty: everybody's attempts are meant.
 */
export async function attemptsOf(
	addOns: AddOns,
	userId: string,
): Promise<(entry: SignInEntry) => boolean> {
	if (userId === "") {
		return () => true;
	}
	const all = await addOns.all();
	const accounts = new Set(
		(await Promise.all(all.map(({ ledger }) => ledger.accountsOf(userId)))).flat(),
	);
	return ({ who, wanted }) => wanted !== null && who !== null && accounts.has(who);
}

/** The requests since a time that belong to no log-in and are not among the entries. */
export async function straysSince(addOns: AddOns, from: number): Promise<StraysSince> {
	const all = await Promise.all((await addOns.all()).map(({ strays }) => strays.since(from)));
	return {
		counts: all.flatMap(({ counts }) => counts),
		isWhole: all.every(({ isWhole }) => isWhole),
	};
}

/**
 * What this month's log-ins cost at the providers that publish prices, as far as their plugins say.
 *
 * @param brandId of the brand to count; empty for all brands.
 * @param tag the language of the reader. BCP 47.
 */
export async function logInCosts(
	addOns: AddOns,
	now: number,
	brandId: string,
	tag: string,
): Promise<readonly ShownCosts[]> {
	const shown: ShownCosts[] = [];
	for (const addOn of await addOns.all()) {
		const { people, loaded } = addOn;
		const { logInPrices: prices, manifest } = loaded;
		if (prices !== undefined) {
			const inMonth = async (month: number): Promise<MonthCosts> => {
				const { counts: all, countedUntil } = await people.ofMonth(month);
				const counts = all.filter((each) => brandId === "" || each.brandId === brandId);
				const days = counts.map(({ day }) => day).sort((a, b) => a - b);
				const brands = costsByBrand(counts, prices);
				const total = costsOf(counts, prices);
				return { month, firstDay: days[0], countedUntil, total, brands };
			};
			const [current, previous] = [startOfMonth(now), startOfMonth(now, -1)];
			shown.push({
				provider: manifest.name,
				prices,
				source: textsOf(addOn, tag)(prices.source),
				current: await inMonth(current),
				previous: await inMonth(previous),
			});
		}
	}
	return shown;
}

/** The titles of ends in a language. A plugin is asked once for each kind of end. */
export class EndTitles {
	private readonly titles = new Map<string, string>();

	constructor(
		private readonly pluginOf: PluginOf,
		private readonly tag: string,
	) {}

	/** Asks for the titles of these entries that it does not know yet. */
	async learn(entries: readonly SignInEntry[]): Promise<void> {
		const kinds = new Map(entries.map((entry) => [this.kindOf(entry), entry]));
		// All at once: a plugin that does not answer costs the page its time limit once.
		await Promise.all(
			[...kinds].map(async ([kind, entry]) => {
				if (!this.titles.has(kind)) {
					const words = await this.pluginOf(entry)?.explain(entry, this.tag, entry.brandId);
					this.titles.set(kind, words?.title ?? entry.code);
				}
			}),
		);
	}

	/** The title of an entry that it was asked about; the code of any other. */
	readonly of = (entry: SignInEntry): string => this.titles.get(this.kindOf(entry)) ?? entry.code;

	private kindOf(entry: SignInEntry): string {
		const { code, problem } = entry;
		return `${this.pluginOf(entry)?.loaded.manifest.id} ${code} ${problem ?? ""}`;
	}
}

/** The title of each end, see {@link EndTitles}. */
export async function titlesOf(
	pluginOf: PluginOf,
	entries: readonly SignInEntry[],
	tag: string,
): Promise<(entry: SignInEntry) => string> {
	const titles = new EndTitles(pluginOf, tag);
	await titles.learn(entries);
	return titles.of;
}

/** The title of an end that an address names, which no attempt may have. */
export async function titleOfEnd(
	addOns: Pick<AddOns, "find">,
	{ pluginId, code, problem }: NamedEnd,
	brandId: string,
	tag: string,
): Promise<string> {
	const addOn = await addOns.find(pluginId);
	const words = await addOn?.plugin.explain({ code, problem }, tag, brandId);
	return words?.title ?? code;
}

/** The titles of ends, and the filter for each. Of several ends with one title, the filter names the same one every time. */
export function reasonsIn(
	entries: readonly SignInEntry[],
	pluginOf: PluginOf,
	titleOf: (entry: SignInEntry) => string,
): ReadonlyMap<string, string> {
	const reasons = new Map<string, string>();
	for (const entry of entries) {
		const pluginId = pluginOf(entry)?.loaded.manifest.id ?? "";
		const ended = endedBy({ ...entry, pluginId });
		const title = titleOf(entry);
		const known = reasons.get(title);
		reasons.set(title, known === undefined || ended < known ? ended : known);
	}
	return reasons;
}

/** @returns undefined for an attempt with an add-on that is gone. */
export function nameOf(plugin: PluginHooks | undefined): string | undefined {
	return plugin?.loaded.manifest.name;
}

/** As administrators know it. @returns undefined where the plugin does not say by which protocol. */
export function protocolName(
	plugin: PluginHooks | undefined,
	{ protocol }: SignInEntry,
): string | undefined {
	const known = plugin?.loaded.logInPrices?.protocols.find((each) => each.protocol === protocol);
	return known?.name ?? protocol ?? undefined;
}
