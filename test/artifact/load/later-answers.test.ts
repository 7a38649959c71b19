// Answers that version 1.2 of the contract added.
import { expect, test } from "vitest";
import { restrictHooks } from "../../../src/artifact/load/restrict-hooks.ts";
import type { LoginRequest } from "../../../src/contract/login-request.ts";
import type { Plugin } from "../../../src/contract/plugin.ts";
import { UndiciHttp } from "../../../src/ports/undici-http.ts";
import { TINY_MANIFEST } from "../../kit/artifact/tiny-plugin.ts";

const REQUEST: LoginRequest = {
	brandId: "brand",
	method: "GET",
	query: [],
	form: [],
	cookies: {},
	locale: "en",
	clientAddress: "",
	currentUser: undefined,
};

/** A plugin for this range of the contract, whose hooks answer like this. */
function answering(answer: unknown, contract = "^1.2"): Plugin {
	const plugin = { answer: async () => answer };
	const hooks = (["handleCallback", "purgeLinks"] as const).map((hook) => ({
		hook,
		method: "answer",
	}));
	const manifest = {
		...TINY_MANIFEST,
		manifestVersion: 1,
		engines: { contract, node: ">=20" },
		lifecycle: { activation: "manual", onDeactivate: "keep-data" },
		hooks,
		capabilities: { network: [], navigation: [], ports: [] },
	} as const;
	return restrictHooks(plugin, manifest, new UndiciHttp({})) as Plugin;
}

const IN = { kind: "signed-in", userId: "1", returnPath: "/" } as const;
const ADA = { identityId: "x:1", label: "@ada" };

test.each(["signed-in", "signed-up", "linked", "complete-profile"] as const)(
	"the outcome %s keeps the account by which the visitor came in, and nothing else of it",
	async (kind) => {
		const linkedAccount = { ...ADA, email: "ada@example.com" };

		const response = await answering({ ...IN, kind, linkedAccount }).handleCallback(REQUEST);

		expect(response).toEqual({ ...IN, kind, linkedAccount: ADA });
	},
);

test.each<[string, unknown]>([
	["no label", { identityId: "x:1" }],
	["an empty label", { ...ADA, label: "" }],
	["a label of 201 characters", { ...ADA, label: "a".repeat(201) }],
	["a label that is no text", { ...ADA, label: { toString: () => "@ada" } }],
	["an id of 201 characters", { ...ADA, identityId: "1".repeat(201) }],
	["an id that is no text", { ...ADA, identityId: 1 }],
	["a text", "@ada"],
	["nothing", null],
])("an account with %s keeps nobody out, and is left out", async (_, linkedAccount) => {
	expect(await answering({ ...IN, linkedAccount }).handleCallback(REQUEST)).toEqual(IN);
});

test("the label is the one that was checked", async () => {
	const labels = ["@ada", "a".repeat(500)];
	const linkedAccount = {
		identityId: "x:1",
		get label() {
			return labels.shift();
		},
	};

	const response = await answering({ ...IN, linkedAccount }).handleCallback(REQUEST);

	expect(response).toEqual({ ...IN, linkedAccount: ADA });
});

test("an answer to a step of a purge is passed on, and one that breaks the contract rejects", async () => {
	for (const good of [{ removed: 100, isDone: false }, { removed: 0, isDone: true }, undefined]) {
		expect(await answering(good).purgeLinks("brand", { most: 100 })).toEqual(good);
	}
	for (const wrong of [
		{},
		{ removed: 1 },
		{ removed: -1, isDone: true },
		"done",
		{ isDone: true },
	]) {
		const purging = answering(wrong).purgeLinks("brand", { most: 100 });
		await expect(purging).rejects.toThrow("the plugin's answer breaks the contract: purgeLinks");
	}
});

test("whatever a plugin for an earlier version answers to a purge means that all is deleted", async () => {
	for (const answer of [{ removed: 1, isDone: false }, true, 7]) {
		for (const range of ["^1.0.0", "^1.0 || ^1.1"]) {
			expect(await answering(answer, range).purgeLinks("brand", { most: 1 })).toBeUndefined();
		}
	}
});
