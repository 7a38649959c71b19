import { describeHostContract } from "../../../src/testing/describe-host-contract.ts";
import type { HostUnderTest } from "../../../src/testing/host-contract/host-under-test.ts";

type Host = Pick<HostUnderTest, "open" | "portal">;

interface CollectedTest {
	readonly promise: string;
	readonly run: () => Promise<void>;
}

/** Which tests of the suite to run, by the part that they belong to: `users`. */
export type Parts = (part: string) => boolean;

const ALL_PARTS: Parts = () => true;

/** Runs the suite as a test runner would. @returns the promises that the helpdesk breaks, each with what was seen. */
export async function brokenPromises(
	host: Host,
	isWanted: Parts = ALL_PARTS,
): Promise<ReadonlyMap<string, unknown>> {
	const broken = new Map<string, unknown>();
	for (const tests of collect(host, isWanted).values()) {
		await Promise.all(
			tests.map(({ promise, run }) =>
				run().catch((error: unknown) => {
					broken.set(promise, error);
				}),
			),
		);
	}
	return broken;
}

/** The promises that the suite asks for. */
export function allPromises(
	portal: HostUnderTest["portal"],
	isWanted: Parts = ALL_PARTS,
): readonly string[] {
	const open = async (): Promise<never> => {
		throw new Error("nothing is opened");
	};
	return [...collect({ open, ...(portal && { portal }) }, isWanted).values()]
		.flat()
		.map(({ promise }) => promise);
}

function collect(host: Host, isWanted: Parts): ReadonlyMap<string, readonly CollectedTest[]> {
	const tests = new Map<string, CollectedTest[]>();
	let part = "";
	describeHostContract({
		name: "a helpdesk",
		...host,
		describe: (name, suite) => {
			part = name;
			suite();
		},
		test: (promise, run) => {
			if (isWanted(part)) {
				tests.set(part, [...(tests.get(part) ?? []), { promise, run }]);
			}
		},
	});
	return tests;
}
