import type { Clock } from "../../contract/clock.ts";
import type { Random } from "../../contract/random.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import { NAMESPACES } from "../namespaces.ts";
import { AuditLog } from "./audit-log.ts";
import { AuditTrail, type JobsOfDeeds } from "./audit-trail.ts";
import { AuditUpkeep } from "./audit-upkeep.ts";
import { FailureCounts } from "./failure-counts.ts";
import { NetworksOfUsers } from "./forget-networks.ts";
import { KeptDays } from "./kept-days.ts";

/** Who did what, as the rest of the helpdesk knows it. */
export interface Audit {
	readonly trail: AuditTrail;
	readonly failures: FailureCounts;
	readonly log: AuditLog;
	readonly keptDays: KeptDays;
	readonly upkeep: AuditUpkeep;
	readonly networks: NetworksOfUsers;
	/** How jobs that do deeds end. */
	readonly jobs: JobsOfDeeds;
}

export function openAudit({
	clock,
	random,
	jobs,
	logError,
	...options
}: {
	/** The helpdesk's whole storage. */
	readonly storage: HostStorage;
	readonly clock: Clock;
	readonly random: Random;
	readonly jobs: JobsOfDeeds;
	readonly logError: (what: string, error: unknown) => void;
}): Audit {
	const storage = namespaced(options.storage, NAMESPACES.audit);
	const keptDays = new KeptDays(storage);
	return {
		trail: new AuditTrail({ storage, clock, random, jobs, logError }),
		failures: new FailureCounts(storage, clock, random, logError),
		log: new AuditLog(storage, logError),
		keptDays,
		upkeep: new AuditUpkeep({ storage, clock, keptDays, jobs }),
		networks: new NetworksOfUsers(storage),
		jobs,
	};
}
