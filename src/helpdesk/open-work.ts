import { discardAddOn } from "./add-on-install/discard-add-on.ts";
import { accountExpiry } from "./add-ons/account-expiry.ts";
import type { LoggedEvent } from "./add-ons/add-on-parts.ts";
import { erasingSignIns } from "./add-ons/erase-sign-ins.ts";
import { indexingSignIns } from "./add-ons/index-sign-ins.ts";
import { addOnJobs } from "./add-ons/jobs/add-on-jobs.ts";
import { linkJobs } from "./add-ons/jobs/link-jobs.ts";
import { linkSourcesOf } from "./add-ons/link-sources.ts";
import { HELPDESK } from "./audit/audit-entry.ts";
import type { Files } from "./files/open-files.ts";
import type { HelpdeskCore, HelpdeskOptions } from "./helpdesk.ts";
import type { Duty } from "./jobs/duties.ts";
import type { JobKind } from "./jobs/job-kind.ts";
import { systemTimers } from "./jobs/job-timers.ts";
import { type BackgroundWork, type JobsOptions, openJobs } from "./jobs/open-jobs.ts";
import { keepingAuditTrail } from "./keep-audit-trail.ts";
import type { People } from "./open-people.ts";
import { removeHelpdeskKind } from "./openid/remove-helpdesk.ts";
import { expiryDuty } from "./people/jobs/expiry-duty.ts";
import { indexPeopleKind } from "./people/jobs/index-people.ts";
import { peopleDuties } from "./people/jobs/people-duties.ts";
import { recountKind } from "./people/jobs/recount.ts";

/** What the kinds of jobs and the duties work with. */
export interface WorkParts
	extends People,
		Files,
		Pick<
			HelpdeskCore,
			| "addOns"
			| "alerts"
			| "audit"
			| "brands"
			| "handOffs"
			| "installer"
			| "logError"
			| "logOuts"
			| "openid"
			| "storedBrands"
		> {
	readonly log: (event: LoggedEvent) => void;
}

/** The background work of a helpdesk, with every kind of jobs and every duty. Nothing is started yet. */
export function openWork(
	options: Pick<HelpdeskOptions, "storage" | "clock"> & Omit<JobsOptions, "logError">,
	parts: WorkParts,
): BackgroundWork {
	const { storage, clock, timers = systemTimers } = options;
	const { addOns, audit, brands, logError } = parts;
	const work = openJobs({ ...options, logError });
	const refreshLinks = (userId: string): Promise<void> => addOns.linkFacts.refresh(userId);
	const all = {
		...{ ...parts, storage, clock, timers },
		brandIds: () => brands.all().map(({ id }) => id),
	};
	const kinds: readonly JobKind[] = [
		recountKind(storage, logError),
		indexPeopleKind({
			...{ ...all, report: logError },
			sources: async () => linkSourcesOf(await addOns.all()),
			// The note stays when an add-on cannot tell now, and a duty asks again.
			refresh: (userId) => addOns.linkFacts.around([userId], async () => {}),
		}),
		accountExpiry(all),
		...addOnJobs(all),
		...linkJobs({ ...parts, refreshLinks }),
		discardAddOn(parts),
		removeHelpdeskKind({
			storage,
			removeHelpdesk: async (brandId, helpdeskId) => {
				await parts.openid.storedAt(brandId).helpdesks.remove(helpdeskId);
				await parts.handOffs.of(brandId).helpdesks.remove(helpdeskId);
			},
		}),
	];
	const expiry = { name: "user.expire", actor: HELPDESK } as const;
	const duties: readonly Duty[] = [
		parts.outbox.trimming,
		parts.clearingUploads,
		erasingSignIns(addOns),
		indexingSignIns(addOns),
		addOns.linkFacts.refreshing,
		keepingAuditTrail(audit.upkeep),
		parts.alerts.duty,
		...peopleDuties({ ...parts, jobs: work.jobs }),
		expiryDuty({
			...all,
			jobs: { start: (job) => audit.trail.during(expiry, () => work.jobs.start(job)) },
		}),
	];
	work.runner.register(...kinds);
	work.duties.register(...duties);
	return work;
}
