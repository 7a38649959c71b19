import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
import { shownValue } from "../../../../contract/message-text.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { BrandCounts, PeopleCounts } from "../../../people/people-counts.ts";
import type { Markup } from "../../layout.ts";
import { ROWS_PER_PAGE, withQuery } from "../list-pager.ts";
import { ADMIN_PATHS } from "../paths.ts";
import { scrollRegion } from "../scroll-region.ts";

const { users: USERS } = ADMIN_PATHS;

/** How many users each brand has, how many of them have a linked account, and how many no other way to log in. */
export async function usersNumbers(
	counts: Pick<PeopleCounts, "at">,
	brands: readonly Brand[],
	locale: Locale,
): Promise<Markup> {
	const { text } = locale;
	const shown = brands.slice(0, ROWS_PER_PAGE);
	const counted: { readonly brand: Brand; readonly at: BrandCounts }[] = [];
	for (const brand of shown) {
		// One after the other: each may add up what has just changed.
		counted.push({ brand, at: await counts.at(brand.id) });
	}
	if (counted.some(({ at }) => !at.isReady)) {
		return html`<p class="help lead">${text("users.numbers.counting")}</p>`;
	}
	const rows = counted.map(({ brand: { id, name }, at }) => row(name, numbersOf(at), locale, id));
	const all = counted.map(({ at }) => numbersOf(at));
	const total =
		shown.length < brands.length || shown.length === 1
			? ""
			: row(text("users.numbers.all-brands"), sum(all), locale);
	const left = brands.length - shown.length;
	const more =
		left === 0 ? "" : html`<p class="help">${text("users.numbers.more", { count: left })}</p>`;
	const late = counted.every(({ at }) => at.isExact)
		? ""
		: html`<p class="help">${text("users.numbers.late")}</p>`;
	const table = html`<table class="figures" aria-label="${text("users.numbers.title")}"><thead><tr><th scope="col">${text("users.numbers.brand")}</th><th scope="col" class="number">${text("users.numbers.users")}</th><th scope="col" class="number">${text("users.numbers.linked")}</th><th scope="col" class="number">${text("users.numbers.only")}</th></tr></thead><tbody>${rows}${total}</tbody></table>`;
	return html`${scrollRegion(text("users.numbers.region"), table)}${more}${late}`;
}

interface Numbers {
	readonly all: number;
	readonly linked: number;
	readonly only: number;
}

function numbersOf({ of }: BrandCounts): Numbers {
	const only = of("ways:link");
	return { all: of("all"), linked: of("ways:both") + only, only };
}

function sum(all: readonly Numbers[]): Numbers {
	return all.reduce((a, b) => ({
		...{ all: a.all + b.all, linked: a.linked + b.linked, only: a.only + b.only },
	}));
}

/** @param brand left out: all of them. */
function row(
	name: string,
	{ all, linked, only }: Numbers,
	{ language }: Locale,
	brand?: string,
): Markup {
	const cell = (count: number, chosen?: string): Markup =>
		html`<td class="number"><a href="${withQuery(USERS, { brand, linked: chosen })}">${shownValue(count, language)}</a></td>`;
	return html`<tr><th scope="row">${name}</th>${cell(all)}${cell(linked, "linked")}${cell(only, "only")}</tr>`;
}
