import { lt } from "semver";
import { sentenceOf } from "../../artifact/finding.ts";
import { type LoadedPlugin, loadPlugin } from "../../artifact/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { PluginEvent } from "../../contract/events.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import type { Users } from "../../contract/users.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import type { AddOnVersion } from "./add-on.ts";
import type { AddOnSlot } from "./add-on-slot.ts";
import type { AddOns } from "./add-ons.ts";
import { checkStoredSettings } from "./check-stored-settings.ts";
import type { InTime } from "./installed-plugin.ts";
import type { Outbox } from "./outbox.ts";
import { distrustIn, errorsIn, type PackageReview } from "./package-review.ts";
import { type Package, type Packages, sha256Of } from "./packages.ts";
import type { PackageRef, PluginRecord } from "./plugin-record.ts";
import { reasonIn } from "./plugin-states.ts";
import { StagedStorage } from "./staged-storage.ts";
import { Staging } from "./staging.ts";

/** Where a version that is switched to may fail. */
export type SwitchStep = "review" | "load" | "settings" | "upgrade" | "activate" | "switch";

/** How it ended; where it failed, all is as it was. */
export type SwitchEnd =
	| { readonly kind: "done"; readonly pluginId: string; readonly version: string }
	| {
			readonly kind: "failed";
			readonly step: SwitchStep;
			/** What the plugin or the helpdesk said, at most 500 characters. */
			readonly reason: string;
			readonly name: string;
			/** The one that failed, and the one that goes on; undefined where there is none. */
			readonly version: string;
			readonly serving: string | undefined;
	  };

export interface InstallerParts {
	readonly storage: HostStorage;
	readonly packages: Packages;
	readonly addOns: AddOns;
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly review: (reviewed: Package) => PackageReview;
	readonly clock: Clock;
	readonly inTime: InTime;
	readonly log: (event: PluginEvent) => void;
}

/** As often as visitors may get in the way. */
const MAX_TRIES = 3;
const MAX_LETTERS = 100;

/** What is switched, from which record. */
interface Switch {
	readonly slot: AddOnSlot;
	readonly record: PluginRecord;
	readonly loaded: LoadedPlugin;
	readonly package: Package;
	readonly to: PackageRef;
	/** Undefined for going back. */
	readonly upgradesFrom: string | undefined;
	/** The version that is gone back to afterwards, if anybody wants to. */
	readonly previous: PackageRef | undefined;
}

/** A version failed at a step. */
class StepError extends Error {
	override readonly name = "StepError";

	readonly step: SwitchStep;

	constructor(
		message: string,
		{ step, ...options }: { readonly step: SwitchStep; readonly cause?: unknown },
	) {
		super(message, options);
		this.step = step;
	}
}

/** Somebody changed what the version wanted to change, or was based on. */
class ConflictError extends Error {
	override readonly name = "ConflictError";
}

/**
 * Puts a version of a plugin in the place of another one. It is tried beside the one that serves, which nobody notices; all
 * that it stores meanwhile takes effect in the one commit that names it in the plugin's record, or not at all.
 */
export class PackageInstaller {
	constructor(private readonly parts: InstallerParts) {}

	/** Installs a package that was kept for review, or upgrades to it. */
	async install(sha256: string): Promise<SwitchEnd> {
		const { packages, addOns } = this.parts;
		const found = await packages.findForReview(sha256);
		if (found === undefined) {
			return failed("review", "it is not there any more: choose or upload it again");
		}
		const review = this.parts.review(found);
		const [error] = errorsIn(review);
		const { manifest } = review.plugin ?? {};
		if (error !== undefined || manifest === undefined) {
			return failed("review", error === undefined ? "it is no plugin" : sentenceOf(error));
		}
		const { id, name, version } = manifest;
		const slot = addOns.slot(id);
		const record = await slot.states.record();
		const before = await this.versionOf(slot, record);
		const serving = record.status === "uninstalled" ? undefined : before;
		const facts = { name, version, serving };
		if (record.current?.sha256 === sha256 && record.status !== "uninstalled") {
			return failed("review", "this very zip is installed", facts);
		}
		if (before !== undefined && lt(version, before)) {
			const reason = `${before} is installed, which is newer; “Roll back” leads to the version before, where there is one`;
			return failed("review", reason, facts);
		}
		const { current, previous } = record;
		const replaced = current?.version === version ? previous : current;
		return this.switchTo(slot, record, found, {
			to: { version, sha256, bundled: false },
			facts,
			upgradesFrom: before === version ? undefined : before,
			previous: replaced,
		});
	}

