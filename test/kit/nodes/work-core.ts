import { BlockList } from "node:net";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { builtPlugin } from "../artifact/built-plugin.ts";
import { CHEAP_HASHER } from "../helpdesk/cheap-hasher.ts";
import { countingJob } from "../jobs/counting-job.ts";
import { markingJob } from "../jobs/marking-job.ts";
import { fastClock, fastTimers } from "./fast-time.ts";

/** The same for all nodes. */
const KEY = new Uint8Array(32).fill(7);

/** A helpdesk without its sites, in fast time, which knows two more kinds of jobs: `counting` and `marking`. */
export async function openWorkCore(storage: HostStorage, node: string): Promise<HelpdeskCore> {
	const options = {
		port: 0,
		storage,
		plugin: await builtPlugin(),
		clock: fastClock,
		timers: fastTimers,
		node,
		random: cryptoRandom,
		keys: [KEY],
		origins: { "api.x.com": "http://127.0.0.1:1" },
		baseUrls: new Map<string, string>(),
		deliver: undefined,
		startLimit: 0,
		trustedProxies: new BlockList(),
		hasher: CHEAP_HASHER,
		log: (line: string) => process.stderr.write(`${line}\n`),
	};
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));
	core.runner.register(countingJob(storage).kind, markingJob(storage));
	return core;
}
