import { describeHostContract } from "../../../src/testing/host-contract/describe-host-contract.ts";
import type { HostUnderTest } from "../../../src/testing/host-contract/host-under-test.ts";

type Host = Pick<HostUnderTest, "open" | "portal">;

interface CollectedTest {
	readonly promise: string;
	readonly run: () => Promise<void>;
}

/**
 * Runs the parts of the suite that contain these promises, as a test runner would.
 *
 * @returns the broken promises of these parts, each with its error.
 */
export async function brokenPromises(
	host: Host,
	suspected: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
	const broken = new Map<string, unknown>();
	const parts = [...collect(host).values()].filter((tests) =>
		tests.some(({ promise }) => suspected.includes(promise)),
	);
	for (const tests of parts) {
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

/** The promises of the suite, by their part: `users`, for example. */
export function promisesByPart(portal?: HostUnderTest["portal"]): ReadonlyMap<string, string[]> {
	const open = async (): Promise<never> => {
		throw new Error("nothing is opened");
	};
	const parts = [...collect({ open, ...(portal && { portal }) })];
	return new Map(parts.map(([part, tests]) => [part, tests.map(({ promise }) => promise)]));
}

function collect(host: Host): ReadonlyMap<string, readonly CollectedTest[]> {
	const tests = new Map<string, CollectedTest[]>();
	let part = "";
	describeHostContract({
		name: "a helpdesk",
		...host,
		contract: "1.3",
		describe: (name, suite) => {
			part = name;
			suite();
		},
		test: (promise, run) => {
			tests.set(part, [...(tests.get(part) ?? []), { promise, run }]);
		},
	});
	return tests;
}
