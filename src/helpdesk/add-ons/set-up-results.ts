import type { Clock } from "../../contract/clock.ts";
import type { SetUpCheck } from "../../contract/set-up-check.ts";
import type { HostStorage } from "../../contract/storage.ts";
import { readOrReport, type UnreadableValueError } from "../../storage/stored-value.ts";
import type { PluginHooks } from "./plugin-hooks.ts";
import { schemaKind } from "./schema-kind.ts";

export interface SetUpResult {
	/** Milliseconds since the epoch. */
	readonly at: number;
	readonly checks: readonly SetUpCheck[];
}

type StoredResult = {
	readonly at: number;
	readonly checks: readonly {
		readonly id: string;
		readonly state: SetUpCheck["state"];
		readonly message: string;
		readonly values: Readonly<Record<string, string>>;
	}[];
};

const text = { type: "string" };
const RESULT = schemaKind<StoredResult>("set-up-tests", {
	type: "object",
	required: ["at", "checks"],
	properties: {
		at: { type: "number" },
		checks: {
			type: "array",
			items: {
				type: "object",
				required: ["id", "state", "message", "values"],
				properties: {
					id: text,
					state: { enum: ["ok", "failed", "likely", "unknown"] },
					message: text,
					values: { type: "object", additionalProperties: text },
				},
			},
		},
	},
});

/** The result of the last set-up test of each brand. It is forgotten when the settings change. */
export class SetUpResults {
	constructor(
		private readonly storage: HostStorage,
		private readonly plugin: PluginHooks,
		private readonly clock: Clock,
		/** Called for each stored result that cannot be read. */
		private readonly report: (error: UnreadableValueError) => void,
	) {}

	/** Tests the set-up of a brand now. */
	async run(brandId: string): Promise<SetUpResult> {
		const { checks } = await this.plugin.checkSetup(brandId);
		const result: StoredResult = {
			at: this.clock.now(),
			checks: checks.map((each) => ({ ...each })),
		};
		await this.storage.commit({ sets: [{ key: [brandId], value: result }] });
		return result;
	}

	/** @returns undefined where no test was run, or its result cannot be read. */
	async last(brandId: string): Promise<SetUpResult | undefined> {
		const entry = await this.storage.get([brandId]);
		return entry && readOrReport(entry, RESULT, this.report);
	}

	/** Forgets the results of brands whose settings changed. */
	async forget(brandIds: readonly string[]): Promise<void> {
		await this.storage.commit({ deletes: brandIds.map((id) => [id]) });
	}
}

export function hasFailed(result: Pick<SetUpResult, "checks"> | undefined): boolean {
	return result?.checks.some(({ state }) => state === "failed") ?? false;
}
