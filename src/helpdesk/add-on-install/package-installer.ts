import { lt } from "semver";
import { sentenceOf } from "../../artifact/finding.ts";
import { type LoadedPlugin, loadPlugin } from "../../artifact/load/load-plugin.ts";
import type { PluginEvent } from "../../contract/events.ts";
import { merged } from "../../storage/merged-commit.ts";
import type { AddOnRecord, PackageRef } from "../add-ons/add-on-record.ts";
import type { AddOnSlot } from "../add-ons/add-on-slot.ts";
import { reasonIn } from "../add-ons/add-on-states.ts";
import type { AddOns } from "../add-ons/add-ons.ts";
import { type Package, sha256Of } from "../add-ons/package-store.ts";
import { distrustIn, errorsIn, type PackageReview } from "./package-review.ts";
import {
	StepError,
	type Switch,
	type SwitchParts,
	type SwitchStep,
	step,
	VersionSwitch,
} from "./version-switch.ts";

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

export interface InstallerParts extends SwitchParts {
	readonly addOns: AddOns;
	readonly review: (reviewed: Package) => PackageReview;
	readonly log: (event: PluginEvent) => void;
}

/** Decides which version of a plugin may take the place of which, and tells how that ended. */
export class PackageInstaller {
	private readonly switch: VersionSwitch;

	constructor(private readonly parts: InstallerParts) {
		this.switch = new VersionSwitch(parts);
	}

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
