import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { SlowFilesFirst } from "./test/kit/slow-files-first.ts";

/** The time limit of a test. A test that hangs ends, and a test on a busy machine has the time it needs. */
const TEST_MS = 600_000;
/** The time limit of a wait inside a test. It ends before the test does, and the error says what never came. */
const WAIT_MS = 120_000;

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		setupFiles: ["test/kit/whole-reflect.ts"],
		exclude: [
			...configDefaults.exclude,
			// They need a Request Tracker, which test/with-request-tracker.sh starts.
			...(process.env["TEST_RT_FOLDER"] === undefined ? ["test/journeys/request-tracker/**"] : []),
			// They need the installed package, which test/with-package.sh makes.
			...(process.env["TEST_PACKAGE_FOLDER"] === undefined ? ["test/package/**"] : []),
		],
		testTimeout: TEST_MS,
		hookTimeout: TEST_MS,
		expect: { poll: { timeout: WAIT_MS } },
		sequence: { sequencer: SlowFilesFirst },
		// Loading the sources again for each file would take a fifth of the processor's time. A worker that goes on with the next
		// file is also like a helpdesk that runs for long: it shows what goes wrong in a process only after a while.
		isolate: false,
		// Many tests wait: for processes of their own, for a disk, for time to pass. Two more workers use that time.
		maxWorkers: availableParallelism() + 2,
		// A plugin's bundle is imported by Node itself, as in a helpdesk.
		server: { deps: { external: [/helpdesk-plugin-/] } },
	},
});
