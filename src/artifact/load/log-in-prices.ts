import type { LogInPrices } from "../../contract/log-in-prices.ts";
import { compileSchema, problemsOf } from "../json-schema.ts";
import { PluginError } from "../plugin-error.ts";
import { plainCopy } from "./plain-copy.ts";
import type { PluginPackage } from "./read-plugin.ts";

const SCHEMA = {
	type: "object",
	required: ["currency", "source", "readOn", "protocols"],
	properties: {
		currency: { type: "string", pattern: "^[A-Z]{3}$" },
		source: { type: "string" },
		readOn: { type: "string", pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" },
		protocols: {
			type: "array",
			minItems: 1,
			maxItems: 10,
			items: {
				type: "object",
				required: ["protocol", "name", "perPersonAndDay"],
				properties: {
					protocol: { type: "string", pattern: "^[a-z0-9-]{1,64}$" },
					name: { type: "string", minLength: 1, maxLength: 100 },
					perPersonAndDay: { type: ["number", "null"], minimum: 0 },
				},
			},
		},
	},
} as const;

/**
 * The prices that a plugin's module exports, as a checked copy. Undefined where it exports none.
 *
 * @throws PluginError when they break the contract.
 */
export function readLogInPrices(
	module: { readonly logInPrices?: unknown },
	plugin: Pick<PluginPackage, "locales" | "manifest">,
): LogInPrices | undefined {
	if (module.logInPrices === undefined) {
		return undefined;
	}
	const isValid = compileSchema<LogInPrices>(SCHEMA);
	const prices = copyOf(module.logInPrices);
	if (isValid(prices)) {
		refuseMissingText(prices, plugin);
		return prices;
	}
	throw new PluginError("invalid-module", {
		problems: problemsOf(isValid).map((problem) => `its export logInPrices: ${problem}`),
	});
}

function copyOf(exported: unknown): unknown {
	try {
		return plainCopy(exported);
	} catch (cause) {
		throw new PluginError("invalid-module", {
			problems: ["its export logInPrices is not plain data"],
			cause,
		});
	}
}

/** All locales have the keys of the default locale. */
function refuseMissingText(
	{ source }: LogInPrices,
	{ locales, manifest }: Pick<PluginPackage, "locales" | "manifest">,
): void {
	if (!Object.hasOwn(locales.get(manifest.locales.default) ?? {}, source)) {
		throw new PluginError("invalid-module", {
			problems: [
				`its export logInPrices names the text "${source}", which its locales do not have`,
			],
		});
	}
}
