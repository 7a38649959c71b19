import type { Explanation } from "../../../../contract/explanation.ts";
import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import { alertWords } from "../../../alerts/alert-words.ts";
import { type LogInFigures, recentLogIns } from "../../../alerts/log-in-figures.ts";
import type { Alerts } from "../../../alerts/open-alerts.ts";
import type { BrandSwitch } from "../social-login/brand-switches.ts";

/** How the log-ins of a brand go. */
export interface BrandFacts {
	readonly day: LogInFigures;
	readonly week: LogInFigures;
	/** When log-ins began to fail, and why; undefined where they do not. Milliseconds since the epoch. */
	readonly failing: { readonly since: number; readonly words: Words } | undefined;
	/** Why attempts of the last day were refused, the most frequent first. */
	readonly refusals: readonly { readonly count: number; readonly words: Words }[];
}

type Words = Pick<Explanation, "title" | "text">;

export interface BrandFactsParts {
	readonly alerts: Alerts;
	/** Milliseconds since the epoch. */
	readonly now: () => number;
}

/** How the log-ins of brands with an add-on go, by the id of the brand. One read for each brand. */
export async function brandFacts(
	addOn: AddOn,
	switches: readonly BrandSwitch[],
	{ alerts, now, tag }: BrandFactsParts & { readonly tag: string },
): Promise<ReadonlyMap<string, BrandFacts>> {
	const pluginId = addOn.loaded.manifest.id;
	const find = () => undefined;
	// Words are those of one brand: they may name its callback URL.
	const wordsOf = (brandId: string, why: string): Promise<Words> =>
		alertWords(
			{ pluginId, brandId, why },
			{ addOns: { find: async () => addOn }, brands: { find } },
			tag,
		);
	const facts = await Promise.all(
		switches.map(async ({ brand: { id }, enabled }): Promise<readonly [string, BrandFacts]> => {
			const health = await alerts.watched.healthOf(pluginId, id);
			const { day, week, refusals } = recentLogIns(health, now());
			const { verdict } = health;
			// Nobody can try where there is no button, so the verdict would stay as it is.
			const failing =
				verdict.kind === "failing" && enabled && isActive(addOn)
					? { since: verdict.since, words: await wordsOf(id, verdict.why) }
					: undefined;
			const shown = await Promise.all(
				refusals.map(async ({ end, count }) => ({ count, words: await wordsOf(id, end) })),
			);
			return [id, { day, week, failing, refusals: shown }];
		}),
	);
	return new Map(facts);
}
