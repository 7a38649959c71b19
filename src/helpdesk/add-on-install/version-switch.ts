import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Brand } from "../../contract/brands.ts";
import type { Clock } from "../../contract/clock.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import type { Users } from "../../contract/users.ts";
import { merged } from "../../storage/merged-commit.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import type { AddOnVersion } from "../add-ons/add-on.ts";
import type { AddOnRecord, PackageRef } from "../add-ons/add-on-record.ts";
import type { AddOnSlot } from "../add-ons/add-on-slot.ts";
import { reasonIn } from "../add-ons/add-on-states.ts";
import type { InTime } from "../add-ons/hook-in-time.ts";
import type { Package, PackageStore } from "../add-ons/package-store.ts";
import type { Outbox } from "../mail/outbox.ts";
import { checkStoredSettings } from "./check-stored-settings.ts";
import { StagedStorage } from "./staged-storage.ts";
import { Staging } from "./staging.ts";

/** Where a version that is switched to may fail. */
export type SwitchStep = "review" | "load" | "settings" | "upgrade" | "activate" | "switch";

/** As often as visitors may get in the way. */
const MAX_TRIES = 3;
const MAX_LETTERS = 100;

/** What is switched, from which record. */
export interface Switch {
	readonly slot: AddOnSlot;
	readonly record: AddOnRecord;
	readonly loaded: LoadedPlugin;
	readonly package: Package;
	readonly to: PackageRef;
	/** Undefined for going back. */
	readonly upgradesFrom: string | undefined;
	/** The version that is gone back to afterwards, if anybody wants to. */
	readonly previous: PackageRef | undefined;
}

/** A version failed at a step. */
export class StepError extends Error {
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

export interface SwitchParts {
	readonly storage: HostStorage;
	readonly packages: PackageStore;
	readonly brands: readonly Brand[];
	readonly outbox: Outbox;
	readonly clock: Clock;
	readonly inTime: InTime;
}

/**
 * Tries a version beside the one that serves, which nobody notices; all that it stores meanwhile takes effect in the one
 * commit that names it in the plugin's record, or not at all.
 */
export class VersionSwitch {
	constructor(private readonly parts: SwitchParts) {}

	/** @throws StepError */
	async run(change: Switch): Promise<void> {
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
}

/** @throws StepError with what was said against it. */
export async function step<Result>(name: SwitchStep, doing: Promise<Result>): Promise<Result> {
	try {
		return await doing;
	} catch (cause) {
		throw new StepError(reasonIn(cause) || "it gave no reason", { step: name, cause });
	}
}
