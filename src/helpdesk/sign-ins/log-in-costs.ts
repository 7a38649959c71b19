import type { LogInPrices } from "../../contract/log-in-prices.ts";
import type { DayCount } from "./people-of-day.ts";

/** What log-ins by one protocol cost. Amounts are in units of the prices' currency. */
interface ProtocolCosts {
	readonly protocol: string;
	/** As administrators know it. */
	readonly name: string;
	/** People who logged in by it. Each counts once for each day. */
	readonly people: number;
	/** Null where the provider publishes no price. */
	readonly cost: number | null;
	/** What it would be if everybody had used this protocol. Null where the provider publishes no price. */
	readonly costOfAll: number | null;
}

export interface LogInCosts {
	/** Sums over all protocols. Somebody who used two protocols on one day counts for both. */
	readonly people: number;
	/** Attempts that ended before the provider named anybody. They cost nothing. */
	readonly unnamed: number;
	/** In the order of the prices. Last come protocols that the plugin no longer has a price for. */
	readonly protocols: readonly ProtocolCosts[];
}

export interface BrandCosts extends LogInCosts {
	readonly brandId: string;
}

/** What the log-ins of each brand cost, the brand with the most people first. */
export function costsByBrand(counts: readonly DayCount[], prices: LogInPrices): BrandCosts[] {
	const byBrand = new Map<string, DayCount[]>();
	for (const each of counts) {
		byBrand.set(each.brandId, [...(byBrand.get(each.brandId) ?? []), each]);
	}
	return [...byBrand]
		.map(([brandId, ofBrand]) => ({ brandId, ...costsOf(ofBrand, prices) }))
		.sort((a, b) => b.people - a.people || (a.brandId < b.brandId ? -1 : 1));
}

export function costsOf(counts: readonly DayCount[], { protocols }: LogInPrices): LogInCosts {
	const people = sum(counts.map((each) => each.people));
	const priced = new Set(protocols.map(({ protocol }) => protocol));
	const others = new Set(
		counts.map(({ protocol }) => protocol).filter((each) => !priced.has(each)),
	);
	const unpriced = [...others].map((protocol) => ({
		protocol,
		name: protocol,
		perPersonAndDay: null,
	}));
	return {
		people,
		unnamed: sum(counts.map(({ unnamed }) => unnamed)),
		protocols: [...protocols, ...unpriced].map(({ protocol, name, perPersonAndDay: price }) => {
			const own = counts.filter((each) => each.protocol === protocol);
			const peopleOfIt = sum(own.map((each) => each.people));
			return {
				...{ protocol, name, people: peopleOfIt },
				cost: price === null ? null : peopleOfIt * price,
				costOfAll: price === null ? null : people * price,
			};
		}),
	};
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, each) => total + each, 0);
}
