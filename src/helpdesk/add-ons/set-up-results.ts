import type { Clock } from "../../contract/clock.ts";
import type { SetUpCheck } from "../../contract/set-up-check.ts";
import type { HostStorage } from "../../contract/storage.ts";
import type { PluginHooks } from "./plugin-hooks.ts";

export interface SetUpResult {
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly checks: readonly SetUpCheck[];
}

/** The last test of each brand's set-up, until its settings change. */
export class SetUpResults {
	constructor(
		private readonly storage: HostStorage,
		private readonly plugin: PluginHooks,
		private readonly clock: Clock,
	) {}

	async run(brandId: string): Promise<SetUpResult> {
		const { checks } = await this.plugin.checkSetup(brandId);
		const test = { at: this.clock.now(), checks: checks.map((each) => ({ ...each })) };
		await this.storage.commit({ sets: [{ key: [brandId], value: test }] });
		return test;
	}

	async last(brandId: string): Promise<SetUpResult | undefined> {
		const entry = await this.storage.get([brandId]);
		return entry?.value as unknown as SetUpResult | undefined;
	}

	/** What was tested is no longer what is set. */
	async forget(brandIds: readonly string[]): Promise<void> {
		await this.storage.commit({ deletes: brandIds.map((id) => [id]) });
	}
}

export function hasFailed(test: Pick<SetUpResult, "checks"> | undefined): boolean {
	return test?.checks.some(({ state }) => state === "failed") ?? false;
}
