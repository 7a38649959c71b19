// A file of links that a host of contract 1.2 imports in parts.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkRow } from "../../src/contract/link-transfer.ts";
import { mockBrand } from "../../src/testing/mock-host/mock-host.ts";
import { openHouse } from "../kit/plugin/open-house.ts";

const ada: LinkRow = { brandId: "brand", identityId: "77", email: "ada@example.com" };
const bob: LinkRow = { ...ada, email: "bob@example.com" };

async function openWithPeople() {
	const { host } = await openHouse({ brands: [mockBrand("brand")] });
	const people = ["ada", "bob", "eve"].map((name) =>
		host.users.add({ brandId: "brand", email: `${name}@example.com` }),
	);
	return { host, people };
}

test.each([true, false])(
	"a row that another part of the file contradicts is refused in both parts; dry run: %j",
	async (dryRun) => {
		const { host } = await openWithPeople();

		const first = await host.plugin.importLinks([ada], { dryRun, others: [bob] });
		const second = await host.plugin.importLinks([bob], { dryRun, others: [ada] });

		const refused = [{ state: "refused", message: "import.contradiction" }];
		expect([first, second]).toEqual([refused, refused]);
		expect(await host.plugin.exportLinks("brand")).toEqual({ links: [] });
	},
);

test("ids that the whole file shows to be rounded are refused in a part that does not show it", async () => {
	const { host } = await openWithPeople();
	const rounded = { ...ada, identityId: "1234567890123450000" };
	const other = { ...bob, identityId: "9876543210987600000" };

	const alone = await host.plugin.importLinks([rounded], { dryRun: true });
	const inFile = await host.plugin.importLinks([rounded], { dryRun: true, others: [other] });

	expect(alone).toMatchObject([{ message: "import.would-link-zeros" }]);
	expect(inFile).toEqual([{ state: "refused", message: "import.rounded" }]);
});

test("an unproven account with two exported identities gets both, each from its part", async () => {
	const { host } = await openHouse();
	const { id } = host.users.add({ brandId: "brand", email: "ada@example.com", confirmed: false });
	const rows = ["77", "78"].map((identityId) => ({
		...ada,
		identityId,
		userId: id,
		confirmed: false,
	}));
	const [first, second] = rows as [LinkRow, LinkRow];

	await host.plugin.importLinks([first], { dryRun: false, others: [second] });
	const alone = await host.plugin.importLinks([second], { dryRun: true });
	const inFile = await host.plugin.importLinks([second], { dryRun: false, others: [first] });

	expect(alone).toEqual([{ state: "refused", message: "import.other-way-in" }]);
	expect(inFile).toEqual([{ state: "linked", message: "import.linked", userId: id }]);
});

test("a result names the user of a link that is stored, when the part is imported again too, and of no other", async () => {
	const { host, people } = await openWithPeople();
	const userId = people[0]?.id ?? "";
	const eve = { ...ada, identityId: "77", email: "eve@example.com" };

	const planned = await host.plugin.importLinks([ada], { dryRun: true });
	const linked = await host.plugin.importLinks([ada], { dryRun: false });
	const again = await host.plugin.importLinks([ada, eve], { dryRun: false });

	expect(planned).toEqual([{ state: "would-link", message: "import.would-link" }]);
	expect(linked).toEqual([{ state: "linked", message: "import.linked", userId }]);
	expect(again).toEqual([
		{ state: "already-linked", message: "import.already-linked", userId },
		{ state: "refused", message: "import.linked-elsewhere" },
	]);
});

test("a file cut at any places has the results that it has as a whole, if each part gets the other rows", async () => {
	const row = fc.record({
		identityId: fc.constantFrom("77", "78", "1234567890123450000", "9876543210987600000", "@ada"),
		email: fc.constantFrom("ada@example.com", "bob@example.com", "nobody@example.com"),
	});
	const rows = fc.uniqueArray(row, { maxLength: 6, selector: (each) => JSON.stringify(each) });
	await fc.assert(
		fc.asyncProperty(rows, fc.nat(6), async (file, cut) => {
			const whole = file.map((each) => ({ ...each, brandId: "brand" }));
			const { host } = await openWithPeople();
			const parts = [whole.slice(0, cut), whole.slice(cut)];

			const results = await host.plugin.importLinks(whole, { dryRun: true });
			const inParts = await Promise.all(
				parts.map((part, index) =>
					host.plugin.importLinks(part, { dryRun: true, others: parts[1 - index] ?? [] }),
				),
			);

			expect(inParts.flat()).toEqual(results);
		}),
		{ numRuns: 30 },
	);
});
