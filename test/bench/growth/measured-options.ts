import { BlockList } from "node:net";
import { loadPlugin } from "../../../src/artifact/load/load-plugin.ts";
import { secret } from "../../../src/contract/secret.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { HelpdeskCore, HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { systemClock } from "../../../src/ports/system-clock.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";

/** The app at the fake X. */
export const APP = { apiKey: "api-key", apiKeySecret: "api-key-secret" };

/** The options of a helpdesk beside a fake X, on free ports. */
export async function measuredOptions(
	storage: HostStorage,
	fakeXUrl: string,
): Promise<HelpdeskOptions> {
	return {
		port: 0,
		storage,
		plugin: await loadPlugin(await builtArtifact()),
		clock: systemClock,
		random: cryptoRandom,
		keys: [cryptoRandom.bytes(32)],
		origins: { "api.x.com": fakeXUrl },
		baseUrls: new Map(),
		startLimit: 0,
		trustedProxies: new BlockList(),
		deliver: undefined,
		log: () => {},
	};
}

/** Sets the plugin up and switches it on, at each brand. */
export async function switchOnX({ addOns, brands }: HelpdeskCore): Promise<void> {
	const addOn = await addOns.find("x-login");
	if (addOn === undefined) {
		throw new Error("the plugin cannot be used");
	}
	const { apiKey, apiKeySecret } = APP;
	for (const { id } of brands.all()) {
		const secrets = { apiKeySecret: secret(apiKeySecret) };
		await addOn.settings.save(id, { values: { apiKey }, secrets });
		await addOn.settings.enable(id, true);
	}
	await addOn.plugin.activate();
}
