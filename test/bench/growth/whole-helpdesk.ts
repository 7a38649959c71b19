import type { HostStorage, StorageValue } from "../../../src/contract/storage.ts";
import type { ImportParams } from "../../../src/helpdesk/add-ons/jobs/import-params.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import { LinkFileReader } from "../../../src/helpdesk/files/link-file.ts";
import { type HelpdeskCore, openHelpdesk } from "../../../src/helpdesk/helpdesk.ts";
import { VisitorPace } from "../../../src/helpdesk/jobs/job-pace.ts";
import type { Job } from "../../../src/helpdesk/jobs/stored-job.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { fillLetters, personOf } from "../../kit/helpdesk/fill-people.ts";
import { openAdmin, pathsToOpen } from "../../kit/helpdesk/open-admin.ts";
import { CountingStorage, type StorageCosts } from "../../kit/storage/counting-storage.ts";
import { measuredOptions, switchOnX } from "./measured-options.ts";
import { ResidentMemory } from "./resident-memory.ts";

const X = "x-login";
const BRAND = "acorn";

/** How the parent reaches the helpdesk. */
export interface OpenedHelpdesk {
	readonly portal: string;
	readonly callbacks: readonly string[];
	readonly adminUrl: string;
	readonly operator: { readonly email: string; readonly password: string };
	/** The paths of the administration, with the names of their parameters. */
	readonly adminPaths: readonly string[];
}

/** The cost of the helpdesk since the last question. */
export interface WholeCosts extends Pick<StorageCosts, "operations" | "mostKeys" | "longestList"> {
	readonly commits: number;
	/** Milliseconds. */
	readonly steps: readonly number[];
	/** The most resident memory beyond the start. Bytes. */
	readonly residentBytes: number;
}

/** The whole helpdesk as `start` runs it, with counters. */
export class WholeHelpdesk {
	private readonly memory = new ResidentMemory();

	private constructor(
		private readonly storage: CountingStorage,
		private readonly core: HelpdeskCore,
		private steps: number[],
		readonly opened: OpenedHelpdesk,
	) {}

	static async open(storage: HostStorage, fakeXUrl: string): Promise<WholeHelpdesk> {
		const counted = new CountingStorage(storage);
		const options = await measuredOptions(counted, fakeXUrl);
		const steps = measureSteps();
		const { brands, adminUrl, operator } = await startHelpdesk(options);
		// A second one on the same storage, to set up and to start jobs. It does none itself.
		const core = openHelpdesk(options, brandsAt(options, [1, 2]));
		await switchOnX(core);
		const admin = openAdmin(options);
		await admin.core.close();
		return new WholeHelpdesk(counted, core, steps, {
			portal: brands[0]?.baseUrl ?? "",
			callbacks: brands.map(({ callbackUrl }) => callbackUrl),
			adminUrl,
			operator: { email: operator.email, password: operator.password ?? "" },
			adminPaths: pathsToOpen(admin.app),
		});
	}

	costs(): WholeCosts {
		const { counts, operations, mostKeys, longestList } = this.storage.costsSoFar();
		const commits = Object.entries(counts)
			.filter(([name]) => name.startsWith("commit "))
			.reduce((sum, [, count]) => sum + count, 0);
		const residentBytes = this.memory.peakSoFar();
		const steps = this.steps.splice(0);
		return { operations, mostKeys, longestList, commits, steps, residentBytes };
	}

	/** @returns the id of the job. */
	async startJob(type: string, params: StorageValue): Promise<string> {
		const start = await this.core.jobs.start({ type, params, by: "growth" });
		if (start.kind === "too-many") {
			throw new Error(`the job ${type} was not started: too many are open`);
		}
		return start.id;
	}

	/**
	 * Stores a list of links as an upload does: one row for each person with a link, up to so many.
	 *
	 * @returns what a job needs to import it.
	 */
	async stageLinks(people: number, rows: number): Promise<Omit<ImportParams, "mode">> {
		const { addOns, brands, lists } = this.core;
		const addOn = await addOns.find(X);
		const { linkFile } = addOn?.loaded.manifest ?? {};
		const list = await lists.stage({
			name: "links.csv",
			addOn: X,
			texts: linkTexts(people, rows),
			reader: new LinkFileReader({ linkFile, brands: brands.all(), brandId: BRAND }),
		});
		const file = { fileId: list.id, fileName: "links.csv", parts: list.parts, rows: list.rows };
		return { addOn: X, brandId: BRAND, ...file };
	}

	async job(id: string): Promise<Job | undefined> {
		return this.core.jobs.find(id);
	}

	async cancel(id: string): Promise<void> {
		await this.core.jobs.cancel(id);
	}
}

/** A list of links in pieces, as they come over the network. */
async function* linkTexts(people: number, rows: number): AsyncGenerator<string> {
	yield "provider_id,email,user_id,brand\n";
	let count = 0;
	for (let index = 0; index < people && count < rows; index += 1) {
		const { userId, atX, stored } = personOf(index, 0);
		if (atX !== null) {
			count += 1;
			yield `${atX.id},${stored.email},${userId},${stored.brandId}\n`;
		}
	}
}

/** Stores letters as a helpdesk without a mail server keeps them. */
export async function writeLetters(storage: HostStorage, letters: number): Promise<void> {
	const options = await measuredOptions(storage, "http://127.0.0.1:1");
	const core = openHelpdesk(options, brandsAt(options, [1, 2]));
	await fillLetters(storage, core.outbox, letters);
	await core.close();
}

/** @returns the durations of the steps from now on. The runner tells its pace how long each took. */
function measureSteps(): number[] {
	const steps: number[] = [];
	const { after } = VisitorPace.prototype;
	VisitorPace.prototype.after = function (this: VisitorPace, stepMs: number): Promise<void> {
		steps.push(stepMs);
		return after.call(this, stepMs);
	};
	return steps;
}
