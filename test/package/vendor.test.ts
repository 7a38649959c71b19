// The README of helpdesk vendors, from an empty folder with the installed package.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { blocksIn, runIn, VENDOR } from "./installed.ts";

const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Compiles a program in the folder of the package, with the declarations of the package. @returns what the compiler says. */
async function compile(name: string, program: string): Promise<string> {
	await writeFile(join(VENDOR, name), program);
	const flags = ["--ignoreConfig", "--strict", "--module", "NodeNext", "--target", "ES2023"];
	const types = ["--typeRoots", join(packages, "@types"), "--types", "node"];
	const tsc = join(packages, "typescript/bin/tsc");
	const { stdout } = await runIn(VENDOR, process.execPath, tsc, ...flags, ...types, name);
	return stdout;
}

test("the example that connects a plugin compiles, and runs with a helpdesk's own ports", async () => {
	const [example = ""] = (await blocksIn("src/contract/README.md", "ts")).filter((code) =>
		code.includes("createPlugin"),
	);
	const declared = /^declare const yours: \{\n.*?^\};\n/ms;
	expect(example).toMatch(declared);
	expect(await compile("vendor.mts", example)).toBe("");

	// The mock host's ports stand for those of a helpdesk.
	const program = example.replace(
		declared,
		`import { createMockHost, mockBrand } from "x-login/testing";
		import type { HelpdeskHost } from "x-login/host";
		const xLogin = await loadPlugin(await readFile(new URL(import.meta.resolve("x-login/plugin.zip"))));
		let yours!: HelpdeskHost;
		const mock = createMockHost({
			plugin: {
				...xLogin,
				createPlugin: (host: HelpdeskHost) => {
					yours = host;
					return xLogin.createPlugin(host);
				},
			},
			brands: [mockBrand("acorn")],
		});
		mock.settings.save("acorn", { apiKey: "any-key", apiKeySecret: "any-secret" });
		mock.settings.enable("acorn");
		`,
	);
	expect(await compile("running.mts", program)).toBe("");
	const { stdout, stderr } = await runIn(VENDOR, process.execPath, "running.mjs");

	expect(stderr).toBe("");
	expect(stdout).toContain("<button");
});
