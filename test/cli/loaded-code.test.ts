// What a start of the built helpdesk loads. Code that only some helpdesks need is loaded when they need it.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const DIST = new URL("../../dist/", import.meta.url);

/** The sources in a file of the built command line and in those that it imports, as esbuild names them. */
async function loadedWith(file: string, found = new Set<string>()): Promise<ReadonlySet<string>> {
	if (!found.has(file)) {
		found.add(file);
		const code = await readFile(new URL(file, DIST), "utf8");
		for (const [, source = ""] of code.matchAll(/^\/\/ ((?:node_modules|src)\/\S+)$/gm)) {
			found.add(source);
		}
		for (const [, imported = ""] of code.matchAll(
			/^(?:import|\} from) ?"\.\/(cli-\w+\.mjs)";$/gm,
		)) {
			await loadedWith(imported, found);
		}
	}
	return found;
}

async function loadedByStart(): Promise<readonly string[]> {
	const entry = await readFile(new URL("cli.mjs", DIST), "utf8");
	const [, start = ""] = /\["start", async \(\) => \(await import\("\.\/(\S+)"\)/.exec(entry) ?? [];
	return [...(await loadedWith("cli.mjs")), ...(await loadedWith(start))];
}

test("a start loads neither a fake X, nor the parser of uploaded code, nor what sends letters, nor the OpenID Provider's library", async () => {
	const loaded = await loadedByStart();
	// The reader of the files sees what a start does load.
	for (const needed of ["src/helpdesk/start-helpdesk.ts", "src/helpdesk/web/layout.ts"]) {
		expect(loaded).toContain(needed);
	}
	const rooms = ["src/testing/fake-x/", "src/artifact/validate/"];
	const packages = ["acorn", "oidc-provider", "jose", "@simplewebauthn", "@zxcvbn-ts"];
	// The reader of addresses, which is a part of nodemailer, is loaded.
	const ofNodemailer = ["mailer", "mime-node", "smtp-connection", "smtp-transport"];
	const places = [
		...[...rooms, ...packages.map((name) => `node_modules/${name}/`)],
		...ofNodemailer.map((name) => `node_modules/nodemailer/dist/esm/${name}/`),
	];
	expect(loaded.filter((source) => places.some((place) => source.startsWith(place)))).toEqual([]);
});

test("a start loads of undici only what makes calls", async () => {
	const loaded = await loadedByStart();
	expect(loaded).toContain("node_modules/undici/lib/dispatcher/agent.js");
	expect(loaded).not.toContain("node_modules/undici/index.js");
	expect(loaded).not.toContain("node_modules/undici/lib/web/fetch/index.js");
});
