// Builds everything that is not in the repository. `--generate` stops after the generated sources.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * The plugin's check of what the host reads to it: the settings without their secrets, defaults filled in. Standalone
 * code, because ajv itself needs `new Function` and would be most of the artifact.
 */
async function generateSettingsValidator() {
	const schema = JSON.parse(await readFile(path("settings-schema.json"), "utf8"));
	const visible = Object.entries(schema.properties).filter(([, { writeOnly }]) => !writeOnly);
	const withDefault = visible.filter(([, setting]) => "default" in setting).map(([name]) => name);
	const ajv = new Ajv2020({
		strict: true,
		// Lengths in UTF-16 units: counting code points would need a helper of ajv's at run time.
		unicode: false,
		logger: false,
		code: { source: true, esm: true },
		schemas: [
			{
				$id: "settings",
				type: "object",
				additionalProperties: false,
				properties: Object.fromEntries(visible),
				required: withDefault,
			},
		],
	});
	const code = standaloneCode.default(ajv, { validateSettings: "settings" });
	await writeFile(path("src/plugin/settings/settings-validator.js"), code);
}

await generateSettingsValidator();
