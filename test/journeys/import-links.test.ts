import { expect, test } from "vitest";
import en from "../../locales/en.json" with { type: "json" };
import type { LinkRow } from "../../src/contract/link-transfer.ts";
import type { HostStorage, StorageCommit } from "../../src/contract/storage.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { approveAtX } from "../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { type MockHost, mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import type { MockUser } from "../../src/testing/mock-host/mock-users.ts";
import { ADA, openHouse } from "../kit/plugin/open-house.ts";
import { PROTOCOLS } from "../kit/plugin/protocols.ts";
import { allEntries } from "../kit/storage/all-entries.ts";

const EMAIL = "ada@example.com";
const ROW: LinkRow = { brandId: "brand", identityId: "77", email: EMAIL };

async function resultsOf(host: MockHost, rows: readonly LinkRow[], dryRun = false) {
	const results = await host.plugin.importLinks(rows, { dryRun });
	for (const { message } of results) {
		expect(en).toHaveProperty([message]);
	}
	return results.map(({ message }) => message.replace("import.", ""));
}

async function everythingStored({ storage }: { readonly storage: HostStorage }): Promise<string> {
	return JSON.stringify(await allEntries(storage));
}

async function valuesStored({ storage }: MockHost) {
	return (await allEntries(storage)).map(({ key, value }) => ({ key, value }));
}

async function linksOf(host: MockHost, brandId = "brand") {
	return (await host.plugin.exportLinks(brandId)).links;
}

/** Storage that calls back before each write. */
function watched(
	inner: HostStorage,
	before: (write: StorageCommit) => Promise<void> | void,
): HostStorage {
	return {
		get: (key) => inner.get(key),
		list: (prefix, options) => inner.list(prefix, options),
		take: (key) => inner.take(key),
		commit: async (write) => {
			await before(write);
			return inner.commit(write);
		},
	};
}

async function logIn(host: MockHost) {
	const browser = host.newBrowser();
	const toX = await browser.pressButton();
	return browser.openCallback(await approveAtX(toX.kind === "redirect" ? toX.location : ""));
}

test.each(PROTOCOLS)(
	"a row links: from then on a log-in with X under %s opens the user's account",
	async (_, { protocol }) => {
		const { host, fakeX } = await openHouse({ protocol });
		const user = host.users.add({ brandId: "brand", email: EMAIL });

		const results = await host.plugin.importLinks(
			[{ brandId: "brand", identityId: ADA.id, email: " ADA@example.com ", handle: "@old_name" }],
			{ dryRun: false },
		);

		expect(results).toEqual([{ state: "linked", message: "import.linked", userId: user.id }]);
		expect(await host.plugin.listLinkedAccounts(user.id)).toMatchObject([{ label: "@old_name" }]);
		fakeX.resetStats();
		expect(await logIn(host)).toMatchObject({ kind: "signed-in", userId: user.id });
		expect(fakeX.stats().total).toBe(2);
		expect(await host.plugin.listLinkedAccounts(user.id)).toMatchObject([{ label: "@ada" }]);
		expect(host.mail.sent).toEqual([]);
	},
);

test.each<[string, Partial<MockUser> | undefined, Partial<LinkRow>]>([
	["handle", {}, { identityId: "@ada" }],
	["scientific", {}, { identityId: "1.23457E+18" }],
	["mangled", {}, { identityId: "2,244,994,945" }],
	["not-an-id", {}, { identityId: "007" }],
	["unknown-brand", {}, { brandId: "acme" }],
	["unknown-brand", {}, { brandId: "__proto__" }],
	["no-user", undefined, {}],
	["no-user", {}, { email: "" }],
	["no-user", {}, { email: "not an address" }],
	["no-user", {}, { email: "", userId: "user-9" }],
	["no-user", {}, { email: "", userId: "\ud800" }],
	["no-user", {}, { email: "", userId: "9".repeat(600) }],
	["other-brand", { brandId: "other" }, {}],
	["other-brand", { brandId: "other" }, { email: "", userId: "user-1" }],
	["staff", { role: "staff" }, {}],
	["no-user", { role: "staff" }, { email: "", userId: "user-1" }],
	["suspended", { status: "suspended" }, {}],
	["suspended", { status: "suspended" }, { email: "", userId: "user-1" }],
	["unproven", { confirmed: false }, {}],
	["unproven", { unclaimed: true }, {}],
	["unproven", { confirmed: false }, { email: "", userId: "user-1" }],
	["unproven", { email: "" }, { email: "", userId: "user-1" }],
	// Rows with all fields that this helpdesk's export has, or some of them.
	["unproven", { confirmed: false }, { userId: "user-1" }],
	["unproven", { confirmed: false }, { confirmed: false }],
	["unproven", { confirmed: false }, { confirmed: false, userId: "17" }],
	["unproven", { confirmed: false }, { confirmed: false, userId: "user-1", email: "" }],
	["unproven", { unclaimed: true }, { confirmed: false, userId: "user-1" }],
	["suspended", { confirmed: false, status: "suspended" }, { confirmed: false, userId: "user-1" }],
	[
		"other-way-in",
		{ confirmed: false, hasOtherWayIn: true },
		{ confirmed: false, userId: "user-1" },
	],
	["claimed-since", {}, { confirmed: false, userId: "user-1" }],
	["claimed-since", {}, { confirmed: false }],
])(
	"%s: %j with %j is refused, in a dry run or not, and nothing is stored",
	async (result, user, row) => {
		const { host } = await openHouse({ brands: [mockBrand("brand"), mockBrand("other")] });
		if (user !== undefined) {
			host.users.add({ brandId: "brand", email: EMAIL, ...user });
		}
		for (const dryRun of [true, false]) {
			const [found, ...others] = await host.plugin.importLinks([{ ...ROW, ...row }], { dryRun });

			expect(found).toEqual({ state: "refused", message: `import.${result}` });
			expect(others).toEqual([]);
		}
		expect(await everythingStored(host)).toBe("[]");
	},
);

test("an address names the user; an id beside it must not belong to somebody else", async () => {
	const { host } = await openHouse();
	const ada = host.users.add({ brandId: "brand", email: EMAIL });
	const bob = host.users.add({ brandId: "brand", email: "bob@example.com" });

	const results = await resultsOf(host, [
		{ ...ROW, userId: bob.id },
		{ ...ROW, email: "gone@example.com", userId: bob.id },
		{ ...ROW, userId: "17" },
		{ ...ROW, userId: ada.id },
		{ ...ROW, identityId: "78", email: "", userId: bob.id },
	]);

	expect(results).toEqual(["two-users", "no-user", "linked", "already-linked", "linked"]);
	expect((await linksOf(host)).map(({ userId }) => userId)).toEqual([ada.id, bob.id]);
});

test("an exported row that is still linked is reported as linked, proven or not", async () => {
	const { host } = await openHouse();
	const ada = host.users.add({ brandId: "brand", email: EMAIL });
	const bob = host.users.add({ brandId: "brand", email: "bob@example.com" });
	await resultsOf(host, [ROW]);
	const exported = { ...ROW, userId: ada.id };

	for (const change of [
		{ confirmed: false },
		{ unclaimed: true },
		{ status: "suspended" },
		{ hasOtherWayIn: true },
	] as const) {
		host.users.change(ada.id, change);
		expect(await resultsOf(host, [exported, ROW])).toEqual(["already-linked", "already-linked"]);
	}
	host.users.change(ada.id, { email: "new@example.com" });
	expect(await resultsOf(host, [exported])).toEqual(["already-linked"]);

	host.users.change(ada.id, { email: EMAIL, confirmed: true, unclaimed: false, status: "active" });
	expect(await resultsOf(host, [{ ...ROW, userId: bob.id }])).toEqual(["two-users"]);
	expect(await resultsOf(host, [{ ...exported, email: "bob@example.com" }])).toEqual(["two-users"]);
});

test("a user without another way in gets both of two links back from the export after a purge", async () => {
	const { host } = await openHouse();
	await logIn(host);
	const [ada] = host.users.all();
	const [link] = await linksOf(host);
	const identityId = link?.identityId ?? "";
	const account = { brandId: "brand", userId: ada?.id ?? "", email: ada?.email ?? "" };
	const row = { ...account, identityId, confirmed: false };
	const rows = [row, { ...row, identityId: "x:78" }];
	expect(await resultsOf(host, rows.slice(0, 1))).toEqual(["already-linked"]);

	await host.plugin.purgeLinks("brand");
	expect(await resultsOf(host, rows, true)).toEqual(["would-link", "would-link"]);
	expect(await resultsOf(host, rows)).toEqual(["linked", "linked"]);

	expect(await resultsOf(host, rows)).toEqual(["already-linked", "already-linked"]);
	expect(await logIn(host)).toMatchObject({ kind: "signed-in", userId: ada?.id });
	expect(host.users.all()).toHaveLength(1);
});

test("an unproven account gets no second link once a stranger's X account opens it", async () => {
	const { host } = await openHouse();
	await logIn(host);
	const [stranger] = host.users.all();
	const userId = stranger?.id ?? "";
	const row = { brandId: "brand", email: stranger?.email ?? "", userId, confirmed: false };

	expect(await resultsOf(host, [{ ...row, identityId: "77" }])).toEqual(["other-way-in"]);
	expect(await host.plugin.listLinkedAccounts(userId)).toHaveLength(1);
});

test("an import takes a link from a deleted user, and never from an existing one", async () => {
	const { host } = await openHouse();
	const bob = host.users.add({ brandId: "brand", email: "bob@example.com" });
	const ada = host.users.add({ brandId: "brand", email: EMAIL });
	await resultsOf(host, [{ ...ROW, email: "bob@example.com" }]);

	host.users.change(bob.id, { status: "suspended" });
	expect(await resultsOf(host, [ROW])).toEqual(["linked-elsewhere"]);
	host.users.change(bob.id, undefined);
	expect(await resultsOf(host, [ROW])).toEqual(["linked"]);

	expect(await linksOf(host)).toMatchObject([{ userId: ada.id }]);
	expect(await host.plugin.listLinkedAccounts(bob.id)).toEqual([]);
});

test("one user may have several X accounts, and one X account may open an account at each brand", async () => {
	const { host } = await openHouse({ brands: [mockBrand("brand"), mockBrand("other")] });
	const ada = host.users.add({ brandId: "brand", email: EMAIL });
	host.users.add({ brandId: "other", email: EMAIL });

	const rows = [ROW, { ...ROW, identityId: "78" }, { ...ROW, brandId: "other" }];
	expect(await resultsOf(host, rows)).toEqual(["linked", "linked", "linked"]);

	expect(await host.plugin.listLinkedAccounts(ada.id)).toHaveLength(2);
	expect(await linksOf(host, "other")).toHaveLength(1);
});

test("an X account that the file gives to two users goes to neither, and one given to a user twice is linked once", async () => {
	const { host } = await openHouse();
	host.users.add({ brandId: "brand", email: EMAIL });
	host.users.add({ brandId: "brand", email: "bob@example.com" });
	const rows = [
		ROW,
		{ ...ROW, identityId: "x:77", email: "bob@example.com" },
		{ ...ROW, identityId: "78" },
		{ ...ROW, identityId: "78" },
	];
	const refused = ["contradiction", "contradiction"];

	expect(await resultsOf(host, rows, true)).toEqual([...refused, "would-link", "already-linked"]);
	expect(await resultsOf(host, rows)).toEqual([...refused, "linked", "already-linked"]);
	expect(await resultsOf(host, rows)).toEqual([...refused, "already-linked", "already-linked"]);
});

test("one id that looks rounded is linked with a warning, several are refused, and a prefix avoids both", async () => {
	const { host } = await openHouse();
	host.users.add({ brandId: "brand", email: EMAIL });
	const one = { ...ROW, identityId: "1234567890123450000" };
	const other = { ...ROW, identityId: "123456789012345000" };
	const plain = { ...ROW, identityId: "1234567890123456789" };

	expect(await resultsOf(host, [one, one, plain], true)).toEqual([
		"would-link-zeros",
		"already-linked",
		"would-link",
	]);
	for (const dryRun of [true, false]) {
		expect(await resultsOf(host, [one, other], dryRun)).toEqual(["rounded", "rounded"]);
	}
	expect(await linksOf(host)).toEqual([]);
	expect(await resultsOf(host, [one, plain])).toEqual(["linked-zeros", "linked"]);
	expect(await resultsOf(host, [one, other])).toEqual(["already-linked", "rounded"]);
	expect(await resultsOf(host, [{ ...other, identityId: `x:${other.identityId}` }])).toEqual([
		"linked",
	]);
	expect(await host.plugin.importLinks([one], { dryRun: true })).toMatchObject([
		{ state: "already-linked" },
	]);
});

test("ids that a program has read as numbers are refused, and link with a prefix", async () => {
	const { host } = await openHouse();
	host.users.add({ brandId: "brand", email: EMAIL });
	const ids = ["1734567890123456789", "1534567890123456701"];
	const rounded = ids.map((id) => ({ ...ROW, identityId: String(Number(id)) }));

	for (const dryRun of [true, false]) {
		expect(await resultsOf(host, rounded, dryRun)).toEqual(["rounded", "rounded"]);
	}
	expect(await linksOf(host)).toEqual([]);
	const real = rounded.map((row) => ({ ...row, identityId: `x:${row.identityId}` }));
	expect(await resultsOf(host, real)).toEqual(["linked", "linked"]);
});

test("a dry run of every result leaves the storage byte for byte as it was", async () => {
	const { host } = await openHouse();
	const ada = host.users.add({ brandId: "brand", email: EMAIL });
	await resultsOf(host, [ROW]);
	host.users.add({ brandId: "brand", email: "bob@example.com" });
	const before = await everythingStored(host);

	const results = await resultsOf(
		host,
		[ROW, { ...ROW, email: "bob@example.com" }, { ...ROW, identityId: "78" }],
		true,
	);

	expect(results).toEqual(["already-linked", "linked-elsewhere", "would-link"]);
	expect(await everythingStored(host)).toBe(before);
	expect(host.events.filter(({ name }) => name === "links.imported")).toHaveLength(1);
	expect(JSON.stringify(host.events)).not.toContain(EMAIL);
	expect(JSON.stringify(host.events)).not.toContain(ada.id);
});

test.each([1, 2, 3])(
	"an import that crashes at write %i is finished by running it again",
	async (failing) => {
		const clock = new MockClock();
		let writes = 0;
		const storage = watched(new MemoryStorage(clock), () => {
			writes += 1;
			if (writes === failing) {
				throw new Error("the process is gone");
			}
		});
		const { host } = await openHouse({ clock, storage });
		const rows = ["1", "2", "3"].map((identityId) => {
			host.users.add({ brandId: "brand", email: `${identityId}@example.com` });
			return { ...ROW, identityId, email: `${identityId}@example.com` };
		});

		await expect(resultsOf(host, rows)).rejects.toThrow("the process is gone");
		const again = await resultsOf(host, rows);

		expect(again).toEqual(
			rows.map((_, index) => (index + 1 < failing ? "already-linked" : "linked")),
		);
		expect(await linksOf(host)).toHaveLength(3);
	},
);

test("a sign-up with the same X account during an import creates no second link", async () => {
	const clock = new MockClock();
	let during: (() => Promise<void>) | undefined;
	const storage = watched(new MemoryStorage(clock), async (write) => {
		if (write.sets?.some(({ key }) => key.includes("link"))) {
			const now = during;
			during = undefined;
			await now?.();
		}
	});
	const { host } = await openHouse({ clock, storage });
	const bob = host.users.add({ brandId: "brand", email: "bob@example.com" });
	const row = { brandId: "brand", identityId: ADA.id, email: "bob@example.com" };
	// The import comes before the sign-up has reserved the identity, so the sign-up gives way.
	during = async () => {
		expect(await resultsOf(host, [row])).toEqual(["linked"]);
	};
	expect(await logIn(host)).toMatchObject({ kind: "signed-in", userId: bob.id });
	expect(host.users.all()).toHaveLength(1);

	// The sign-up has reserved the identity, so the import gives way.
	await host.plugin.onUserDeleted(bob.id);
	const browser = host.newBrowser();
	const toX = await browser.pressButton();
	const callback = await approveAtX(toX.kind === "redirect" ? toX.location : "");
	let claims = 0;
	during = async () => {
		during = async () => {
			claims += 1;
			expect(await resultsOf(host, [row], true)).toEqual(["signing-up"]);
			expect(await resultsOf(host, [row])).toEqual(["signing-up"]);
		};
	};
	expect(await browser.openCallback(callback)).toMatchObject({ kind: "signed-up" });
	expect(claims).toBe(1);
	expect(await resultsOf(host, [row])).toEqual(["linked-elsewhere"]);
	expect(host.users.all()).toHaveLength(2);
	expect(await linksOf(host)).toHaveLength(1);
});

test("a sign-up left by a crash reserves the X account for ten minutes and no longer", async () => {
	const clock = new MockClock();
	let writes = 0;
	const storage = watched(new MemoryStorage(clock), (write) => {
		if (write.sets?.some(({ key }) => key.includes("link"))) {
			writes += 1;
			if (writes === 2) {
				throw new Error("the process is gone");
			}
		}
	});
	const { host } = await openHouse({ clock, storage });
	host.users.add({ brandId: "brand", email: "bob@example.com" });
	const row = { brandId: "brand", identityId: ADA.id, email: "bob@example.com" };
	await logIn(host);

	expect(await resultsOf(host, [row])).toEqual(["signing-up"]);
	clock.advance(10 * 60_000);
	expect(await resultsOf(host, [row])).toEqual(["linked"]);
});

test.each(["claimed", "deleted"] as const)(
	"an account that is %s while its row is imported gets no link",
	async (what) => {
		const clock = new MockClock();
		let during: (() => Promise<void>) | undefined;
		const storage = watched(new MemoryStorage(clock), async () => {
			const now = during;
			during = undefined;
			await now?.();
		});
		const { host } = await openHouse({ clock, storage });
		const ada = host.users.add({ brandId: "brand", email: EMAIL });
		during = async () => {
			if (what === "claimed") {
				host.users.change(ada.id, { confirmed: false });
				await host.plugin.onUserClaimed(ada.id);
			} else {
				host.users.change(ada.id, undefined);
				await host.plugin.onUserDeleted(ada.id);
			}
		};

		expect(await resultsOf(host, [ROW])).toEqual([what === "claimed" ? "unproven" : "no-user"]);

		expect(await host.plugin.listLinkedAccounts(ada.id)).toEqual([]);
		expect(await linksOf(host)).toEqual([]);
	},
);

test("one helpdesk imports what another exports page by page: the same links, with handle and date", async () => {
	const { host: old } = await openHouse();
	const { host: young } = await openHouse({ clock: new MockClock(old.clock.now() + 1e9) });
	const rows: LinkRow[] = [];
	for (let each = 1; each <= 250; each += 1) {
		const email = `${each}@example.com`;
		old.users.add({ brandId: "brand", email });
		young.users.add({ brandId: "brand", email });
		const linkedAt = old.clock.now() - each * 1000;
		rows.push({ ...ROW, identityId: String(each), email, handle: `h${each}`, linkedAt });
	}
	await resultsOf(old, rows);

	const pages = [];
	let cursor: string | undefined;
	do {
		const page = await old.plugin.exportLinks("brand", cursor);
		pages.push(page.links);
		cursor = page.cursor;
	} while (cursor !== undefined);
	const exported = pages.flat();
	expect(pages.length).toBeGreaterThan(1);
	expect(exported).toHaveLength(250);
	await resultsOf(
		young,
		exported.map(({ userId, ...link }) => ({
			...link,
			brandId: "brand",
			email: `${userId.replace("user-", "")}@example.com`,
		})),
	);

	expect(await valuesStored(young)).toEqual(await valuesStored(old));
});

test("a link without a handle shows its id, even in the letter about its end", async () => {
	const { host } = await openHouse();
	const ada = host.users.add({ brandId: "brand", email: EMAIL, hasOtherWayIn: true });
	await resultsOf(host, [{ ...ROW, handle: "no handle!" }]);

	expect(await host.plugin.listLinkedAccounts(ada.id)).toMatchObject([{ label: "x:77" }]);
	await host.plugin.unlinkAccount(ada.id, "x:77");

	expect(host.mail.lastTo(EMAIL).text).toContain("The X account x:77 no longer");
});

test.each([
	["an_early_long_handle", "@an_early_long_handle"],
	["@sixteen_letters_", "@sixteen_letters_"],
	["\u200e@ada\u200b ", "@ada"],
	["a".repeat(21), "x:77"],
	["<b>ada</b>", "x:77"],
])("an imported handle is only a label: %j is shown as %s", async (handle, label) => {
	const { host } = await openHouse();
	const ada = host.users.add({ brandId: "brand", email: EMAIL });

	expect(await resultsOf(host, [{ ...ROW, handle }])).toEqual(["linked"]);
	expect(await host.plugin.listLinkedAccounts(ada.id)).toMatchObject([{ label }]);
});

test("10,000 rows take a few reads and one write each, and let other requests run in between", async () => {
	const clock = new MockClock();
	let operations = 0;
	const inner = new MemoryStorage(clock);
	const storage: HostStorage = {
		...watched(inner, () => {
			operations += 1;
		}),
		get: (key) => {
			operations += 1;
			return inner.get(key);
		},
	};
	const { host } = await openHouse({ clock, storage });
	// The host finds these users at once, so that only the import is counted.
	const { users } = host;
	users.ownerOf = async (_, email) => ({
		kind: "user",
		id: email.split("@")[0] ?? "",
		confirmed: true,
		unclaimed: false,
		suspended: false,
	});
	const anybody = users.add({ brandId: "brand", email: EMAIL });
	users.find = async (id) => ({ ...anybody, id });
	const rows = Array.from({ length: 10_000 }, (_, each) => ({
		...ROW,
		identityId: String(each + 1),
		email: `u${each}@example.com`,
	}));
	let turns = 0;
	let running = true;
	const others = (): void => {
		turns += 1;
		if (running) {
			setImmediate(others);
		}
	};
	others();

	const results = await resultsOf(host, rows);
	running = false;

	expect(new Set(results)).toEqual(new Set(["linked"]));
	expect(operations).toBeLessThanOrEqual(4 * rows.length);
	expect(turns).toBeGreaterThan(100);
});

test("an import under way restores no link once all links of the brand are deleted", async () => {
	const clock = new MockClock();
	let purge: () => Promise<unknown> = async () => {};
	let links = 0;
	const storage = watched(new MemoryStorage(clock), async ({ sets = [] }) => {
		if (sets.some(({ key }) => key.includes("link"))) {
			links += 1;
			if (links === 3) {
				await purge();
			}
		}
	});
	const { host } = await openHouse({ clock, storage });
	purge = () => host.plugin.purgeLinks("brand");
	const rows = ["1", "2", "3", "4", "5"].map((identityId) => {
		const email = `person${identityId}@example.com`;
		host.users.add({ brandId: "brand", email });
		return { brandId: "brand", identityId, email };
	});

	const before = ["linked", "linked", "purged", "purged", "purged"];
	expect(await resultsOf(host, rows)).toEqual(before);
	expect(await linksOf(host)).toEqual([]);
	expect(await resultsOf(host, rows)).toEqual(rows.map(() => "linked"));
});
