import type { Clock } from "../../../contract/clock.ts";
import { orUnreadable, UnreadableValueError } from "../../../storage/stored-value.ts";
import type { Duty } from "../../jobs/duties.ts";
import { STARTERS } from "../../jobs/job-starters.ts";
import type { Jobs } from "../../jobs/jobs.ts";
import type { Registration } from "../registration.ts";
import { hintDay } from "../unproven-hints.ts";
import { EXPIRE_ACCOUNTS } from "./expire-accounts.ts";

/** Often enough that a day is never left out, however often nodes start and end. The job's id is that of the day. */
const EVERY_MS = 60 * 60_000;

export interface ExpiryDutyParts {
	readonly jobs: Pick<Jobs, "start">;
	readonly registration: Pick<Registration, "of">;
	readonly brandIds: () => readonly string[];
	readonly clock: Clock;
}

/** Starts the job that deletes unused accounts once a day, where a brand asks for it. */
export function expiryDuty({ jobs, registration, brandIds, clock }: ExpiryDutyParts): Duty {
	const asks = async (brandId: string): Promise<boolean> => {
		const policy = await orUnreadable(() => registration.of(brandId));
		return !(policy instanceof UnreadableValueError) && policy.unusedDays !== undefined;
	};
	return {
		name: "expire-accounts",
		everyMs: EVERY_MS,
		run: async () => {
			for (const brandId of brandIds()) {
				if (await asks(brandId)) {
					const id = `${EXPIRE_ACCOUNTS}-${hintDay(clock.now())}`;
					const by = STARTERS.registration;
					const { kind } = await jobs.start({ type: EXPIRE_ACCOUNTS, params: {}, by, id });
					return kind === "started" ? { key: "jobs.duty.expiry-started" } : undefined;
				}
			}
			return undefined;
		},
	};
}
