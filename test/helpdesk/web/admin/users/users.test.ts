import { expect, test } from "vitest";
import type { StorageKey } from "../../../../../src/contract/storage.ts";
import { addressKey } from "../../../../../src/helpdesk/mail/email-key.ts";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { MemoryStorage } from "../../../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../../../src/testing/mock-host/mock-clock.ts";
import { tinyZip } from "../../../../kit/artifact/plugin-versions.ts";
import { install } from "../../../../kit/helpdesk/install-add-on.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const USERS = "/admin/users";
const [ONE, OTHER] = ["ada@bücher.example", "ada@xn--bcher-kva.example"];

/** Counts what the storage is asked for, and by a tiny add-on about whom. */
class CountingStorage extends MemoryStorage {
	operations = 0;
	asked = new Set<string>();

	override get(key: StorageKey) {
		this.operations += 1;
		if (key.at(-2) === "asked") {
			this.asked.add(String(key.at(-1)));
		}
		return super.get(key);
	}

	override list(...given: Parameters<MemoryStorage["list"]>) {
		this.operations += 1;
		return super.list(...given);
	}
}

interface OpenUsers extends OpenHelpdesk {
	readonly storage: CountingStorage;
	/** The path of the page that the operator sees next. */
	next(): string | undefined;
}

async function openUsers(): Promise<OpenUsers> {
	const clock = new MockClock();
	const storage = new CountingStorage(clock);
	const open = await openHelpdesk({ storage, clock });
	const next = () => /href="([^"]+)">Next</.exec(open.operator.seen.html)?.[1];
	return { ...open, storage, next };
}

async function plant(
	storage: MemoryStorage,
	people: readonly { readonly id: string; readonly email: string; readonly brandId?: string }[],
): Promise<void> {
	const traits = { password: null, phone: null, confirmed: true, unclaimed: false };
	const rest = { ...traits, status: "active", sessionEpoch: 0, createdFor: null, locale: "en" };
	await storage.commit({
		sets: people.flatMap(({ id, email, brandId = "acorn" }) => [
			{
				key: [...NAMESPACES.accounts, "account", id],
				value: { ...rest, brandId, name: `Name of ${id}`, email },
			},
			{ key: [...NAMESPACES.accounts, "email", brandId, addressKey(email)], value: id },
		]),
	});
}

function crowd(count: number) {
	return Array.from({ length: count }, (_, index) => {
		const id = `user-${String(index).padStart(4, "0")}`;
		return { id, email: `${id}@example.com` };
	});
}

function shown({ operator }: OpenHelpdesk): string[] {
	return [...operator.seen.html.matchAll(/users\/([\w-]+)\/export/g)].map(([, id]) => id ?? "");
}

async function merge(open: OpenHelpdesk, id: string, into: string) {
	await open.operator.open(`${open.portal}${USERS}`);
	return open.operator.submit(`${USERS}/${id}/merge`, { into });
}

test.each([300, 1000])(
	"the page of %i users is as small and asks as little as one of a hundred",
	async (count) => {
		const open = await openUsers();
		const { operator, portal, storage } = open;
		const listLinkedAccounts = 'await host.storage.get(["asked", given]); return [];';
		await install(operator, portal, tinyZip({ listLinkedAccounts }));
		const everybody = crowd(count);
		const costs = async () => {
			storage.operations = 0;
			storage.asked.clear();
			const { html, status } = await operator.open(`${portal}${USERS}`);
			expect(status).toBe(200);
			return { asked: storage.asked.size, operations: storage.operations, bytes: html.length };
		};
		await plant(storage, everybody.slice(0, 100));
		const hundred = await costs();
		expect(hundred.asked).toBe(100);
		expect(open.next()).toBeUndefined();

		await plant(storage, everybody.slice(100));

		const { asked, operations, bytes } = await costs();
		expect({ asked, operations }).toEqual({ asked: 100, operations: hundred.operations });
		expect(bytes).toBeLessThan(300_000);
		expect([...storage.asked].sort()).toEqual(shown(open).sort());
	},
);

