import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Long enough for a test on a busy machine. A hanging test is ended. */
const TEST_MS = 600_000;
/**
 * The time that a test waits for a condition. It is shorter than the test's, so that the failure names the condition.
 */
const WAIT_MS = 120_000;

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		testTimeout: TEST_MS,
		hookTimeout: TEST_MS,
		expect: { poll: { timeout: WAIT_MS } },
		// Many tests wait for processes of their own; one worker, which is all that two cores get, would wait with them.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		// A plugin's bundle is imported by Node itself, as in a helpdesk.
		server: { deps: { external: [/helpdesk-plugin-/] } },
	},
});
