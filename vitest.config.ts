import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		testTimeout: 20_000,
		// Many tests wait for processes of their own; one worker, which is all that two cores get, would wait with them.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		// A plugin's bundle is imported by Node itself, as in a helpdesk.
		server: { deps: { external: [/helpdesk-plugin-/] } },
	},
});
