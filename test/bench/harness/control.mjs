// Preloaded (--import) into every measured server, because a process can read only its own CPU time and memory.
import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { setImmediate } from "node:timers/promises";
import { answerParent } from "./answer-parent.mjs";

const COLLECTIONS = 4;

async function memory() {
	for (let collection = 0; collection < COLLECTIONS; collection += 1) {
		globalThis.gc?.();
		await setImmediate();
	}
	const { heapUsed, rss } = process.memoryUsage();
	return { heap: heapUsed, rss };
}

/** Moves the clock of the process forward by this much from now on. */
function advance({ milliseconds }) {
	const RealDate = globalThis.Date;
	globalThis.Date = class extends RealDate {
		constructor(...parts) {
			super(...(parts.length === 0 ? [RealDate.now() + milliseconds] : parts));
		}

		static now() {
			return RealDate.now() + milliseconds;
		}
	};
	return null;
}

const SAMPLES_MICROSECONDS = 200;

const profiler = new Session();

/** Profiles like `--cpu-prof`, but without the start of the process and its warm-up. */
async function startProfile() {
	profiler.connect();
	await profiler.post("Profiler.enable");
	await profiler.post("Profiler.setSamplingInterval", { interval: SAMPLES_MICROSECONDS });
	await profiler.post("Profiler.start");
	return null;
}

async function stopProfile({ path }) {
	const { profile } = await profiler.post("Profiler.stop");
	await writeFile(path, JSON.stringify(profile));
	profiler.disconnect();
	return null;
}

answerParent({
	cpu: () => {
		const { user, system } = process.cpuUsage();
		return user + system;
	},
	memory,
	advance,
	startProfile,
	stopProfile,
});
