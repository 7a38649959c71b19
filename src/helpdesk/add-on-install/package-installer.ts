import { lt } from "semver";
import { sentenceOf } from "../../artifact/finding.ts";
import { type LoadedPlugin, loadPlugin } from "../../artifact/load/load-plugin.ts";
import type { PluginEvent } from "../../contract/events.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import { merged } from "../../storage/merged-commit.ts";
import { orUnreadable, UnreadableValueError } from "../../storage/stored-value.ts";
import type { AddOnRecord, PackageRef } from "../add-ons/add-on-record.ts";
import type { AddOnSlot } from "../add-ons/add-on-slot.ts";
import { MAX_REASON } from "../add-ons/add-on-states.ts";
import type { AddOns } from "../add-ons/add-ons.ts";
import { type Package, sha256Of } from "../add-ons/package-store.ts";
import { saidBy } from "../locale/said.ts";
import { distrustIn, errorsIn, type Review } from "./package-review.ts";
import {
	type Reason,
	StepError,
	type Switch,
	type SwitchParts,
	type SwitchStep,
	step,
	VersionSwitch,
} from "./version-switch.ts";

/** How an installation ended. When it failed, everything is as it was before. */
export type SwitchEnd =
	| { readonly kind: "done"; readonly pluginId: string; readonly version: string }
	| {
			readonly kind: "failed";
			readonly step: SwitchStep;
			/** What the plugin or the check of packages said, at most 500 characters, or why the helpdesk did not do it. */
			readonly reason: Reason;
			/** Empty where it is not known. */
			readonly name: string;
			/** The version that failed. */
			readonly version: string;
			/** The version that goes on serving. */
			readonly serving: string | undefined;
	  };

export interface InstallerParts extends SwitchParts {
	readonly addOns: AddOns;
	readonly review: Review;
	readonly log: (event: PluginEvent) => void;
}

/** Installs packages: decides which version may replace which, and says how the switch ended. */
export class PackageInstaller {
	private readonly switch: VersionSwitch;

	constructor(private readonly parts: InstallerParts) {
		this.switch = new VersionSwitch(parts);
	}

