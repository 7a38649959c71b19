import { describeStorageContract } from "../storage-contract/describe-storage-contract.ts";
import type { ContractVersion, HostPart, HostUnderTest } from "./host-under-test.ts";
import { HostOpener, type HostPromises } from "./opened-host.ts";
import type { PortalPromises } from "./portal-promise.ts";
import { Probe } from "./probe.ts";
import { ACCESS_EPOCH_PROMISES } from "./promises/access-epoch-promises.ts";
import { ANSWER_PROMISES } from "./promises/answer-promises.ts";
import { APPROVAL_PROMISES, VERSION_PROMISES } from "./promises/approval-promises.ts";
import { BRAND_PROMISES } from "./promises/brand-promises.ts";
import { BUTTON_PROMISES } from "./promises/button-promises.ts";
import { CAPABILITY_PROMISES } from "./promises/capability-promises.ts";
import { COOKIE_PROMISES } from "./promises/cookie-promises.ts";
import { FORGERY_PROMISES } from "./promises/forgery-promises.ts";
import { HTTP_PROMISES } from "./promises/http-promises.ts";
import { LIFECYCLE_PROMISES } from "./promises/lifecycle-promises.ts";
import {
	ACCESS_EPOCH_OUTCOME_PROMISES,
	LABEL_PROMISES,
	OUTCOME_PROMISES,
} from "./promises/outcome-promises.ts";
import { PROOF_PROMISES } from "./promises/proof-promises.ts";
import {
	INTENT_PROMISES,
	NETWORK_PROMISES,
	REQUEST_PROMISES,
} from "./promises/request-promises.ts";
import { SECRET_PROMISES } from "./promises/secret-promises.ts";
import {
	CLOCK_PROMISES,
	EVENT_PROMISES,
	MAIL_PROMISES,
	RANDOM_PROMISES,
} from "./promises/service-promises.ts";
import { CONDITIONAL_SETTING_PROMISES, SETTINGS_PROMISES } from "./promises/settings-promises.ts";
import { STORAGE_PROMISES } from "./promises/storage-promises.ts";
import { USER_CREATION_PROMISES } from "./promises/user-creation-promises.ts";
import { USER_PROMISES } from "./promises/user-promises.ts";

const OF_PORTS: Readonly<Record<string, HostPromises>> = {
	storage: STORAGE_PROMISES,
	settings: SETTINGS_PROMISES,
	secrets: SECRET_PROMISES,
	brands: BRAND_PROMISES,
	users: { ...USER_PROMISES, ...USER_CREATION_PROMISES },
	mail: MAIL_PROMISES,
	http: HTTP_PROMISES,
	events: EVENT_PROMISES,
	clock: CLOCK_PROMISES,
	random: RANDOM_PROMISES,
	capabilities: CAPABILITY_PROMISES,
};

const OF_PORTAL: Readonly<Record<string, PortalPromises>> = {
	lifecycle: LIFECYCLE_PROMISES,
	requests: REQUEST_PROMISES,
	forgeries: FORGERY_PROMISES,
	cookies: COOKIE_PROMISES,
	answers: ANSWER_PROMISES,
	outcomes: OUTCOME_PROMISES,
	proofs: PROOF_PROMISES,
	buttons: BUTTON_PROMISES,
};

interface AddedPromises {
	readonly ports: Readonly<Record<string, HostPromises>>;
	readonly portal: Readonly<Record<string, PortalPromises>>;
}

const SINCE_1_1 = {
	ports: {
		settings: CONDITIONAL_SETTING_PROMISES,
		users: { ...ACCESS_EPOCH_PROMISES, ...APPROVAL_PROMISES },
		capabilities: VERSION_PROMISES,
	},
	portal: { requests: NETWORK_PROMISES, outcomes: ACCESS_EPOCH_OUTCOME_PROMISES },
} as const satisfies AddedPromises;

const SINCE_1_2 = {
	...SINCE_1_1,
	portal: {
		...SINCE_1_1.portal,
		outcomes: { ...SINCE_1_1.portal.outcomes, ...LABEL_PROMISES },
	},
} as const satisfies AddedPromises;

/** The promises that were added up to each version of the contract. */
const ADDED: Readonly<Record<ContractVersion, AddedPromises>> = {
	"1.0": { ports: {}, portal: {} },
	"1.1": SINCE_1_1,
	"1.2": SINCE_1_2,
	"1.3": {
		...SINCE_1_2,
		portal: {
			...SINCE_1_2.portal,
			requests: { ...SINCE_1_2.portal.requests, ...INTENT_PROMISES },
		},
	},
};

/**
 * Tests a helpdesk: one test for each promise of the contract.
 *
 * The suite has its own plugin, a zip like any other. The plugin hands its ports to the tests, and its hooks answer as
 * the tests say. The helpdesk must therefore load it in the process that runs the tests. The suite reads its pages over
 * HTTP, wherever they are.
 */
export function describeHostContract(host: HostUnderTest): void {
	const { name, open, portal, describe, test, contract = "1.0", without = [] } = host;
	const { print = (line: string) => console.log(line) } = host;
	const added = ADDED[contract];
	const promise = (
		sentence: string,
		needs: HostPart | undefined,
		run: (opener: HostOpener) => Promise<void>,
	): void => {
		if (needs !== undefined && without.includes(needs)) {
			print(`${name} does without ${needs}. Left out: ${sentence}`);
			return;
		}
		test(sentence, async () => {
			const opener = new HostOpener(host);
			try {
				await run(opener);
			} finally {
				await opener.close();
			}
		});
	};
	describe(`${name} keeps the host contract`, () => {
		for (const [port, promises] of Object.entries(OF_PORTS)) {
			describe(port, () => {
				for (const [sentence, run] of Object.entries({ ...promises, ...added.ports[port] })) {
					promise(sentence, run.needs, run);
				}
			});
		}
		if (portal === undefined) {
			return;
		}
		for (const [part, promises] of Object.entries(OF_PORTAL)) {
			describe(part, () => {
				for (const [sentence, run] of Object.entries({ ...promises, ...added.portal[part] })) {
					promise(sentence, run.needs, (opener) => run(opener, portal));
				}
			});
		}
	});
	describeStorageContract({
		name: `the storage that ${name} gives a plugin`,
		open: async (clock) => {
			const probe = new Probe();
			const opened = await open({ plugin: probe.zip, clock, origins: {} });
			const close = async (): Promise<void> => {
				await opened.close();
				probe.forget();
			};
			return { storage: probe.host.storage, close };
		},
		describe,
		test,
	});
}