	/** Goes back to the version before. */
	async rollBack(pluginId: string): Promise<SwitchEnd> {
		const slot = this.parts.addOns.slot(pluginId);
		const record = await slot.states.record();
		const { current, previous } = record;
		const found = previous && (await this.parts.packages.find(previous.sha256));
		const facts = { name: pluginId, version: previous?.version ?? "", serving: current?.version };
		if (previous === undefined || found === undefined || record.status === "uninstalled") {
			return failed("review", "there is no version before that could be gone back to", facts);
		}
		// Publishers may have lost the operator's trust since. What came with the helpdesk was never signed.
		const distrust = previous.bundled ? undefined : distrustIn(this.parts.review(found));
		if (distrust !== undefined) {
			return failed("review", sentenceOf(distrust), facts);
		}
		const changes = { to: previous, facts, upgradesFrom: undefined, previous: undefined };
		return this.switchTo(slot, record, found, changes);
	}

	/** Forgets a plugin that cannot be used any more, and deletes all that was stored for it. @returns whether it did. */
	async discard(pluginId: string): Promise<boolean> {
		const { addOns } = this.parts;
		const slot = addOns.slot(pluginId);
		const { broken } = await addOns.list();
		if (slot.isBundled || !broken.some(({ id }) => id === pluginId)) {
			return false;
		}
		await slot.states.uninstalled("purge");
		await slot.empty();
		await slot.states.emptied();
		return this.remove(pluginId);
	}

	/** Forgets a plugin that is not installed and of which nothing is kept. @returns whether it did. */
	async remove(pluginId: string): Promise<boolean> {
		const { storage, packages, addOns } = this.parts;
		const slot = addOns.slot(pluginId);
		const record = await slot.states.record();
		const state = await slot.states.read();
		const isLeft = state.kind !== "not-installed" || state.kept || state.emptying === true;
		if (isLeft || slot.isBundled) {
			return false;
		}
		const zips = [record.current, record.previous].flatMap((each) => each?.sha256 ?? []);
		return storage.commit(merged(slot.states.forgetting(record), packages.dropping(zips)));
	}

	/**
	 * Keeps the zip that the helpdesk brings, where no other version of the plugin was installed: a helpdesk that brings a
	 * newer one goes on with this until an operator upgrades. One of the same version, built anew, takes its place.
	 */
	async adopt(zip: Uint8Array, { manifest }: LoadedPlugin): Promise<void> {
		const { storage, packages, addOns } = this.parts;
		const { id, version } = manifest;
		const { states } = addOns.slot(id);
		const to: PackageRef = { version, sha256: sha256Of(zip), bundled: true };
		let done = false;
		while (!done) {
			const record = await states.record();
			const { current, previous, status } = record;
			const isRebuilt = current?.bundled && current.version === version;
			if (current !== undefined && (!isRebuilt || current.sha256 === to.sha256)) {
				return;
			}
			done = await storage.commit(
				merged(
					states.recording(record, record.switchedTo(status, to, previous)),
					packages.keeping(to.sha256, { zip, signature: undefined }),
					packages.dropping(current === undefined ? [] : [current.sha256]),
					// Where earlier helpdesks kept it.
					{ deletes: [["installed", id]] },
				),
			);
		}
	}

