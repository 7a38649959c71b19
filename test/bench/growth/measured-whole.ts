import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import { accountAtX, peopleWithX } from "../../kit/helpdesk/fill-people.ts";
import type { GrowthOptions } from "./growth-options.ts";
import type { MeasuredHelpdesk } from "./measured-helpdesk.ts";
import {
	type JobCost,
	measureJob,
	measureQuiet,
	plainJob,
	type StartedJob,
} from "./measured-jobs.ts";
import { APP } from "./measured-options.ts";
import { measurePages, type PageCost } from "./measured-pages.ts";
import { SteadyLogIns } from "./steady-log-ins.ts";
import { storedBytes } from "./stored-size.ts";

/** What the whole helpdesk costs with a number of people. */
export interface MeasuredWhole {
	readonly people: number;
	readonly pages: readonly PageCost[];
	/** The first one is `nothing`, where there are any. */
	readonly jobs: readonly JobCost[];
	/** What is stored at the end. Undefined in the process's own memory. */
	readonly storedBytes: number | undefined;
}

const X = "x-login";
/** People who log in again and again. */
const RETURNING = 500;
/** People who never came before: four hours of them. */
const NEW = 30_000;
/** Of so many log-ins, one is of somebody new. */
const ONE_NEW_OF = 5;

export async function measureWhole(
	helpdesk: MeasuredHelpdesk,
	options: Pick<GrowthOptions, "what" | "seconds" | "longest" | "rows">,
): Promise<MeasuredWhole> {
	const { people } = helpdesk;
	const known = peopleWithX(people, RETURNING);
	const strangers = Array.from({ length: NEW }, (_, index) =>
		accountAtX(people + helpdesk.options.logins + index),
	);
	const callbacks: string[] = [];
	const accounts = [...known, ...strangers];
	const fakeX = await startFakeX({ apps: [{ ...APP, callbacks }], accounts });
	try {
		const opened = await helpdesk.call("open", fakeX.url);
		callbacks.push(...opened.callbacks);
		const logIns = new SteadyLogIns(opened.portal, nextOf(known, strangers));
		await logIns.warmUp();
		const migration = options.what.includes("migration")
			? [await measureJob(helpdesk, indexing(helpdesk), logIns, options)]
			: [];
		await helpdesk.call("costs");
		const pages = options.what.includes("pages") ? await measurePages(helpdesk, opened) : [];
		const jobs = await measureJobs(helpdesk, migration, logIns, options);
		const stored = await storedBytes(helpdesk.options.url);
		return { people, pages, jobs, storedBytes: stored };
	} finally {
		await fakeX.close();
	}
}

async function measureJobs(
	helpdesk: MeasuredHelpdesk,
	migration: readonly JobCost[],
	logIns: SteadyLogIns,
	options: Pick<GrowthOptions, "what" | "seconds" | "longest" | "rows">,
): Promise<readonly JobCost[]> {
	const jobs = options.what.includes("jobs") ? jobsOf(helpdesk, options.rows) : [];
	if (migration.length + jobs.length === 0) {
		return [];
	}
	const costs = [await measureQuiet(helpdesk, logIns, options.seconds), ...migration];
	for (const job of jobs) {
		costs.push(await measureJob(helpdesk, job, logIns, options));
	}
	return costs;
}

/** The helpdesk starts it itself when it finds people of an earlier version. */
function indexing(helpdesk: MeasuredHelpdesk): StartedJob {
	return plainJob(helpdesk, "index-people", null);
}

/** The purge takes the links of one brand, and the import brings them back. */
function jobsOf(helpdesk: MeasuredHelpdesk, rows: number | undefined): readonly StartedJob[] {
	const staged = async (mode: "try" | "import"): Promise<string> => {
		const list = await helpdesk.call("stageLinks", rows ?? helpdesk.people);
		return helpdesk.call("startJob", "import-links", { ...list, mode });
	};
	return [
		plainJob(helpdesk, "recount", null),
		plainJob(helpdesk, "expire-accounts"),
		plainJob(helpdesk, "export-links", { addOn: X, brandIds: ["acorn", "harbor"] }),
		plainJob(helpdesk, "purge-links", {
			...{ addOnId: X, brandIds: ["harbor"], deactivates: false, letters: false },
		}),
		{ job: "import-links, tried", start: () => staged("try") },
		{ job: "import-links", start: () => staged("import") },
	];
}

/** Most people come back, and every fifth is new, as long as there is somebody new. */
function nextOf(
	known: readonly FakeXAccount[],
	strangers: readonly FakeXAccount[],
): () => FakeXAccount {
	let count = 0;
	return () => {
		count += 1;
		const stranger = count % ONE_NEW_OF === 0 ? strangers[count / ONE_NEW_OF] : undefined;
		const next = stranger ?? known[count % known.length];
		if (next === undefined) {
			throw new Error("nobody can log in");
		}
		return next;
	};
}
