// Exports and answers of the products' shapes go through the commands of the recipes.
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { expectTwoLinks } from "../../kit/coming-from/bring-links.ts";
import { startFakeSupportPal } from "../../kit/coming-from/fake-supportpal.ts";
import {
	describeWith,
	FIXTURES,
	fixture,
	followed,
	sectionOf,
} from "../../kit/coming-from/recipe.ts";

const MONGOSH = new URL("../../kit/coming-from/mongosh.ts", import.meta.url);

async function auth0File(users: string): Promise<string> {
	const section = await sectionOf("auth0", "Make the file");
	return followed(section, { given: { "users.json.gz": gzipSync(users) } });
}

test("the script for the shell of MongoDB brings the links of NodeBB", async () => {
	const section = await sectionOf("nodebb", "Make the file from MongoDB");

	const file = await followed(section, {
		variables: {
			DATABASE_URL: "mongodb://127.0.0.1/nodebb",
			NODEBB_OBJECTS: new URL("nodebb/objects.json", FIXTURES).pathname,
		},
		standIns: { mongosh: MONGOSH },
	});

	await expectTwoLinks(file);
});

describeWith(["curl", "jq"], "a file that jq writes", () => {
	test("from the export of a realm of Keycloak's brings the links", async () => {
		const section = await sectionOf("keycloak", "Or make it from an export");

		const file = await followed(section, {
			given: { "realm.json": await fixture("keycloak/realm.json") },
		});

		const [, bea] = await expectTwoLinks(file);
		expect(bea).toMatchObject({ handle: "bea_at_x" });
	});

	test("from the export of Auth0's users brings the links, also those of a second identity", async () => {
		const links = await expectTwoLinks(await auth0File(await fixture("auth0/users.ndjson")));

		expect(links).toMatchObject([{ handle: "ada_at_x" }, { handle: "bea_at_x" }]);
	});

	test("from Auth0 has ids without its prefix, and is not made from ids that are numbers", async () => {
		const users = await fixture("auth0/users.ndjson");

		expect(await auth0File(users.replace('"2244994945"', '"twitter|2244994945"'))).toContain(
			'"x:2244994945","ada@example.com"',
		);
		// jq 1.6 would write 1734567890123456800.
		await expect(
			auth0File(users.replace('"1734567890123456789"', "1734567890123456789")),
		).rejects.toThrow("cannot be added");
	});

	test("from the REST API of SupportPal brings the links, page by page", async () => {
		const { url, token } = await startFakeSupportPal();
		const section = await sectionOf("supportpal", "Make the file");

		const file = await followed(section, {
			variables: { SUPPORTPAL_URL: url, SUPPORTPAL_TOKEN: token },
		});

		const [ada] = await expectTwoLinks(file);
		expect(ada).toMatchObject({ handle: "ada_at_x" });
	});

	test("from SupportPal is not made with a token that it refuses", async () => {
		const { url } = await startFakeSupportPal();
		const section = await sectionOf("supportpal", "Make the file");

		await expect(
			followed(section, { variables: { SUPPORTPAL_URL: url, SUPPORTPAL_TOKEN: "wrong" } }),
		).rejects.toThrow("401");
	});
});
