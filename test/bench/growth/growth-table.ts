import type { Round } from "./growth-child.ts";
import type { LoginTimes } from "./thin-helpdesk.ts";

/** Milliseconds. The middle half of the measured values lies between low and high. */
interface Spread {
	readonly low: number;
	readonly median: number;
	readonly high: number;
}

/** The cost of log-ins on one storage with one number of linked accounts. */
export interface Cost {
	readonly storage: string;
	readonly people: number;
	readonly spreads: Readonly<Record<Column, Spread>>;
}

/** The most that a log-in may cost with the most accounts, as a multiple of its cost with the fewest. */
const MOST = 1.5;

type Column = (typeof COLUMNS)[number];
const COLUMNS = [
	"returning: storage",
	"returning: log-in",
	"new: storage",
	"new: log-in",
] as const satisfies readonly string[];

export function costOf(storage: string, people: number, times: Round): Cost {
	const spreads = {
		"returning: storage": spreadOf(times.returning, "storage"),
		"returning: log-in": spreadOf(times.returning, "login"),
		"new: storage": spreadOf(times.new, "storage"),
		"new: log-in": spreadOf(times.new, "login"),
	};
	return { storage, people, spreads };
}

export function growthTable(costs: readonly Cost[]): string {
	const rows = [...byStorage(costs)].flatMap(([storage, ofStorage]) => [
		...ofStorage.map(({ people, spreads }) => [
			storage,
			people.toLocaleString("en"),
			...COLUMNS.map((column) => {
				const { low, median, high } = spreads[column];
				return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
			}),
		]),
		[
			"",
			"most ÷ fewest",
			...COLUMNS.map((column) => `× ${growthOf(ofStorage, column).toFixed(2)}`),
		],
	]);
	const header = ["Storage", "Accounts", ...COLUMNS];
	const ruler = ["---", ...Array(header.length - 1).fill("---:")];
	return [header, ruler, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** A sentence for each cost that is not flat. */
export function growthProblems(costs: readonly Cost[]): string[] {
	return [...byStorage(costs)].flatMap(([storage, ofStorage]) =>
		COLUMNS.flatMap((column) => {
			const growth = growthOf(ofStorage, column);
			return growth > MOST
				? [
						`${storage}, ${column}: ${growth.toFixed(2)} times as much; at most ${MOST} counts as flat`,
					]
				: [];
		}),
	);
}

/** Sorted by the number of people, the fewest first. */
function byStorage(costs: readonly Cost[]): ReadonlyMap<string, readonly Cost[]> {
	const storages = [...new Set(costs.map(({ storage }) => storage))];
	return new Map(
		storages.map((storage) => [
			storage,
			costs.filter((cost) => cost.storage === storage).sort((a, b) => a.people - b.people),
		]),
	);
}

function growthOf(ofStorage: readonly Cost[], column: Column): number {
	const [fewest, most] = [ofStorage[0], ofStorage.at(-1)].map(
		(cost) => cost?.spreads[column].median ?? 0,
	);
	return (most ?? 0) / (fewest ?? 0);
}

function spreadOf(times: readonly LoginTimes[], what: keyof LoginTimes): Spread {
	const sorted = times.map((each) => each[what]).sort((a, b) => a - b);
	const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
	return { low: quantile(0.25), median: quantile(0.5), high: quantile(0.75) };
}
