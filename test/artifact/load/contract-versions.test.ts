import { expect, test } from "vitest";
import { keptVersion, knowsAdditions } from "../../../src/artifact/load/contract-versions.ts";
import { restrictHost } from "../../../src/artifact/load/restrict-host.ts";
import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { NewUser, UserCreation } from "../../../src/contract/users.ts";
import { createMockHost } from "../../../src/testing/mock-host/mock-host.ts";

const ADA = {
	brandId: "brand",
	name: "Ada",
	email: "ada@example.com",
	emailProof: "asserted",
	locale: "en",
} as const satisfies NewUser;

test.each<[string, boolean]>([
	["^1.1", true],
	["^1.1.0", true],
	["~1.1", true],
	[">=1.1 <2", true],
	["1.2.x", true],
	["^1.0 || ^1.1", true],
	["^1.1 || ^1.0", true],
	["^1.0||^1.1.0", true],
	["^1.0.0", false],
	["^1", false],
	["1.x", false],
	["*", false],
	["", false],
	["* || ^1.0", false],
	[">=1.0", false],
	["^1.0 || ^2.0", false],
	["1.1.0-beta || ^1.0", false],
	[">1.1 <1.1", false],
])("a plugin for the contract %j knows what 1.1 added: %j", (range, knows) => {
	expect(knowsAdditions(range)).toBe(knows);
});

test.each<[string | undefined, string | undefined]>([
	["1.1.0", "1.1.0"],
	["1.4.2", "1.4.2"],
	["2.0.0", "2.0.0"],
	["1.0.0", undefined],
	["1.1", undefined],
	["latest", undefined],
	["", undefined],
	[undefined, undefined],
])("a plugin in a helpdesk that says it keeps %j reads %j", (said, read) => {
	expect(keptVersion(said)).toBe(read);
});

/** What a plugin for this range of the contract sees of a helpdesk. */
function seenFor(range: string, ports: Partial<HelpdeskHost>): HelpdeskHost {
	let host: HelpdeskHost | undefined;
	const mock = createMockHost({
		plugin: {
			manifest: { id: "tiny" },
			settingsSchema: {
				$schema: "https://json-schema.org/draft/2020-12/schema",
				type: "object",
				additionalProperties: false,
				properties: {},
			},
			createPlugin: (given) => {
				host = restrictHost(
					{ ...given, ...ports },
					{
						engines: { contract: range, node: ">=20" },
						capabilities: { network: [], navigation: [], ports: ["users:read", "users:create"] },
					},
				);
				return {};
			},
		},
	});
	void mock.close();
	return host ?? expect.fail("the plugin was not created");
}

function answering(creation: unknown): Partial<HelpdeskHost> {
	const users: HelpdeskHost["users"] = {
		ownerOf: async () => ({ kind: "user", id: "1", confirmed: true, suspended: false }),
		find: async () => undefined,
		create: async () => creation as UserCreation,
		confirm: async () => {},
	};
	return { users };
}

test.each<[unknown, UserCreation]>([
	[{ kind: "pending" }, { kind: "pending" }],
	[{ kind: "pending", id: "queue-7" }, { kind: "pending" }],
	[
		{ kind: "refused", reason: "address-taken" },
		{ kind: "refused", reason: "address-taken" },
	],
	[
		{ kind: "refused", reason: "address-refused" },
		{ kind: "refused", reason: "address-refused" },
	],
	[
		{ kind: "refused", reason: "registration-closed" },
		{ kind: "refused", reason: "registration-closed" },
	],
	[{ kind: "refused", reason: "the moon" }, { kind: "refused" }],
	[{ kind: "refused" }, { kind: "refused" }],
])(
	"of the answer %j a plugin that names 1.1 gets %j, and one of 1.0 a refusal",
	async (given, known) => {
		const later = seenFor("^1.0 || ^1.1", answering(given));
		const first = seenFor("^1.0.0", answering(given));

		expect(await later.users.create("key", ADA)).toEqual(known);
		expect(await first.users.create("key", ADA)).toEqual({ kind: "refused" });
	},
);

test("a plugin can read the version of the contract, and nothing where the helpdesk keeps 1.0 or gives no version", () => {
	expect(seenFor("^1.0.0", { contract: "1.1.0" }).contract).toBe("1.1.0");
	for (const contract of ["1.0.0", "new"]) {
		expect(seenFor("^1.0.0", { contract })).not.toHaveProperty("contract");
	}
});

test("an owner of whom the helpdesk does not say whether they are unclaimed is not", async () => {
	const { users } = seenFor("^1.0.0", answering({ kind: "refused" }));

	expect(await users.ownerOf("brand", "ada@example.com")).toMatchObject({ unclaimed: false });
});

test("a new user's suggested name and client address reach the helpdesk as texts, or not at all", async () => {
	const asked: NewUser[] = [];
	const { users } = answering({ kind: "refused" });
	const host = seenFor("^1.1", {
		users: {
			...(users as HelpdeskHost["users"]),
			create: async (_, user) => {
				asked.push(user);
				return { kind: "refused" };
			},
		},
	});
	const more = { suggestedName: "ada", clientAddress: "192.0.2.1" };

	await host.users.create("key", { ...ADA, ...more });
	await host.users.create("key", ADA);

	expect(asked).toEqual([{ ...ADA, ...more }, ADA]);
	for (const change of [
		{ suggestedName: 7 },
		{ suggestedName: "n".repeat(10_001) },
		{ clientAddress: {} },
		{ clientAddress: "1".repeat(101) },
	]) {
		const creating = host.users.create("key", { ...ADA, ...change } as NewUser);
		await expect(creating).rejects.toThrow(TypeError);
	}
	expect(asked).toHaveLength(2);
});
