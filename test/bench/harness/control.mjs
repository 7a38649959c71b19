// Preloaded (--import) into every server that is measured: what it uses is read in its own process.
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

/** From now on the process lives that much later. */
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

answerParent({
	cpu: () => {
		const { user, system } = process.cpuUsage();
		return user + system;
	},
	memory,
	advance,
	// With an exit of its own, so that --cpu-prof writes its file.
	exit: () => {
		setTimeout(() => process.exit(0), 10);
		return null;
	},
});
