import type { KeyObject } from "node:crypto";
import type { BlockList } from "node:net";
import type { LoadedPlugin } from "../artifact/load/load-plugin.ts";
import type { Brand } from "../contract/brands.ts";
import type { Clock } from "../contract/clock.ts";
import type { PluginEvent } from "../contract/events.ts";
import type { Random } from "../contract/random.ts";
import type { HostStorage } from "../contract/storage.ts";
import { PublicHttp } from "../ports/public-http.ts";
import { UndiciHttp } from "../ports/undici-http.ts";
import { namespaced } from "../storage/namespaced-storage.ts";
import { type Marketplace, withBundled } from "./add-on-install/folder-marketplace.ts";
import { PackageInstaller } from "./add-on-install/package-installer.ts";
import { packageReviewer, type Review } from "./add-on-install/package-review.ts";
import type { LoggedEvent } from "./add-ons/add-on-parts.ts";
import { AddOns } from "./add-ons/add-ons.ts";
import { hookInTime, type InTime } from "./add-ons/hook-in-time.ts";
import { linkedAccountsOf } from "./add-ons/linked-accounts.ts";
import { PackageStore, sha256Of } from "./add-ons/package-store.ts";
import { TrialTickets } from "./add-ons/trial-tickets.ts";
import { type Alerts, openAlerts } from "./alerts/open-alerts.ts";
import { withDeeds } from "./audit/deed-storage.ts";
import { type Audit, openAudit } from "./audit/open-audit.ts";
import {
	type AdministrationOptions,
	administrationAddress,
} from "./brands/administration-address.ts";
import type { BrandOptions } from "./brands/brand-addresses.ts";
import { BrandLooks } from "./brands/brand-looks.ts";
import { type BrandsOptions, HelpdeskBrands } from "./brands/helpdesk-brands.ts";
import { StoredBrands } from "./brands/stored-brands.ts";
import { derivedKeys } from "./derived-keys.ts";
import type { PluginRecorder } from "./dev/plugin-recorder.ts";
import { type Files, openFiles } from "./files/open-files.ts";
import type { ConfiguredHandOff } from "./hand-off/hand-off-helpdesks.ts";
import { BrandHandOffs } from "./hand-off/open-hand-offs.ts";
import { type BackgroundWork, closeWork, type JobsOptions } from "./jobs/open-jobs.ts";
import { jobsOfDeeds } from "./jobs-of-deeds.ts";
import type { Deliver } from "./mail/letter-delivery.ts";
import type { GivenMailServer } from "./mail/mail-servers.ts";
import { NAMESPACES } from "./namespaces.ts";
import { openPeople, type People, portalSessionsOf } from "./open-people.ts";
import { openWork } from "./open-work.ts";
import { handleIn } from "./openid/claims.ts";
import type { ConfiguredHelpdesk } from "./openid/connected-helpdesks.ts";
import { LogOuts } from "./openid/log-outs.ts";
import { type OpenIdParts, OpenIdProviders } from "./openid/open-openid.ts";
import type { MakeSigningKey } from "./openid/signing-keys.ts";
import { EndedUsers } from "./people/ended-users.ts";
import { PASSWORD_COST, PasswordHasher } from "./people/password-hash.ts";
import { Vault } from "./settings/vault.ts";
import { alertLinks } from "./web/admin/alerts/alert-links.ts";

