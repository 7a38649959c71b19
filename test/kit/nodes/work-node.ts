// The background work of one node, in its own process: `work-node.ts URL NAME`. Each line on its standard input is one
// word: `start` or `close`. It answers with a line when that is done.
import { createInterface } from "node:readline";
import type { HelpdeskCore } from "../../../src/helpdesk/helpdesk.ts";
import { openStorageAt } from "../storage/open-storage-at.ts";
import { fastClock } from "./fast-time.ts";
import { openWorkCore } from "./work-core.ts";

const [, , url = "", name = ""] = process.argv;
const storage = await openStorageAt(url, fastClock);
let core: HelpdeskCore | undefined;
process.stdout.write("ready\n");
for await (const line of createInterface(process.stdin)) {
	if (line === "start") {
		core = await openWorkCore(storage, name);
		core.runner.start();
	} else {
		await core?.close();
	}
	process.stdout.write("done\n");
}