	/** Installs a package that is kept for review, or upgrades to it. */
	async install(sha256: string): Promise<SwitchEnd> {
		const { packages, addOns } = this.parts;
		const found = await packages.findForReview(sha256);
		if (found === undefined) {
			return failed("review", { key: "add-on-failure.zip-gone" });
		}
		const review = await this.parts.review(found);
		const [error] = errorsIn(review);
		const { manifest } = review.plugin ?? {};
		if (error !== undefined || manifest === undefined) {
			const sentence = error && sentenceOf(error);
			return failed("review", sentence ?? { key: "add-on-failure.no-plugin" });
		}
		const { id, name, version } = manifest;
		const slot = addOns.slot(id);
		const record = await recordOf(slot);
		if (record instanceof UnreadableValueError) {
			const values = { problem: saidBy(record) };
			const reason = { key: "add-on-failure.delete-first", values } as const;
			return failed("review", reason, { name, version });
		}
		if (await slot.states.isEmptying()) {
			return failed("review", { key: "add-on-failure.emptying" }, { name, version });
		}
		const before = await this.versionOf(slot, record);
		const serving = record.status === "uninstalled" ? undefined : before;
		const facts = { name, version, serving };
		if (record.current?.sha256 === sha256 && record.status !== "uninstalled") {
			return failed("review", { key: "add-on-failure.installed-already" }, facts);
		}
		if (before !== undefined && lt(version, before)) {
			const older = { key: "add-on-failure.older", values: { version: before } } as const;
			return failed("review", older, facts);
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

	/** Goes back to the previous version. */
	async rollBack(pluginId: string): Promise<SwitchEnd> {
		const slot = this.parts.addOns.slot(pluginId);
		const record = await recordOf(slot);
		if (record instanceof UnreadableValueError) {
			return failed("review", saidBy(record), { name: pluginId, version: "" });
		}
		const { current, previous } = record;
		const found = previous && (await this.parts.packages.find(previous.sha256));
		const facts = { name: pluginId, version: previous?.version ?? "", serving: current?.version };
		if (previous === undefined || found === undefined || record.status === "uninstalled") {
			return failed("review", { key: "add-on-failure.no-previous" }, facts);
		}
		// Operators may no longer trust its publisher. A version that came with the helpdesk was never signed.
		const distrust = previous.bundled ? undefined : distrustIn(await this.parts.review(found));
		if (distrust !== undefined) {
			return failed("review", sentenceOf(distrust), facts);
		}
		const changes = { to: previous, facts, upgradesFrom: undefined, previous: undefined };
		return this.switchTo(slot, record, found, changes);
	}

	/** Uninstalls an add-on that cannot be used. From now on nothing is stored for it, and what is stored can be deleted. */
	async giveUp(pluginId: string): Promise<void> {
		const slot = this.parts.addOns.slot(pluginId);
		if ((await recordOf(slot)) instanceof UnreadableValueError) {
			// The names of its packages are lost with the record, so the packages stay.
			await slot.states.givenUp();
		} else {
			await slot.states.uninstalled("purge");
		}
	}

	/** Forgets an add-on that is not installed and whose data is deleted. @returns whether it did. */
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
	 * Stores the zip that the helpdesk brings, unless another version of the plugin was installed: a helpdesk that brings a
	 * newer one goes on with the installed one until an operator upgrades. A rebuilt zip of the same version replaces the
	 * stored one.
	 */
	async adopt(zip: Uint8Array, { manifest }: LoadedPlugin): Promise<void> {
		const { storage, packages, addOns } = this.parts;
		const { id, version } = manifest;
		const slot = addOns.slot(id);
		const to: PackageRef = { version, sha256: sha256Of(zip), bundled: true };
		await updateEntry(storage, async () => {
			const record = await recordOf(slot);
			// A record that cannot be read is not replaced. The list of add-ons reports it.
			if (record instanceof UnreadableValueError || !isReplacedBy(record, to)) {
				return { result: undefined };
			}
			const { current, previous, status } = record;
			const commit = merged(
				slot.states.recording(record, record.switchedTo(status, to, previous)),
				packages.keeping(to.sha256, { zip, signature: undefined }),
				packages.dropping(current === undefined ? [] : [current.sha256]),
				// Earlier helpdesks kept the version there.
				{ deletes: [["installed", id]] },
			);
			return { commit, result: undefined };
		});
	}

	/** The version whose data is stored. Undefined where there is no data. */
	private async versionOf(slot: AddOnSlot, record: AddOnRecord): Promise<string | undefined> {
		const isThere = record.current !== undefined || slot.isBundled;
		if (!isThere || (await slot.states.isPurged())) {
			return undefined;
		}
		return record.current?.version ?? slot.bundledVersion;
	}

	private async switchTo(
		slot: AddOnSlot,
		record: AddOnRecord,
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
			await this.switch.run({ slot, record, loaded, package: found, ...change });
			this.emit("info", "add-on.switched", "a version of an add-on was installed", about);
			return { kind: "done", pluginId: id, version: to.version };
		} catch (error) {
			if (!(error instanceof StepError)) {
				throw error;
			}
			const reason = error.message.trim().slice(0, MAX_REASON);
			const message =
				"a version of an add-on could not be installed; the previous version stays in use";
			this.emit("error", "add-on.failed", message, { ...about, step: error.step, reason });
			return failed(error.step, error.reason, facts);
		}
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

interface FailureFacts {
	readonly name: string;
	readonly version: string;
	readonly serving?: string | undefined;
}

function recordOf({ states }: AddOnSlot): Promise<AddOnRecord | UnreadableValueError> {
	return orUnreadable(() => states.record());
}

/** Whether a zip that the helpdesk brings takes the place of what is recorded. */
function isReplacedBy({ current }: AddOnRecord, { version, sha256 }: PackageRef): boolean {
	if (current === undefined) {
		return true;
	}
	return current.bundled && current.version === version && current.sha256 !== sha256;
}

function failed(
	step: SwitchStep,
	reason: Reason,
	{ name, version, serving }: FailureFacts = { name: "", version: "" },
): SwitchEnd {
	return { kind: "failed", step, reason, name, version, serving };
}
