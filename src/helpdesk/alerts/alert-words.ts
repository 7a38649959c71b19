import type { Brand } from "../../contract/brands.ts";
import type { Explanation } from "../../contract/explanation.ts";
import type { AddOns } from "../add-ons/add-ons.ts";
import { localeFor } from "../locale/locale.ts";
import { partsOfEnd } from "../sign-ins/end-kinds.ts";
import type { AlertEvent } from "./alert-event.ts";
import { UNFINISHED } from "./brand-health.ts";

/** What an alert says about the log-ins of a brand with an add-on. */
export interface AlertWords extends Pick<Explanation, "title" | "text"> {
	readonly brand: string;
	readonly addOn: string;
}

export interface AlertWordsParts {
	readonly addOns: Pick<AddOns, "find">;
	readonly brands: { find(id: string): Brand | undefined };
}

/**
 * Says in words why log-ins fail, for administrators.
 *
 * @param why see `Verdict`.
 * @param tag the language of the reader. BCP 47.
 */
export async function alertWords(
	{ pluginId, brandId, why }: Pick<AlertEvent, "pluginId" | "brandId" | "why">,
	{ addOns, brands }: AlertWordsParts,
	tag: string,
): Promise<AlertWords> {
	const found = await addOns.find(pluginId);
	const addOn = found?.loaded.manifest.name ?? pluginId;
	const { text } = localeFor(tag, "en");
	const about = { brand: brands.find(brandId)?.name ?? brandId, addOn };
	if (why === UNFINISHED) {
		return {
			...about,
			title: text("alert.unfinished.title"),
			text: text("alert.unfinished.text", { addOn }),
		};
	}
	const end = partsOfEnd(why);
	const words = end && (await found?.plugin.explain(end, tag, brandId));
	return {
		...about,
		title: words?.title ?? end?.code ?? why,
		text: words?.text ?? text("alert.unexplained.text"),
	};
}
