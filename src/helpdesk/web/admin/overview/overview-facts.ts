import type { Brand } from "../../../../contract/brands.ts";
import type { Marketplace } from "../../../add-on-install/folder-marketplace.ts";
import { type AddOn, isActive } from "../../../add-ons/add-on.ts";
import type { AddOns } from "../../../add-ons/add-ons.ts";
import { hasFailed } from "../../../add-ons/set-up-results.ts";
import type { BrandHandOffs } from "../../../hand-off/open-hand-offs.ts";
import type { Duties } from "../../../jobs/duties.ts";
import type { Jobs } from "../../../jobs/jobs.ts";
import type { Locale } from "../../../locale/locale.ts";
import type { Said } from "../../../locale/said.ts";
import type { Outbox } from "../../../mail/outbox.ts";
import type { OpenIdProviders } from "../../../openid/open-openid.ts";
import { dutyWords } from "../jobs/duty-words.ts";
import { type BrandSwitch, brandSwitches } from "../social-login/brand-switches.ts";
import { type AddOnUpdate, updatesOf } from "./add-on-updates.ts";
import { type BrandFacts, type BrandFactsParts, brandFacts } from "./brand-facts.ts";
import { type BrandSetUp, furthestAlong, type SetUpFacts } from "./set-up-steps.ts";

/** The start page costs the same however many there are of each. */
const MOST_BRANDS = 10;
const MOST_ADD_ONS = 3;
const MOST_CONNECTED_BRANDS = 5;
/** How many helpdesks of a brand are asked for. */
const MOST_ASKED = 3;
export const MOST_LETTERS = 100;

export interface OverviewParts extends BrandFactsParts {
	readonly brands: readonly Brand[];
	readonly addOns: AddOns;
	readonly outbox: Outbox;
	readonly hasMailServer: () => Promise<boolean>;
	readonly jobs: Jobs;
	readonly duties: Duties;
	readonly marketplace: Marketplace;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
}

/** An add-on as the start page shows it. */
export interface AddOnFacts {
	readonly addOn: AddOn;
	readonly setUp: SetUpFacts;
	/** Of some brands: those with failing log-ins first. */
	readonly switches: readonly BrandSwitch[];
	/** How their log-ins go, by the id of the brand. */
	readonly logIns: ReadonlyMap<string, BrandFacts>;
}

export interface OverviewFacts {
	readonly addOns: readonly AddOnFacts[];
	/** Some of the add-ons that cannot be used. */
	readonly broken: readonly string[];
	/** How many letters wait for the mail server, at most {@link MOST_LETTERS}. */
	readonly waitingLetters: number;
	/** Why a letter could not be delivered; undefined where none waits for another try. */
	readonly mailProblem: Said | undefined;
	readonly openJobs: number;
	readonly helpdesks: ConnectedFacts;
	readonly updates: readonly AddOnUpdate[];
	/** What the helpdesk does again and again, and could not do the last time. */
	readonly problems: readonly { readonly duty: string; readonly problem: string }[];
}

/** The connected helpdesks of the first brands. */
interface ConnectedFacts {
	readonly count: number;
	/** Those that do not take the messages that users have logged out. */
	readonly silent: readonly string[];
	/** Those whose last test failed, and how many passed theirs. */
	readonly failed: readonly string[];
	readonly passed: number;
	/** Whether there are more than were looked at. */
	readonly isPartial: boolean;
}

/** Reads what the start page shows. @param locale of the operator. */
export async function overviewFacts(parts: OverviewParts, locale: Locale): Promise<OverviewFacts> {
	const { addOns, broken } = await parts.addOns.list();
	const installed = addOns.filter(({ record }) => record.status !== "uninstalled");
	const states = await parts.duties.states();
	return {
		addOns: await Promise.all(
			installed.slice(0, MOST_ADD_ONS).map((addOn) => factsOf(addOn, parts, locale.tag)),
		),
		broken: broken.slice(0, MOST_ADD_ONS).map(({ id }) => id),
		waitingLetters: await parts.outbox.countWaiting(MOST_LETTERS),
		mailProblem: await parts.outbox.waitingProblem(),
		openJobs: await parts.jobs.countOpen(),
		helpdesks: await connectedFacts(parts),
		updates: updatesOf(
			installed.map(({ loaded: { manifest } }) => manifest),
			await parts.marketplace.list(),
		),
		problems: states.flatMap(({ name, problem }) =>
			problem === undefined
				? []
				: [{ duty: dutyWords(name, locale), problem: locale.say(problem) }],
		),
	};
}

async function connectedFacts({
	brands,
	openid,
	handOffs,
}: OverviewParts): Promise<ConnectedFacts> {
	let [count, passed] = [0, 0];
	const silent: string[] = [];
	const failed: string[] = [];
	for (const { id: brandId } of brands.slice(0, MOST_CONNECTED_BRANDS)) {
		const { helpdesks } = openid.storedAt(brandId);
		const connected = await helpdesks.all();
		const tests = await helpdesks.lastTests();
		for (const { id, name } of connected) {
			const problem = tests.get(id)?.problem;
			passed += problem === null ? 1 : 0;
			failed.push(...(typeof problem === "string" ? [name] : []));
		}
		count += connected.length + (await handOffs.of(brandId).helpdesks.all()).length;
		const told = connected.filter(({ backChannelLogoutUri }) => backChannelLogoutUri !== null);
		for (const { id, name } of told.slice(0, MOST_ASKED)) {
			if ((await openid.messages.untold({ brandId, clientId: id })) !== undefined) {
				silent.push(name);
			}
		}
	}
	return { count, silent, failed, passed, isPartial: brands.length > MOST_CONNECTED_BRANDS };
}

/** A brand at which log-ins fail is never left out because others come before it. */
async function shownBrands(addOn: AddOn, { alerts }: OverviewParts): Promise<readonly Brand[]> {
	const failing = await alerts.watched.failing(addOn.loaded.manifest.id);
	const ids = new Set(failing.map(({ brandId }) => brandId));
	return addOn.brands
		.toSorted((one, other) => Number(ids.has(other.id)) - Number(ids.has(one.id)))
		.slice(0, MOST_BRANDS);
}

async function factsOf(addOn: AddOn, parts: OverviewParts, tag: string): Promise<AddOnFacts> {
	const switches = await brandSwitches(addOn, await shownBrands(addOn, parts));
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
	return { addOn, setUp, switches, logIns: await brandFacts(addOn, switches, { ...parts, tag }) };
}
