import type { LoadedPlugin } from "../../artifact/load/load-plugin.ts";
import type { Clock } from "../../contract/clock.ts";
import type { MailMessage } from "../../contract/mail.ts";
import type { HostStorage, StorageCommit } from "../../contract/storage.ts";
import type { Users } from "../../contract/users.ts";
import { merged } from "../../storage/merged-commit.ts";
import { namespaced } from "../../storage/namespaced-storage.ts";
import type { AddOnVersion } from "../add-ons/add-on.ts";
import type { AddOnRecord, PackageRef } from "../add-ons/add-on-record.ts";
import type { AddOnSlot } from "../add-ons/add-on-slot.ts";
import { MAX_REASON, reasonIn } from "../add-ons/add-on-states.ts";
import type { InTime } from "../add-ons/hook-in-time.ts";
import type { Package, PackageStore } from "../add-ons/package-store.ts";
import type { KnownBrands } from "../brands/helpdesk-brands.ts";
import { type Locale, localeFor, type TextKey } from "../locale/locale.ts";
import { inEnglish, type Said, SaidError } from "../locale/said.ts";
import type { Outbox } from "../mail/outbox.ts";
import { pluginSettingsOf } from "../namespaces.ts";
import { checkStoredSettings } from "./check-stored-settings.ts";
import { StagedStorage } from "./staged-storage.ts";
import { Staging } from "./staging.ts";

/** The steps of a switch, in which a version can fail. */
export type SwitchStep = "review" | "load" | "settings" | "upgrade" | "activate" | "switch";

/**
 * How often a version is tried when visitors write in between. `updateEntry` would try a hundred times. Here each try
 * runs hooks of the plugin, which may take ten seconds each, so the operator is asked to try again later.
 */
const MAX_TRIES = 3;
/** With their index the letters are 250 keys of the commit of the switch. The outbox has room for 200 at once. */
const MAX_LETTERS = 50;

/** A switch of an add-on from one version to another. */
export interface Switch {
	readonly slot: AddOnSlot;
	readonly record: AddOnRecord;
	readonly loaded: LoadedPlugin;
	readonly package: Package;
	readonly to: PackageRef;
	/** The previous version. Undefined for a roll-back. */
	readonly upgradesFrom: string | undefined;
	/** The version that operators can roll back to afterwards. */
	readonly previous: PackageRef | undefined;
}

/** What an operator reads. It may quote texts of the plugin, which has them by language. */
export type Words = (reader: Locale) => string;

/** Why something was not done. A sentence in a string is English: the plugin said it, or the check of packages. */
export type Reason = Said | Words;

/** A version failed in a step. */
export class StepError extends Error {
	override readonly name = "StepError";

	readonly step: SwitchStep;
	readonly reason: Reason;

	constructor(
		reason: Reason,
		{ step, ...options }: { readonly step: SwitchStep; readonly cause?: unknown },
	) {
		// The message is for the log.
		super(
			typeof reason === "function" ? reason(localeFor(undefined, "en")) : inEnglish(reason),
			options,
		);
		this.step = step;
		this.reason = reason;
	}
}

/** Another writer changed what the version had read or wanted to change. */
class ConflictError extends Error {
	override readonly name = "ConflictError";
}

export interface SwitchParts {
	readonly storage: HostStorage;
	readonly packages: PackageStore;
	readonly brands: KnownBrands;
	readonly outbox: Outbox;
	readonly clock: Clock;
	readonly inTime: InTime;
}

/**
 * Tries a version next to the one that serves, without side effects. What it stores takes effect in the one commit that
 * names it in the add-on's record, or not at all.
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
					throw failedSwitch("add-on-failure.changed-meanwhile", error);
				}
				if (tries === MAX_TRIES) {
					throw failedSwitch("add-on-failure.visitors-write", error);
				}
			}
		}
	}

	/** @throws StepError, or ConflictError when another try may succeed. */
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
				inTime(checkStoredSettings(version, before, brands.all())),
			);
			if (refused.length > 0) {
				const reason = (reader: Locale) =>
					refused
						.map((each) => each(reader))
						.join("; ")
						.slice(0, MAX_REASON);
				throw new StepError(reason, { step: "settings" });
			}
			if (upgradesFrom !== undefined) {
				await step("upgrade", inTime(version.plugin.upgrade(upgradesFrom)));
			}
			if (isActive) {
				await step("activate", inTime(version.plugin.join()));
			}
			await staging.seal();
			const room =
				letters.length > 0 ? await step("switch", outbox.expectRoom(letters.length)) : undefined;
			const posted = room
				? letters.flatMap((letter) => outbox.letterSets(letter, slot.id, room))
				: [];
			// The commit fails if settings were saved in the meantime.
			const checks = looked.map(({ place, version }) => ({
				key: [...pluginSettingsOf(slot.id), place],
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
		// Requests may read the new record before this node knows that it is stored. They wait for that.
		let end: (done: boolean) => void = () => {};
		const following = new Promise<AddOnVersion>((resolve, reject) => {
			end = (done) =>
				done ? resolve(version) : reject(new Error("the version was not installed"));
		});
		following.catch(() => undefined);
		slot.follow(to.sha256, following);
		const isDone = await step("switch", storage.commit(commit)).catch(async (error) => {
			// Without an answer the commit may or may not be stored, so the record is read again.
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
			throw new ConflictError("the data that it was based on has changed");
		}
		staging.settle(true);
		end(true);
		await following;
	}

	/** The part of the commit that makes it the current version. */
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
		const mail = outbox.of(slot.id, slot.states.guarded());
		const makesNone = async (): Promise<never> => {
			throw new SaidError({ key: "add-on-failure.tried-users" });
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
								const values = { most: MAX_LETTERS };
								throw new SaidError({ key: "add-on-failure.tried-letters", values });
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

/** @throws StepError with the reason. */
export async function step<Result>(name: SwitchStep, doing: Promise<Result>): Promise<Result> {
	try {
		return await doing;
	} catch (cause) {
		const reason = reasonIn(cause) || ({ key: "add-on-failure.no-reason" } as const);
		throw new StepError(reason, { step: name, cause });
	}
}

function failedSwitch(key: TextKey, cause: Error): StepError {
	return new StepError({ key }, { step: "switch", cause });
}