test("the pages list every user once, and the first one can be reached from each", async () => {
	const open = await openUsers();
	const { operator, portal, storage } = open;
	await plant(storage, crowd(250));

	const pages: string[][] = [];
	for (let path: string | undefined = USERS; path !== undefined; path = open.next()) {
		await operator.open(`${portal}${path}`);
		pages.push(shown(open));
		expect(operator.seen.html.includes(`<a href="${USERS}">First</a>`)).toBe(path !== USERS);
	}

	expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
	expect(pages.flat().sort()).toEqual(crowd(250).map(({ id }) => id));
});

test("a form shows the page that it was on, and a cursor that is none shows the first page", async () => {
	const open = await openUsers();
	const { operator, portal, storage } = open;
	await plant(storage, crowd(150));
	await operator.open(`${portal}${USERS}`);
	const second = open.next() ?? "";
	await operator.open(`${portal}${second}`);
	const [, query = ""] = second.split("?");

	await operator.submit(`${USERS}/user-0120/suspended?${query}`);

	expect(operator.seen.html).toContain("The user is suspended and logged out everywhere.");
	expect(shown(open)).toHaveLength(50);
	await operator.submit(`${USERS}/user-0120/merge?${query}`, { into: "nobody" });
	expect([operator.seen.status, shown(open).length]).toEqual([400, 50]);
	await operator.submit(`${USERS}/user-0120/merge?${query}`, { into: "user-0000@example.com" });
	expect(operator.seen.html).toContain("The users are merged.");
	expect(shown(open)).toHaveLength(49);
	for (const cursor of ["", "x", "accounts/email/acorn/", "accounts/account/"]) {
		await operator.open(`${portal}${USERS}?after=${encodeURIComponent(cursor)}`);
		expect([operator.seen.status, shown(open).length]).toEqual([200, 100]);
		expect(shown(open)).toContain("user-0000");
	}
});

test.each([
	["an address", "bob@example.com"],
	["an address as it was pasted", "\u00a0BOB@EXAMPLE.com "],
	["an id", "bob"],
])("a user is merged into the one with %s", async (_, into) => {
	const open = await openUsers();
	const [ada, bob] = ["ada", "bob"].map((id) => ({ id, email: `${id}@example.com` }));
	await plant(
		open.storage,
		[ada, bob].flatMap((each) => each ?? []),
	);

	const { html } = await merge(open, "ada", into);

	expect(html).toContain("The users are merged.");
	expect(shown(open)).toEqual(["bob"]);
});

test("a merge into nobody, into the same user, into one of another brand, and into two, says why and deletes nobody", async () => {
	const open = await openUsers();
	const people = [
		...[ONE, OTHER].map((email = "", index) => ({ id: `old-${index}`, email })),
		...["ada", "bob"].map((id) => ({ id, email: `${id}@example.com` })),
		{ id: "eve", email: "eve@example.com", brandId: "harbor" },
	];
	await plant(open.storage, people);
	const nobody = "Nobody was merged. Acorn Outdoor has no user with the e-mail address or id";

	for (const [into, problem] of [
		[" ", "Nobody was merged. Enter the e-mail address or the id of the user that stays."],
		["<b>", `${nobody} &lt;b&gt;.`],
		["eve@example.com", `${nobody} eve@example.com.`],
		["eve", `${nobody} eve.`],
		["ada@example.com", "ada@example.com is the user that would be deleted. Enter another user"],
		["ada", "ada is the user that would be deleted. Enter another user"],
		[OTHER, `Several users have the address ${OTHER}. Enter one of their ids: old-1, old-0.`],
	]) {
		expect(await merge(open, "ada", into ?? "")).toMatchObject({ status: 400 });
		expect(open.operator.seen.html).toContain(problem);
		expect(shown(open).sort()).toEqual(people.map(({ id }) => id).sort());
	}
	await merge(open, "old-0", OTHER ?? "");
	expect(open.operator.seen.html).toContain("The users are merged.");
	expect(shown(open)).not.toContain("old-0");
});
