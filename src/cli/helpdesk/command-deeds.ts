import { userInfo } from "node:os";
import type { HostStorage } from "../../contract/storage.ts";
import type { NewDeed } from "../../helpdesk/audit/audit-entry.ts";
import type { AuditTrail } from "../../helpdesk/audit/audit-trail.ts";
import { withDeeds } from "../../helpdesk/audit/deed-storage.ts";
import { openAudit } from "../../helpdesk/audit/open-audit.ts";
import { jobIdIn } from "../../helpdesk/jobs/job-keys.ts";
import { cryptoRandom } from "../../ports/crypto-random.ts";
import { systemClock } from "../../ports/system-clock.ts";
import { reasonOf } from "../command-error.ts";
import { warn } from "./log-line.ts";

/** The storage of a helpdesk in which a command's deeds leave entries. */
export interface AuditedStorage {
	readonly storage: HostStorage;
	readonly trail: AuditTrail;
}

export function auditedStorage(given: HostStorage): AuditedStorage {
	const storage = withDeeds(given);
	const { trail } = openAudit({
		...{ storage, clock: systemClock, random: cryptoRandom },
		// A node of the helpdesk notes how a job ends that a command has started.
		jobs: { idIn: jobIdIn, endOf: async () => undefined },
		logError: (what, error) => warn("audit.incomplete", `${what}: ${reasonOf(error)}`),
	});
	return { storage, trail };
}

/** A deed of the machine's user who runs the command. */
export function commandDeed(name: NewDeed["name"], object?: NewDeed["object"]): NewDeed {
	return { name, actor: { kind: "command", id: machineUser() }, object };
}

/** @param named the brand as the command line names it, alone or with what it is to be. */
export function brandDeed(action: "add" | "change" | "remove", named = ""): NewDeed {
	const [id = ""] = named.split("=");
	return commandDeed(`command.brand-${action}`, { kind: "brand", id: id.slice(0, 64) });
}

/** The name of the user of the machine. Containers run as users without one. */
function machineUser(): string {
	try {
		return userInfo().username;
	} catch {
		return `user ${process.getuid?.() ?? "without a name"}`;
	}
}
