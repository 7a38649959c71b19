import { expect, test } from "vitest";
import { describeHostContract } from "../../../src/testing/host-contract/describe-host-contract.ts";
import type { HostPart, HostSetUp } from "../../../src/testing/host-contract/host-under-test.ts";
import { STANDALONE_PORTAL } from "../../helpdesk/host-contract/helpdesk-under-test.ts";
import { openMockHost } from "./open-mock-host.ts";

const ALL: readonly HostPart[] = [
	"second-brand",
	"second-plugin",
	"uninstall",
	"unclaimed-users",
	"approval-queue",
	"incomplete-users",
];

interface Collected {
	readonly printed: readonly string[];
	readonly tests: ReadonlyMap<string, () => Promise<void>>;
}

function collect(without: readonly HostPart[], open = openMockHost): Collected {
	const printed: string[] = [];
	const tests = new Map<string, () => Promise<void>>();
	describeHostContract({
		name: "a desk",
		contract: "1.3",
		without,
		open: (setUp: HostSetUp) => open(setUp),
		portal: STANDALONE_PORTAL,
		print: (line) => printed.push(line),
		describe: (_, suite) => suite(),
		test: (name, run) => tests.set(name, run),
	});
	return { printed, tests };
}

test("a helpdesk that has everything leaves nothing out", () => {
	expect(collect([]).printed).toEqual([]);
});

test.each(ALL)(
	"what is left out without %s is printed by its name, and nothing else is",
	(part) => {
		const whole = [...collect([]).tests.keys()];
		const { printed, tests } = collect([part]);
		const left = whole.filter((name) => !tests.has(name));

		expect(left.length).toBeGreaterThan(0);
		expect(printed).toEqual(left.map((name) => `a desk does without ${part}. Left out: ${name}`));
	},
);

test("a helpdesk of one brand and one plugin, without an installer, keeps the promises about ports", async () => {
	const ports = collectPorts();
	expect(ports.size).toBeGreaterThan(100);

	for (const [name, run] of ports) {
		await expect(run(), name).resolves.toBeUndefined();
	}
});

/** The promises about ports, for the mock host with one brand and neither install nor uninstall. */
function collectPorts(): ReadonlyMap<string, () => Promise<void>> {
	const tests = new Map<string, () => Promise<void>>();
	describeHostContract({
		name: "a desk",
		contract: "1.3",
		without: ALL,
		open: async (setUp) => {
			const { install: _, uninstall: __, ...opened } = await openMockHost(setUp);
			return { ...opened, brandIds: ["first"] };
		},
		print: () => {},
		describe: (_, suite) => suite(),
		test: (name, run) => tests.set(name, run),
	});
	return tests;
}
