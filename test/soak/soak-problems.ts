import type { SoakFigures } from "./run-soak.ts";
import { LIFETIMES, MOST, MOST_A_PERSON, OF_PEOPLE } from "./stored-kinds.ts";

/** The problems of a run, in sentences. Empty if there are none. */
export function soakProblems(figures: SoakFigures): string[] {
	return [
		...[...figures.errors].map(([what, count]) => `${what} (${count} times)`),
		...growthProblems(figures),
		...memoryProblems(figures),
	];
}

function growthProblems({ stored, people, staleStarts, leftovers }: SoakFigures): string[] {
	const problems = [...leftovers].map(
		([kind, count]) => `${count} entries of ${kind} outlive their lifetime`,
	);
	if (staleStarts > 0) {
		problems.push(`${staleStarts} starts that had expired before the run were not swept`);
	}
	for (const [kind, { entries }] of stored.end) {
		if (entries > (MOST.get(kind) ?? Number.POSITIVE_INFINITY)) {
			problems.push(`${entries} entries of ${kind} are more than are kept`);
		}
		if (OF_PEOPLE.some((each) => each === kind)) {
			if (entries !== people.end) {
				problems.push(`${entries} entries of ${kind} for ${people.end} people`);
			}
		} else if (MOST_A_PERSON.has(kind)) {
			if (entries > (MOST_A_PERSON.get(kind) ?? 0) * people.end) {
				problems.push(`${entries} entries of ${kind} for ${people.end} people`);
			}
		} else if (!LIFETIMES.has(kind) && entries !== stored.start.get(kind)?.entries) {
			problems.push(`${kind} grows and has no lifetime`);
		}
	}
	return problems;
}

/**
 * The memory that a node may hold in addition after its warm-up: limits for visitors of the last minute, and code compiled
 * since. Measured: 1 to 2 MiB. A leak of a kilobyte per visit is found within 8,000 visits of a node.
 */
const MOST_HELD = 8 * 2 ** 20;
/** The process keeps pages that its heap used between two collections. Measured: up to 50 MiB. */
const MOST_RESIDENT = 128 * 2 ** 20;

function memoryProblems({ nodes }: SoakFigures): string[] {
	return nodes.flatMap(({ start, end }, index) => {
		const held = end.heapUsed + end.external - start.heapUsed - start.external;
		const resident = end.rss - start.rss;
		return [
			...(held > MOST_HELD
				? [`node ${index + 1} holds ${mebibytes(held)} MiB more than after its warm-up`]
				: []),
			...(resident > MOST_RESIDENT
				? [`node ${index + 1} has ${mebibytes(resident)} MiB more resident than after its warm-up`]
				: []),
		];
	});
}

function mebibytes(bytes: number): string {
	return (bytes / 2 ** 20).toFixed(1);
}