export interface HelpdeskOptions
	extends BrandOptions,
		AdministrationOptions,
		Pick<BrandsOptions, "mayServe" | "listening" | "onBrands">,
		Pick<JobsOptions, "node" | "timers" | "pace"> {
	/** The port of the first brand. The other brands take the following ones. 0: free ports. */
	readonly port: number;
	readonly storage: HostStorage;
	/** What the storage is, for operators. Left out: memory. */
	readonly storageName?: string;
	/** The plugin that comes with the helpdesk. */
	readonly plugin: LoadedPlugin;
	/** The zip of that plugin, stored for nodes that come with another version. Without it, an upgrade cannot be undone. */
	readonly pluginZip?: Uint8Array;
	/**
	 * The packages that operators can choose besides uploading one. Left out: only the plugin that comes with the
	 * helpdesk.
	 */
	readonly marketplace?: Marketplace;
	/** The keys of publishers. If there are any, only packages signed with one of them are installed. */
	readonly trustedKeys?: readonly KeyObject[];
	/** The time limit of a plugin's lifecycle hooks. Left out: ten seconds. */
	readonly inTime?: InTime;
	readonly clock: Clock;
	readonly random: Random;
	/**
	 * 32 bytes each, the newest first; they encrypt secrets and prove forms. All nodes of a helpdesk share them. An old key
	 * is needed until its secrets are encrypted with the new one, which a start with both does.
	 */
	readonly keys: readonly Uint8Array[];
	/** The origins of the hosts that plugins call, by host name, where they differ from the name. */
	readonly origins: Readonly<Record<string, string>>;
	/**
	 * The hosts of connected helpdesks and of a mail server set by owners that may have a private address and may be called
	 * without TLS, as `URL.hostname` writes them. Left out: none.
	 */
	readonly allowPrivate?: readonly string[];
	/** The helpdesks that the start connects. Left out: none. */
	readonly connectedHelpdesks?: readonly ConfiguredHelpdesk[];
	/** The helpdesks that take a signed token and that the start connects. Left out: none. */
	readonly handOffs?: readonly ConfiguredHandOff[];
	/** Log-ins that one network may start at one brand per minute. 0: any number. */
	readonly startLimit: number;
	/** Hashes passwords. Left out: at the cost of {@link PASSWORD_COST}, in workers that end with the helpdesk. */
	readonly hasher?: PasswordHasher;
	/** Makes the keys that sign for connected helpdesks. Left out: new ones. */
	readonly makeSigningKey?: MakeSigningKey;
	/** The proxies whose `X-Forwarded-For` is believed. */
	readonly trustedProxies: BlockList;
	/** Whether browsers use TLS for the host names below a brand's, too. Left out: no. */
	readonly hstsSubdomains?: boolean;
	/** How many connections each brand has open at once. Left out: a sensible number. */
	readonly maxConnections?: number;
	/**
	 * Sends letters, whatever mail server owners have set. Undefined: that one does, and without any, letters stay in Outgoing
	 * e-mail of the administration.
	 */
	readonly deliver: Deliver | undefined;
	/** The mail server that {@link deliver} sends letters to, for owners to see. */
	readonly mailServer?: GivenMailServer | undefined;
	/** Writes one line of JSON for each event. */
	readonly log: (line: string) => void;
	/** Records the hooks of the plugin for its developer, and adds a page with them to the administration. */
	readonly recorder?: PluginRecorder | undefined;
}

/** A helpdesk without its sites: the parts that pages and commands work with. */
export interface HelpdeskCore extends People, BackgroundWork, Files {
	readonly audit: Audit;
	readonly brands: HelpdeskBrands;
	readonly storedBrands: StoredBrands;
	readonly looks: BrandLooks;
	readonly addOns: AddOns;
	readonly packages: PackageStore;
	readonly installer: PackageInstaller;
	readonly marketplace: Marketplace;
	readonly review: Review;
	readonly trustsKeys: boolean;
	readonly trialTickets: TrialTickets;
	readonly openid: OpenIdProviders;
	readonly handOffs: BrandHandOffs;
	readonly logOuts: LogOuts;
	readonly alerts: Alerts;
	/** The handle of a user at X, without an "@"; undefined for none. */
	readonly handleOf: (userId: string) => Promise<string | undefined>;
	readonly logError: (what: string, error: unknown) => void;
	close(): Promise<void>;
}

/**
 * Wires a helpdesk. Nothing is started yet.
 *
 * @param fixed the brands with a port of their own, at their public addresses.
 */