	/** The version whose data is there; undefined where there is none. */
	private async versionOf(slot: AddOnSlot, record: PluginRecord): Promise<string | undefined> {
		const isThere = record.current !== undefined || slot.isBundled;
		if (!isThere || (await slot.states.isPurged())) {
			return undefined;
		}
		return record.current?.version ?? slot.bundledVersion;
	}

	private async switchTo(
		slot: AddOnSlot,
		record: PluginRecord,
		found: Package,
		{
			facts,
			...change
		}: Pick<Switch, "to" | "upgradesFrom" | "previous"> & { readonly facts: FailureFacts },
	): Promise<SwitchEnd> {
		const { id } = slot;
		const { to } = change;
		const about = { plugin: id, version: to.version, from: facts.serving ?? null };
		try {
			const loaded = await step("load", this.parts.inTime(loadPlugin(found.zip)));
			const name = loaded.manifest.name;
			facts = { ...facts, name };
			if (await slot.states.isPurged()) {
				await slot.empty();
			}
			await this.tryUntilDone({ slot, record, loaded, package: found, ...change });
			this.emit("info", "add-on.switched", "a version of a plugin was installed", about);
			return { kind: "done", pluginId: id, version: to.version };
		} catch (error) {
			if (!(error instanceof StepError)) {
				throw error;
			}
			const reason = reasonIn(error);
			const message = "a version of a plugin could not be installed; the one before goes on";
			this.emit("error", "add-on.failed", message, { ...about, step: error.step, reason });
			return failed(error.step, reason, facts);
		}
	}

	/** @throws StepError */
	private async tryUntilDone(change: Switch): Promise<void> {
		for (let tries = 1; ; tries += 1) {
			try {
				return await this.tryOnce(change);
			} catch (error) {
				if (!(error instanceof ConflictError)) {
					throw error;
				}
				const { entryVersion } = await change.slot.states.record();
				if (entryVersion !== change.record.entryVersion) {
					const reason = "somebody else changed the plugin meanwhile: look at how it is now";
					throw new StepError(reason, { step: "switch", cause: error });
				}
				if (tries === MAX_TRIES) {
					const reason =
						"somebody changed what it wanted to change, each time that it was tried; try again when fewer people log in";
					throw new StepError(reason, { step: "switch", cause: error });
				}
			}
		}
	}

	/** @throws StepError, or ConflictError when it may be tried again. */
	private async tryOnce(change: Switch): Promise<void> {
		const { storage, brands, inTime, clock, outbox } = this.parts;
		const { slot, record, loaded, to, upgradesFrom } = change;
		const staging = new Staging();
		const staged = new StagedStorage(storage, slot.states.guarded(), staging, clock);
		const letters: MailMessage[] = [];
		try {
			const version = await step(
				"load",
				(async () =>
					slot.open(loaded, to.sha256, this.triedPorts(slot, staging, staged, letters)))(),
			);
			const isActive = record.status === "active";
			const before = isActive ? await slot.at(record, false).catch(() => undefined) : undefined;
			const { refused, looked } = await step(
				"settings",
				inTime(checkStoredSettings(version, before, brands)),
			);
			if (refused.length > 0) {
				throw new StepError(refused.join("; "), { step: "settings" });
			}
			if (upgradesFrom !== undefined) {
				await step("upgrade", inTime(version.plugin.upgrade(upgradesFrom)));
			}
			if (isActive) {
				await step("activate", inTime(version.plugin.join()));
			}
			await staging.seal();
			const posted = letters.map((letter) => {
				const { key, ...rest } = outbox.letterOf(letter, slot.id);
				return { ...rest, key: ["outbox", ...key] };
			});
			// Settings that are saved meanwhile are looked at as well.
			const checks = looked.map(({ place, version }) => ({
				key: ["plugin-settings", slot.id, place],
				version,
			}));
			const recorded = this.recording(change);
			const commit = merged(recorded, staged.staged, { sets: posted, checks });
			await this.commit(change, version, staging, commit);
		} catch (error) {
			staging.settle(false);
			throw error;
		}
	}

