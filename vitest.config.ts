import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		testTimeout: 20_000,
		// A plugin's bundle is imported by Node itself, as in a helpdesk.
		server: { deps: { external: [/helpdesk-plugin-/] } },
	},
});
