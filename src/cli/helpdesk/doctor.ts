import type { SetUpCheck } from "../../contract/set-up-check.ts";
import type { AddOn } from "../../helpdesk/add-ons/add-on.ts";
import { setUpSentence, textsOf } from "../../helpdesk/add-ons/plugin-texts.ts";
import { hasFailed } from "../../helpdesk/add-ons/set-up-results.ts";
import { brandsAt, fixedBrands } from "../../helpdesk/brands/brand-addresses.ts";
import { diagnoseHandOffs } from "../../helpdesk/hand-off/diagnose-hand-offs.ts";
import { openHelpdesk } from "../../helpdesk/helpdesk.ts";
import { type LeftOutBrand, leftOutBrands } from "../../helpdesk/left-out-brands.ts";
import {
	type ConnectionCheck,
	diagnoseConnections,
} from "../../helpdesk/openid/diagnose-connections.ts";
import { CommandError } from "../command-error.ts";
import { runningFakeX } from "./fake-x-address.ts";
import { openExistingParts } from "./helpdesk-parts.ts";
import { warnOfPasswords } from "./hide-passwords.ts";
import { leftOutSentence } from "./left-out-sentence.ts";
import { readStartOptions, type StartOptions } from "./start-options.ts";

/** The set-up of a brand. */
interface BrandDiagnosis {
	readonly brand: string;
	readonly name: string;
	readonly ok: boolean;
	readonly checks: readonly (SetUpCheck & { readonly text: string })[];
	/** What was found about its connected helpdesks. */
	readonly connections: readonly ConnectionCheck[];
}

/**
 * `doctor`: tests the set-up of every brand, as the button in the administration does, and stores the results there. Takes
 * the flags that the helpdesk was started with. Looks at the connected helpdesks, too. Without `--x-base-url` it asks the fake X that runs with the helpdesk.
 * Makes nothing. Exits with 1 if anything needs fixing.
 */
export async function doctor(args: readonly string[]): Promise<void> {
	const options = readStartOptions(args);
	const { brands: found, leftOut } = await diagnose(options);
	warnOfPasswords(args);
	if (options.json) {
		console.log(
			JSON.stringify({
				brands: found,
				leftOut: leftOut.map(({ id, name }) => ({ brand: id, name })),
			}),
		);
	} else {
		for (const { name, checks, connections } of found) {
			console.log(name);
			for (const { state, text } of [...checks, ...connections]) {
				console.log(`  ${state.padEnd(8)} ${text}`);
			}
		}
		for (const brand of leftOut) {
			console.log(leftOutSentence(brand));
		}
	}
	process.exitCode = found.every(({ ok }) => ok) ? 0 : 1;
}

/** @throws CommandError when there is no helpdesk, or its plugin cannot be asked. */
async function diagnose(options: StartOptions): Promise<{
	readonly brands: readonly BrandDiagnosis[];
	readonly leftOut: readonly LeftOutBrand[];
}> {
	const { parts, closeStorage } = await openExistingParts(options);
	const fixed = fixedBrands(options);
	if (options.port === 0 && fixed.some(({ url }) => url === undefined)) {
		throw new CommandError(
			"--port 0 does not say where the helpdesk is, so the callback URL is unknown; give the port that it runs on, or --base-url for each brand",
		);
	}
	const x = options.xBaseUrl ?? (await runningFakeX(options.data));
	const core = openHelpdesk(
		{ ...parts, origins: { "api.x.com": x } },
		brandsAt(
			parts,
			fixed.map((_, index) => options.port + index),
		),
	);
	await core.brands.refresh();
	const addOn = await core.addOns.find(parts.plugin.manifest.id);
	if (addOn === undefined) {
		throw new CommandError("the installed plugin cannot be used; the log of start says why");
	}
	const found: BrandDiagnosis[] = [];
	const diagnosed = { providers: core.openid, clock: parts.clock, keyFile: options.keyFile };
	for (const brand of core.brands.all()) {
		const { id, name } = brand;
		const checks = await checksOf(addOn, id, options.keyFile);
		const connections = [
			...(await diagnoseConnections(brand, diagnosed)),
			...(await diagnoseHandOffs(brand, core.handOffs, options.keyFile)),
		];
		const ok = !hasFailed({ checks }) && !connections.some(({ state }) => state === "failed");
		found.push({ brand: id, name, ok, checks, connections });
	}
	const leftOut = await leftOutBrands(core, parts);
	await core.close();
	await closeStorage();
	return { brands: found, leftOut };
}

async function checksOf(
	{ loaded, settings, tests }: AddOn,
	brandId: string,
	keyFile: string,
): Promise<BrandDiagnosis["checks"]> {
	const missing = await settings.missing(brandId);
	if (missing === undefined) {
		return [failedCheck("unreadable", UNREADABLE)];
	}
	// With a wrong key file the test would fail, and the failure would be stored. So no test is run.
	if (missing.some((setting) => setting.isSealed)) {
		return [failedCheck("sealed", sealed(keyFile))];
	}
	const texts = textsOf({ loaded }, "en");
	const { checks } = await tests.run(brandId);
	return checks.map((check) => ({ ...check, text: setUpSentence(texts, check) }));
}

function failedCheck(message: string, text: string): SetUpCheck & { readonly text: string } {
	return { id: "keys", state: "failed", message, values: {}, text };
}

const UNREADABLE =
	"The stored settings cannot be read, and stay as they are. Use the version of the helpdesk that stored them, or restore a backup.";

function sealed(keyFile: string): string {
	return `The stored keys of the app at X cannot be decrypted with the key file ${keyFile}, because they were saved with another one. Give that key file with --key-file, or add its line to this file. If it is lost, enter the keys of the app again under Settings.`;
}
