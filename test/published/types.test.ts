import { expect, test } from "vitest";
import { compileAgainstPublished } from "./compile-against-published.ts";

test("the programs of a vendor and of a plugin developer compile against the published declarations", async () => {
	const output = await compileAgainstPublished(`
import { readFile } from "node:fs/promises";
import { loadPlugin, MemoryStorage, systemClock, type HelpdeskHost, type Plugin } from "x-login/host";
import { createMockHost, startFakeX } from "x-login/testing";

const loaded = await loadPlugin(await readFile("x-login.zip"));
export const connect = (host: HelpdeskHost): Partial<Plugin> => loaded.createPlugin(host);
const fakeX = await startFakeX({ apps: [{ apiKey: "k", apiKeySecret: "s", callbacks: [] }], accounts: [] });
const host = createMockHost({
	plugin: loaded,
	origins: { "api.x.com": fakeX.url },
	storage: new MemoryStorage(systemClock),
});
host.settings.save("brand", { apiKey: "k" });
`);

	expect(output).toBe("");
});

test("the declarations refuse what the contract does not allow", async () => {
	const output = await compileAgainstPublished(`
import { MemoryStorage, systemClock, secret } from "x-login/host";

await new MemoryStorage(systemClock).commit({ sets: [{ key: ["a"], value: undefined }] });
export const text: string = secret("a");
`);

	expect(output).toContain("program.mts(4,");
	expect(output).toContain("program.mts(5,");
});

test("the types of 0.1.0 keep their names", async () => {
	const output = await compileAgainstPublished(`
import type { LinkFate, LinkResult } from "x-login/contract";

export const result = (old: LinkFate): LinkResult => old;
`);

	expect(output).toBe("");
});
