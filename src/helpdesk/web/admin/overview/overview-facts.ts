import type { Brand } from "../../../../contract/brands.ts";
import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { Duties } from "../../../jobs/duties.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import { type BrandSwitch, brandSwitches } from "../social-login/brand-switches.ts";
import { type BrandSetUp, furthestAlong, type SetUpFacts } from "./set-up-steps.ts";

/** The start page costs the same however many there are of each. */
const MOST_BRANDS = 10;
const MOST_ADD_ONS = 3;
export const MOST_LETTERS = 100;

export interface OverviewParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly outbox: Outbox;
	readonly hasMailServer: () => Promise<boolean>;
	readonly jobs: Jobs;
	readonly duties: Duties;
}

/** An add-on as the start page shows it. */
export interface AddOnFacts {
	readonly addOn: AddOn;
	readonly setUp: SetUpFacts;
	/** Of the first brands. */
	readonly switches: readonly BrandSwitch[];
}

export interface OverviewFacts {
	readonly addOns: readonly AddOnFacts[];
	/** Some of the add-ons that cannot be used. */
	readonly broken: readonly string[];
	/** How many letters wait for the mail server, at most {@link MOST_LETTERS}. */
	readonly waitingLetters: number;
	readonly openJobs: number;
	/** What the helpdesk does again and again, and could not do the last time. */
	readonly problems: readonly string[];
}

/** Reads what the start page shows. */
export async function overviewFacts(parts: OverviewParts): Promise<OverviewFacts> {
	const { addOns, broken } = await parts.addOns.list();
	const installed = addOns.filter(({ record }) => record.status !== "uninstalled");
	const states = await parts.duties.states();
	return {
		addOns: await Promise.all(installed.slice(0, MOST_ADD_ONS).map(factsOf)),
		broken: broken.slice(0, MOST_ADD_ONS).map(({ id }) => id),
		waitingLetters: await parts.outbox.countWaiting(MOST_LETTERS),
		openJobs: await parts.jobs.countOpen(),
		problems: states.flatMap(({ name, problem }) =>
			problem === undefined ? [] : [`${name}: ${problem}`],
		),
	};
}

async function factsOf(addOn: AddOn): Promise<AddOnFacts> {
	const switches = await brandSwitches(addOn, addOn.brands.slice(0, MOST_BRANDS));
	const [first, ...others] = switches.map(
		({ brand, complete, test, enabled }): BrandSetUp => ({
			brandId: brand.id,
			isComplete: complete,
			test: test === undefined ? "none" : hasFailed(test) ? "failed" : "passed",
			isOn: enabled,
		}),
	);
	if (first === undefined) {
		throw new Error("The helpdesk has no brand.");
	}
	const setUp: SetUpFacts = {
		isActive: isActive(addOn),
		brand: furthestAlong([first, ...others]),
		hasWorked: await addOn.ledger.hasWorked(),
	};
	return { addOn, setUp, switches };
}
