// The queries of the recipes that people may run on SQLite, and WordPress' query, which has nothing that only MySQL knows.
import { stringify } from "csv-stringify/sync";
import { expect, test } from "vitest";
import { expectTwoLinks } from "../../kit/coming-from/bring-links.ts";
import {
	FIXTURES,
	fixture,
	followed,
	recipeText,
	sectionOf,
} from "../../kit/coming-from/recipe.ts";
import { sqliteRows } from "../../kit/coming-from/sqlite-rows.ts";

const STAND_IN = new URL("../../kit/coming-from/wp.ts", import.meta.url);

async function queryOf(product: string): Promise<string> {
	return (await sectionOf(product, "Make the file")).files.get("links.sql") ?? "";
}

async function wordpressFile(left = ""): Promise<string> {
	const section = await sectionOf("wordpress", "Make the file");
	return followed(
		{
			...section,
			files: new Map([...section.files].map(([name, text]) => [name, text.replace(left, "")])),
		},
		{
			variables: { WORDPRESS_SQL: new URL("wordpress/wordpress.sql", FIXTURES).pathname },
			standIns: { wp: STAND_IN },
		},
	);
}

test("a file from Auth.js with the tables of Prisma brings the links", async () => {
	const recipe = await recipeText("auth-js");
	const [, accounts = "", users = ""] = /\| Prisma +\| `(.*?)` +\| `(.*?)` +\|/.exec(recipe) ?? [];
	const query = (await queryOf("auth-js"))
		.replaceAll(/\baccounts\b/g, accounts)
		.replaceAll(/\busers\b/g, users);

	const rows = sqliteRows(await fixture("auth-js/prisma.sql"), query);

	await expectTwoLinks(stringify(rows));
});

test("a file from better-auth on SQLite brings the links", async () => {
	const rows = sqliteRows(await fixture("better-auth/1.6.sql"), await queryOf("better-auth"));

	await expectTwoLinks(stringify(rows));
});

test("a file from WordPress brings the links of people who had an account before they connected X", async () => {
	const file = await wordpressFile();

	expect(file.split("\n")[0]).toBe("x_id\temail\tlinked_at");
	const [ada] = await expectTwoLinks(file);
	expect(ada).toMatchObject({ linked_at: "2024-06-28T15:15:58.000Z" });
});

test("the line that the recipe of WordPress names lets in people who signed up with X", async () => {
	const line = "AND link.register_date IS NULL";
	expect((await recipeText("wordpress")).split("## Users who signed up with X")[1]).toContain(line);

	expect(await wordpressFile(line)).toContain("x:666\tvic@example.com");
});