export function openHelpdesk(given: HelpdeskOptions, fixed: readonly Brand[]): HelpdeskCore {
	const options = auditedOptions(given);
	const { storage, clock, keys, plugin, pluginZip } = options;
	const { inTime = hookInTime, trustedKeys = [] } = options;
	const log = eventLog(options);
	const logError = errorLog(log);
	const hasher = options.hasher ?? new PasswordHasher(PASSWORD_COST);
	const storedBrands = storedBrandsIn(options);
	const brands = new HelpdeskBrands(fixed, storedBrands, options, (message) =>
		log({ name: "brands.not-served", level: "warn", message, fields: {} }),
	);
	const people = openPeople({ ...options, hasher }, brands, logError, () => logOuts.userEnded());
	const { outbox } = people;
	const audit = openAudit({ ...options, jobs: jobsOfDeeds((id) => work.jobs.find(id)), logError });
	const http = new UndiciHttp(options.origins);
	const vault = new Vault(derivedKeys(keys, "vault"));
	const packages = new PackageStore(storage, (error) =>
		logError("a stored package cannot be used", error),
	);
	const bundledSha256 = pluginZip && sha256Of(pluginZip);
	const addOns = new AddOns(
		{ plugin, ...(bundledSha256 !== undefined && { sha256: bundledSha256 }) },
		{
			...people,
			...{ storage, packages, brands, http, clock, random: options.random, inTime, log, logError },
			vault,
			ledgerKeys: derivedKeys(keys, "sign-in ledger"),
		},
	);
	// The plugin that comes with the helpdesk needs no signature.
	const review = packageReviewer((sha256) => (sha256 === bundledSha256 ? [] : trustedKeys));
	const installer = new PackageInstaller({
		...{ storage, packages, addOns, brands, outbox, review, clock, inTime, log },
	});
	const handleOf = async (userId: string): Promise<string | undefined> =>
		handleIn((await linkedAccountsOf(await addOns.all(), userId)).map(({ label }) => label));
	const publicHttp = new PublicHttp({ allowPrivate: options.allowPrivate ?? [] });
	const { openid, logOuts } = openOpenId({
		...{ options, people, brands, vault, handleOf, log, logError },
		http: publicHttp,
	});
	const handOffs = new BrandHandOffs({
		...{ storage, clock, random: options.random, vault, log, logError },
		http: publicHttp,
		configured: options.handOffs ?? [],
	});
	const alerts = openAlerts({
		...{ ...people, storage, clock, random: options.random, addOns, brands, vault, logError },
		...{ http: publicHttp, links: alertLinks(() => administrationAddress(options, brands.all())) },
	});
	const parts = {
		...{ ...people, ...openFiles(options), audit, brands, storedBrands },
		...{ looks: new BrandLooks(storage), addOns, installer, openid, handOffs, logOuts, alerts },
	};
	const work = openWork(options, { ...parts, log, logError });
	// Others may use a hasher that was passed in.
	const own = [http, publicHttp, ...(options.hasher === undefined ? [hasher] : [])];
	return {
		...{ ...parts, ...work, handleOf, packages },
		trialTickets: openTrialTickets(options),
		marketplace: withBundled(options.marketplace, plugin, pluginZip),
		review,
		trustsKeys: trustedKeys.length > 0,
		logError,
		close: () => closeCore({ ...work, audit, outbox, logOuts, addOns }, own),
	};
}

function openTrialTickets({ storage, keys, ...parts }: HelpdeskOptions): TrialTickets {
	return new TrialTickets({
		...{ ...parts, keys: derivedKeys(keys, "trial ticket") },
		storage: namespaced(storage, NAMESPACES.requestCounts),
	});
}

async function closeCore(
	core: BackgroundWork & Pick<HelpdeskCore, "addOns" | "audit" | "logOuts" | "outbox">,
	own: readonly { close(): Promise<void> }[],
): Promise<void> {
	await closeWork(core);
	await core.audit.failures.settled();
	core.outbox.close();
	core.logOuts.close();
	await core.addOns.close();
	await Promise.all(own.map((each) => each.close()));
}

/** The same options, with a storage in which deeds leave entries. */
export function auditedOptions(options: HelpdeskOptions): HelpdeskOptions {
	return { ...options, storage: withDeeds(options.storage) };
}

/** The OpenID Providers of all brands, and what ends log-ins at connected helpdesks. */
function openOpenId({
	options,
	people: { accounts },
	brands,
	...parts
}: Pick<OpenIdParts, "vault" | "handleOf" | "http" | "log" | "logError"> & {
	readonly options: HelpdeskOptions;
	readonly people: People;
	readonly brands: HelpdeskBrands;
}): Pick<HelpdeskCore, "openid" | "logOuts"> {
	const { storage, clock, random, connectedHelpdesks: configured = [] } = options;
	const { logError } = parts;
	const openid = new OpenIdProviders({
		...{ ...parts, storage, clock, random, accounts, configured },
		makeSigningKey: options.makeSigningKey,
		administrationAt: () => administrationAddress(options, brands.all()),
		portalSessions: (brandId) => portalSessionsOf(options, brandId),
		brandOf: (brandId) => brands.find(brandId),
	});
	const logOuts = new LogOuts({
		...{ brands, providers: openid, logError },
		ended: new EndedUsers(namespaced(storage, NAMESPACES.accounts), logError),
		accountOf: (userId) => accounts.find(userId),
	});
	return { openid, logOuts };
}

/** The brands in the storage of a helpdesk. */
export function storedBrandsIn({
	storage,
	clock,
}: Pick<HelpdeskOptions, "storage" | "clock">): StoredBrands {
	return new StoredBrands(namespaced(storage, NAMESPACES.brands), clock);
}

/** Writes events without the people that they are about. */
export function eventLog({
	clock,
	log,
}: Pick<HelpdeskOptions, "clock" | "log">): (event: LoggedEvent) => void {
	return ({ subject, userId, ...event }) =>
		log(JSON.stringify({ time: new Date(clock.now()).toISOString(), ...event }));
}

function errorLog(log: (event: PluginEvent) => void): HelpdeskCore["logError"] {
	return (what, error) =>
		log({
			name: "helpdesk.error",
			level: "error",
			message: what,
			fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
		});
}
