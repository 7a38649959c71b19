import { onTestFinished } from "vitest";
import type { LoginEndedFields } from "../../../src/contract/login-ended.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { AddOn } from "../../../src/helpdesk/add-ons/add-on.ts";
import { brandsAt } from "../../../src/helpdesk/brands/brand-addresses.ts";
import {
	type HelpdeskCore,
	type HelpdeskOptions,
	openHelpdesk,
} from "../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { helpdeskOptions } from "./open-helpdesk.ts";
import { end } from "./open-ledger.ts";

const MINUTE = 60_000;

const BAD_KEYS: Partial<LoginEndedFields> = {
	...{ outcome: "refused", code: "x-misconfigured", problem: "bad-keys", awayMs: null },
};

/** A node of a helpdesk with X activated, which is driven by hand. */
export interface AlertedNode extends HelpdeskCore {
	readonly addOn: AddOn;
	/** Records how attempts at a brand ended. */
	attempts(brandId: string, ...ends: readonly Partial<LoginEndedFields>[]): Promise<void>;
}

export interface AlertedNodes {
	readonly clock: MockClock;
	readonly storage: MemoryStorage;
	/** The key of all nodes. */
	readonly key: Uint8Array | undefined;
	/** @param seen what the node uses in place of the storage. */
	node(
		seen?: (storage: HostStorage) => HostStorage,
		options?: Partial<HelpdeskOptions>,
	): Promise<AlertedNode>;
}

/** A helpdesk with an owner, an administrator and somebody of the support team. */
export async function alertedNodes(): Promise<AlertedNodes> {
	const clock = new MockClock(Date.parse("2026-11-02T08:00:00.000Z"));
	const storage = new MemoryStorage(clock);
	const shared = await helpdeskOptions({ clock, storage });
	const node: AlertedNodes["node"] = async (seen = (same) => same, given = {}) => {
		const options = { ...shared, ...given, storage: seen(storage) };
		const core = openHelpdesk(options, brandsAt(options, [1, 2]));
		onTestFinished(() => core.close());
		const addOn = await core.addOns.find("x-login");
		if (addOn === undefined) {
			throw new Error("X cannot be used");
		}
		return {
			...core,
			addOn,
			attempts: async (brandId, ...ends) => {
				for (const fields of ends) {
					addOn.ledger.record({ ...end(fields), brandId });
				}
				await addOn.ledger.settled();
			},
		};
	};
	const first = await node();
	await first.operators.makeFirst();
	await first.operators.add("owner@example.com", "owner");
	await first.operators.add("admin@example.com", "administrator");
	await first.operators.add("support@example.com", "support");
	await first.addOn.plugin.activate();
	return { clock, storage, key: shared.keys[0], node };
}

/** Has log-ins at a brand fail, and goes two minutes on. */
export async function failTwice(nodes: AlertedNodes, node: AlertedNode, brandId = "acorn") {
	await node.attempts(brandId, BAD_KEYS, BAD_KEYS);
	nodes.clock.advance(2 * MINUTE);
}
