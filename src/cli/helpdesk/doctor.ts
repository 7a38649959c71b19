import type { SetUpCheck } from "../../contract/set-up-check.ts";
import { hasFailed } from "../../helpdesk/add-ons/set-up-results.ts";
import { brandsAt, STANDALONE_BRANDS } from "../../helpdesk/brands.ts";
import { openHelpdesk } from "../../helpdesk/helpdesk.ts";
import { CommandError } from "../command-error.ts";
import { runningFakeX } from "./fake-x-address.ts";
import { openExistingParts } from "./helpdesk-parts.ts";
import { readStartOptions } from "./start-options.ts";

/**
 * `doctor`: tests the set-up of every brand as the button in the administration does, and keeps what it finds there. Takes
 * the flags that the helpdesk is started with; without `--x-base-url` it asks the fake X that runs beside it. Makes
 * nothing. Ends with 1 when something is to be mended.
 */
export async function doctor(args: readonly string[]): Promise<void> {
	const options = readStartOptions(args);
	const { parts, closeStorage } = await openExistingParts(options);
	if (options.port === 0 && options.baseUrls.size < STANDALONE_BRANDS.length) {
		throw new CommandError(
			"--port 0 leaves open where the helpdesk is, and with it the callback URL; give the port that it runs on, or --base-url for each brand",
		);
	}
	const x = options.xBaseUrl ?? (await runningFakeX(options.data));
	const brands = brandsAt(
		parts,
		STANDALONE_BRANDS.map((_, index) => options.port + index),
	);
	const core = openHelpdesk({ ...parts, origins: { "api.x.com": x } }, brands);
	const found = [];
	const addOn = await core.addOns.find(parts.plugin.manifest.id);
	if (addOn === undefined) {
		throw new CommandError("the plugin that is installed cannot be used; start says why");
	}
	const { loaded, settings, tests } = addOn;
	const texts = loaded.locales.get(loaded.manifest.locales.default) ?? {};
	for (const { id, name } of brands) {
		const isSealed = (await settings.missing(id)).some((setting) => setting.isSealed);
		// What another key file makes of it is no test of the helpdesk, and is not kept as one.
		const checks = isSealed
			? [sealedCheck(options.keyFile)]
			: (await tests.run(id)).checks.map((check) => ({
					...check,
					text: sentence(texts, check),
				}));
		found.push({ brand: id, name, ok: !hasFailed({ checks }), checks });
	}
	await core.close();
	await closeStorage();
	if (options.json) {
		console.log(JSON.stringify({ brands: found }));
	} else {
		for (const { name, checks } of found) {
			console.log(name);
			for (const { state, text } of checks) {
				console.log(`  ${state.padEnd(8)} ${text}`);
			}
		}
	}
	process.exitCode = found.every(({ ok }) => ok) ? 0 : 1;
}

function sealedCheck(keyFile: string): SetUpCheck & { readonly text: string } {
	const text = `The stored keys of the app at X cannot be opened with the key file ${keyFile}: they were saved with another one. Name that one by --key-file, or put its line back into this file; if it is lost, enter the keys again under Settings.`;
	return { id: "keys", state: "failed", message: "sealed", values: {}, text };
}

function sentence(
	texts: Readonly<Record<string, string>>,
	{ message, values }: SetUpCheck,
): string {
	const text = texts[message] ?? message;
	return text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
