import { onTestFinished as whenThisTestEnds } from "vitest";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import type { Brand } from "../../../src/contract/brands.ts";
import type { Clock } from "../../../src/contract/clock.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { type FakeX, startFakeX } from "../../../src/testing/fake-x/fake-x.ts";
import type { FakeXAccount } from "../../../src/testing/fake-x/fake-x-options.ts";
import type { ContractVersion } from "../../../src/testing/host-contract/host-under-test.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import {
	createMockHost,
	type MockHost,
	mockBrand,
} from "../../../src/testing/mock-host/mock-host.ts";

import { builtPlugin } from "../artifact/built-plugin.ts";

export const API_KEY_SECRET = "canary-api-key-secret";
export const CLIENT_SECRET = "canary-client-secret_-";

/** What X shows on the page "Keys and tokens" of an app. */
export const APP_KEYS = {
	apiKey: "api-key",
	apiKeySecret: API_KEY_SECRET,
	clientId: "client-id",
	clientSecret: CLIENT_SECRET,
} as const;

/** The values of the setting `protocol`. */
export type ProtocolSetting = "oauth1" | "oauth2" | "oauth2-else-oauth1";

export const ADA: FakeXAccount = {
	id: "9007199254740993",
	screenName: "ada",
	name: "Ada Lovelace",
	email: "ada@example.com",
};

export const NO_EMAIL: FakeXAccount = { id: "42", screenName: "nomail", name: "No Mail" };

/**
 * A mock host with X set up and switched on, beside a fake X that shares its clock. A test that runs concurrently with
 * others passes the `onTestFinished` of its own context. The global one belongs to the test that began last, and would
 * close this house too early.
 */
export async function openHouse({
	brands = [mockBrand("brand")],
	accounts = [ADA, NO_EMAIL],
	clock = new MockClock(),
	clockAtX = clock,
	storage,
	contract = "1.3",
	protocol = "oauth1",
	zip,
	onTestFinished = whenThisTestEnds,
}: {
	readonly brands?: readonly Brand[];
	readonly accounts?: readonly FakeXAccount[];
	readonly clock?: MockClock;
	readonly clockAtX?: Clock;
	readonly storage?: HostStorage;
	readonly contract?: ContractVersion;
	/** By default the setting is not touched, as in a helpdesk of 0.1.0. */
	readonly protocol?: ProtocolSetting;
	/** The plugin, by default the built one. */
	readonly zip?: Uint8Array;
	readonly onTestFinished?: typeof whenThisTestEnds;
} = {}): Promise<{ host: MockHost; fakeX: FakeX }> {
	const fakeX = await startFakeX({
		apps: [{ ...APP_KEYS, callbacks: brands.map(({ callbackUrl }) => callbackUrl) }],
		accounts,
		clock: clockAtX,
	});
	const host = createMockHost({
		plugin: await (zip === undefined ? builtPlugin() : loadPlugin(zip)),
		brands,
		clock,
		contract,
		origins: { "api.x.com": fakeX.url },
		...(storage && { storage }),
	});
	for (const { id } of brands) {
		host.settings.save(id, keysFor(protocol));
		host.settings.enable(id);
	}
	onTestFinished(async () => {
		await host.close();
		await fakeX.close();
	});
	return { host, fakeX };
}

/** What an administrator saves: the keys for the protocol, and no others. */
export function keysFor(protocol: ProtocolSetting): Readonly<Record<string, string>> {
	const { apiKey, apiKeySecret, clientId, clientSecret } = APP_KEYS;
	return {
		...(protocol !== "oauth1" && { protocol, clientId, clientSecret }),
		...(protocol !== "oauth2" && { apiKey, apiKeySecret }),
	};
}
