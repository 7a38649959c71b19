import { html } from "hono/html";
import type { Brand } from "../../../../contract/brands.ts";
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
): Promise<Markup> {
	const shown = brands.slice(0, ROWS_PER_PAGE);
	const counted: { readonly brand: Brand; readonly at: BrandCounts }[] = [];
	for (const brand of shown) {
		// One after the other: each may add up what has just changed.
		counted.push({ brand, at: await counts.at(brand.id) });
	}
	if (counted.some(({ at }) => !at.isReady)) {
		return html`<p class="help lead">The users are being counted.</p>`;
	}
	const rows = counted.map(({ brand: { id, name }, at }) => row(name, numbersOf(at), id));
	const all = counted.map(({ at }) => numbersOf(at));
	const total =
		shown.length < brands.length || shown.length === 1 ? "" : row("All brands", sum(all));
	const left = brands.length - shown.length;
	const more = left === 0 ? "" : html`<p class="help">And ${left} more brands.</p>`;
	const late = counted.every(({ at }) => at.isExact)
		? ""
		: html`<p class="help">Changes of the last seconds are not counted yet.</p>`;
	const table = html`<table class="figures" aria-label="Numbers"><thead><tr><th scope="col">Brand</th><th scope="col" class="number">Users</th><th scope="col" class="number">Linked</th><th scope="col" class="number">No other way in</th></tr></thead><tbody>${rows}${total}</tbody></table>`;
	return html`${scrollRegion("Numbers of users", table)}${more}${late}`;
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
function row(name: string, { all, linked, only }: Numbers, brand?: string): Markup {
	const cell = (count: number, chosen?: string): Markup =>
		html`<td class="number"><a href="${withQuery(USERS, { brand, linked: chosen })}">${count.toLocaleString("en")}</a></td>`;
	return html`<tr><th scope="row">${name}</th>${cell(all)}${cell(linked, "linked")}${cell(only, "only")}</tr>`;
}
