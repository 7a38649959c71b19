import type { HostStorage } from "../../contract/storage.ts";
import { closeWork, openJobs } from "../../helpdesk/jobs/open-jobs.ts";
import { hasEnded, type Job } from "../../helpdesk/jobs/stored-job.ts";
import { inEnglish } from "../../helpdesk/locale/said.ts";
import { NAMESPACES } from "../../helpdesk/namespaces.ts";
import { RECOUNT, recountKind } from "../../helpdesk/people/jobs/recount.ts";
import { PeopleCounts } from "../../helpdesk/people/people-counts.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { CommandError, reasonOf } from "../command-error.ts";
import { readFlags } from "../flags.ts";
import { auditedStorage, commandDeed } from "./command-deeds.ts";
import { openNamedStorage } from "./helpdesk-parts.ts";
import { log, warn } from "./log-line.ts";

const FLAGS = {
	data: { type: "string" },
	storage: { type: "string" },
	"storage-file": { type: "string" },
	json: { type: "boolean" },
} as const;

const BY = "people repair";
/** How often it says how far it is. Milliseconds. */
const SAID_MS = 2_000;

/** `people repair`: counts everybody again and writes what the search lacks, of a helpdesk that runs or does not. */
export async function people(args: readonly string[]): Promise<void> {
	const { values: flags, positionals } = readFlags(args, FLAGS);
	const [action, ...surplus] = positionals;
	if (action !== "repair" || surplus.length > 0) {
		throw new CommandError("people takes repair, and nothing else (--help shows the line)");
	}
	const { closeStorage, ...opened } = await openNamedStorage(flags, args);
	const { storage, trail } = auditedStorage(opened.storage);
	try {
		const { done, result } = await trail.during(commandDeed("command.repair-people"), () =>
			repair(storage),
		);
		const sentence = inEnglish(recountKind(storage, report).outcome(result) ?? "");
		const text = `Counted ${done === 1 ? "1 person" : `${done} people`}. ${sentence}`;
		console.log(flags.json ? JSON.stringify({ people: done, ...Object(result) }) : text);
	} finally {
		await closeStorage();
	}
}

/** Runs the job here, or waits while a node of the helpdesk does. @returns the job once it is done. */
async function repair(storage: HostStorage): Promise<Job> {
	const random = cryptoRandom;
	// Timers of background work keep no process alive, and neither does an SQLite file.
	const alive = setInterval(() => {}, SAID_MS);
	const work = openJobs({ storage, clock: systemClock, random, logError: report, node: BY });
	work.runner.register(recountKind(storage, report));
	try {
		const start = await work.jobs.start({ type: RECOUNT, params: null, by: BY });
		if (start.kind === "too-many") {
			throw new CommandError(
				"The helpdesk has too many jobs that wait; try again when some of them are done (the administration shows them under Jobs)",
			);
		}
		const job = await driven(start.id, work.runner);
		const counts = new PeopleCounts(namespaced(storage, NAMESPACES.accounts), report);
		while ((await counts.fold()) > 0) {
			// What changed while it counted.
		}
		return job;
	} finally {
		await closeWork(work);
		clearInterval(alive);
	}
}

async function driven(id: string, runner: ReturnType<typeof openJobs>["runner"]): Promise<Job> {
	for (;;) {
		const job = await runner.drive(id, SAID_MS);
		if (job === undefined || job.state === "cancelled") {
			throw new CommandError("Somebody cancelled the count; the counts are as they were before");
		}
		if (job.state === "failed") {
			throw new CommandError(`The count failed: ${job.problem ?? "the reason is not known"}`);
		}
		if (hasEnded(job)) {
			return job;
		}
		log(`${job.done} people so far`);
	}
}

function report(what: string, error: unknown): void {
	warn("people.repair", `${what}: ${reasonOf(error)}`);
}
