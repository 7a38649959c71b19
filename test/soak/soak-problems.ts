import type { SoakFigures } from "./run-soak.ts";
import { LIFETIMES, MOST, OF_PEOPLE } from "./stored-kinds.ts";

/** What happened that must not; nothing when all is well. */
export function soakProblems(figures: SoakFigures): string[] {
	return [
		...[...figures.errors].map(([what, count]) => `${what} (${count} times)`),
		...growthProblems(figures),
		...memoryProblems(figures),
	];
}

function growthProblems({ stored, people, staleStarts, leftovers }: SoakFigures): string[] {
	const problems = [...leftovers].map(
		([kind, count]) => `${count} entries of ${kind} outlive their time`,
	);
	if (staleStarts > 0) {
		problems.push(`${staleStarts} starts that had expired before the run were not swept in it`);
	}
	for (const [kind, { entries }] of stored.end) {
		if (entries > (MOST.get(kind) ?? Number.POSITIVE_INFINITY)) {
			problems.push(`${entries} entries of ${kind}, which is more than are kept`);
		}
		if (OF_PEOPLE.some((each) => each === kind)) {
			if (entries !== people.end) {
				problems.push(`${entries} entries of ${kind} for ${people.end} people`);
			}
		} else if (!LIFETIMES.has(kind) && entries !== stored.start.get(kind)?.entries) {
			problems.push(`${kind} grows, and nobody said that it ends`);
		}
	}
	return problems;
}

/**
 * What a node rightly holds more of after its warm-up: who came within the last minute, for their limits, and what was
 * compiled since. Measured are 1 to 2 MiB; a leak of a kilobyte a visit is found within 8,000 visits of a node.
 */
const MOST_HELD = 8 * 2 ** 20;
/** The process keeps pages that its heap had in use between two collections: measured are up to 50 MiB. */
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
