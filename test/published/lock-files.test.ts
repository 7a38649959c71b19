import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

interface LockFile {
	readonly packages: Readonly<
		Record<string, { readonly integrity?: string; readonly resolved?: string }>
	>;
}

test.each(["package-lock.json", "test/bench/package-lock.json"])(
	"every package in %s has an integrity, and none names a registry",
	async (name) => {
		const { packages }: LockFile = JSON.parse(await readFile(name, "utf8"));
		const installed = Object.entries(packages).filter(([path]) => path !== "");
		expect(installed.length).toBeGreaterThan(100);

		// The development binaries of other platforms as well: each is run on somebody's machine.
		const unchecked = installed.filter(
			([, { integrity = "" }]) => !/^sha512-[\w+/]{86}==$/.test(integrity),
		);
		expect(unchecked.map(([path]) => path)).toEqual([]);
		expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
	},
);