	private async commit(
		{ slot, to }: Switch,
		version: AddOnVersion,
		staging: Staging,
		commit: StorageCommit,
	): Promise<void> {
		const { storage } = this.parts;
		// Whoever reads the new record before this node hears that it is stored waits for that.
		let end: (done: boolean) => void = () => {};
		const following = new Promise<AddOnVersion>((resolve, reject) => {
			end = (done) => (done ? resolve(version) : reject(new Error("it was not switched to")));
		});
		following.catch(() => undefined);
		slot.follow(to.sha256, following);
		const isDone = await step("switch", storage.commit(commit)).catch(async (error) => {
			// Whether it is stored cannot be known from an answer that did not arrive.
			const { current } = await slot.states.record().catch(() => ({ current: undefined }));
			if (current?.sha256 !== to.sha256) {
				slot.unfollow(to.sha256);
				end(false);
				throw error;
			}
			return true;
		});
		if (!isDone) {
			slot.unfollow(to.sha256);
			end(false);
			throw new ConflictError("what it is based on has changed");
		}
		staging.settle(true);
		end(true);
		await following;
	}

	/** That it is this version from now on. */
	private recording({ slot, record, to, previous, package: kept }: Switch): StorageCommit {
		const { packages } = this.parts;
		const status = record.status === "active" ? "active" : "disabled";
		const stays = new Set([to.sha256, previous?.sha256]);
		const dropped = [record.current, record.previous].flatMap((each) =>
			each === undefined || stays.has(each.sha256) ? [] : each.sha256,
		);
		return merged(
			slot.states.replacing(record, record.switchedTo(status, to, previous)),
			packages.keeping(to.sha256, kept),
			packages.dropping(dropped),
		);
	}

	private triedPorts(
		slot: AddOnSlot,
		staging: Staging,
		staged: StagedStorage,
		letters: MailMessage[],
	): Parameters<AddOnSlot["open"]>[2] {
		const { outbox } = this.parts;
		const mail = outbox.of(slot.id, namespaced(slot.states.guarded(), ["outbox"]));
		const makesNone = async (): Promise<never> => {
			throw new Error("a version that is being switched to makes and confirms no users");
		};
		const users: Users = {
			...slot.users,
			create: (key, user) => staging.run(makesNone, () => slot.users.create(key, user)),
			confirm: (userId) => staging.run(makesNone, () => slot.users.confirm(userId)),
		};
		return {
			storage: namespaced(staged, slot.states.dataNamespace()),
			mail: {
				send: (message) =>
					staging.run(
						async () => {
							if (letters.length >= MAX_LETTERS) {
								throw new Error(
									`a version that is being switched to may write ${MAX_LETTERS} letters`,
								);
							}
							letters.push(message);
						},
						() => mail.send(message),
					),
			},
			users,
			isTried: () => !staging.isKept,
		};
	}

	private emit(
		level: PluginEvent["level"],
		name: string,
		message: string,
		fields: PluginEvent["fields"],
	): void {
		this.parts.log({ name, level, message, fields });
	}
}

type FailureFacts = Pick<Extract<SwitchEnd, { kind: "failed" }>, "name" | "version" | "serving">;

function failed(
	step: SwitchStep,
	reason: string,
	facts: FailureFacts = { name: "", version: "", serving: undefined },
): SwitchEnd {
	return { kind: "failed", step, reason, ...facts };
}

/** @throws StepError with what was said against it. */
async function step<Result>(name: SwitchStep, doing: Promise<Result>): Promise<Result> {
	try {
		return await doing;
	} catch (cause) {
		throw new StepError(reasonIn(cause) || "it gave no reason", { step: name, cause });
	}
}

function merged(...commits: readonly StorageCommit[]): Required<StorageCommit> {
	const sets = commits.flatMap((commit) => commit.sets ?? []);
	return {
		checks: commits.flatMap(({ checks = [] }) => checks),
		sets,
		deletes: commits.flatMap(({ deletes = [] }) => deletes),
	};
}
