import type { SetUpCheck } from "../contract/set-up-check.ts";
import { brandsAt } from "../hosts/standalone/helpdesk.ts";
import { openHelpdesk } from "../hosts/standalone/helpdesk-core.ts";
import { hasFailed } from "../hosts/standalone/set-up-tests.ts";
import { STANDALONE_BRANDS } from "../hosts/standalone/standalone-brands.ts";
import { CommandError } from "./command-error.ts";
import { openHelpdeskParts } from "./helpdesk-parts.ts";
import { readStartOptions } from "./start-options.ts";

/**
 * `doctor`: tests the set-up of every brand as the button in the administration does, and keeps what it finds there. Takes
 * the flags that the helpdesk is started with. Ends with 1 when something is to be mended.
 */
export async function doctor(args: readonly string[]): Promise<void> {
	const options = readStartOptions(args);
	const { parts, closeStorage } = await openHelpdeskParts(options);
	const x = options.xBaseUrl ?? "https://api.x.com";
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
	const { loaded, tests } = addOn;
	const texts = loaded.locales.get(loaded.manifest.locales.default) ?? {};
	for (const { id, name } of brands) {
		const test = await tests.run(id);
		const checks = test.checks.map((check) => ({ ...check, text: sentence(texts, check) }));
		found.push({ brand: id, name, ok: !hasFailed(test), checks });
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

function sentence(
	texts: Readonly<Record<string, string>>,
	{ message, values }: SetUpCheck,
): string {
	const text = texts[message] ?? message;
	return text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}
