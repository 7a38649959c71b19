// The queries of the recipes run on databases of the products' shapes, by the commands of the recipes.
import { createClient } from "@redis/client";
import { expect, onTestFinished, test } from "vitest";
import { expectTwoLinks } from "../../kit/coming-from/bring-links.ts";
import { postgresDatabase } from "../../kit/coming-from/postgres-database.ts";
import { fixture, followed, type RecipeSection, sectionOf } from "../../kit/coming-from/recipe.ts";
import { describeOn } from "../../kit/storage/test-servers.ts";

/** No other test uses this one of Redis' databases. */
const OWN_DATABASE = 7;

interface NodebbObject {
	readonly _key: string;
	readonly [field: string]: string | number;
}

async function nodebbObjects(): Promise<readonly NodebbObject[]> {
	return JSON.parse(await fixture("nodebb/objects.json"));
}

/** A section whose query names a column or a table in another way. */
function renamed({ files, commands }: RecipeSection, from: string, to: string): RecipeSection {
	return {
		files: new Map([...files].map(([name, text]) => [name, text.replaceAll(from, to)])),
		commands,
	};
}

describeOn("PostgreSQL", "a file from PostgreSQL brings the links", (server) => {
	const fileFrom = async (section: RecipeSection, ...statements: string[]): Promise<string> =>
		followed(section, {
			variables: { DATABASE_URL: await postgresDatabase(server, ...statements) },
		});

	test("of Keycloak, of one realm and of verified addresses only", async () => {
		const section = await sectionOf("keycloak", "Make the file from the database");

		const file = await fileFrom(section, await fixture("keycloak/keycloak.sql"));

		const [ada] = await expectTwoLinks(file);
		expect(ada).toMatchObject({ handle: "ada_at_x" });
	});

	test("of Keycloak, by the alias of a provider that is not its own for Twitter", async () => {
		const section = await sectionOf("keycloak", "Make the file from the database");
		const database = (await fixture("keycloak/keycloak.sql"))
			.replaceAll("'log-in-with-x', 'twitter'", "'x', 'oauth2'")
			.replaceAll("'log-in-with-x'", "'x'");

		await expectTwoLinks(
			await fileFrom(
				renamed(section, "broker.provider_id = 'twitter'", "broker.provider_alias = 'x'"),
				database,
			),
		);
	});

	test("of Auth.js, whose address came from X or from a link in a letter", async () => {
		const section = await sectionOf("auth-js", "Make the file");

		await expectTwoLinks(await fileFrom(section, await fixture("auth-js/pg.sql")));
	});

	test.each([
		["1.6", '"accountId"'],
		["1.7", '"providerAccountId"'],
	])("of better-auth %s", async (version, column) => {
		const section = await sectionOf("better-auth", "Make the file");

		const file = await fileFrom(
			renamed(section, '"accountId"', column),
			await fixture(`better-auth/${version}.sql`),
		);

		await expectTwoLinks(file);
	});

	test("of Supabase, of both of its providers, with the day of the link", async () => {
		const section = await sectionOf("supabase", "Make the file");

		const links = await expectTwoLinks(await fileFrom(section, await fixture("supabase/auth.sql")));

		expect(links).toMatchObject([
			{ handle: "ada_at_x", linked_at: "2023-05-06T07:08:09.000Z" },
			{ handle: "bea_at_x", linked_at: "2024-05-06T07:08:09.000Z" },
		]);
	});

	test("of NodeBB", async () => {
		const section = await sectionOf("nodebb", "Or make it from PostgreSQL");
		const hashes = (await nodebbObjects()).map(({ _key, ...data }) => {
			const text = JSON.stringify(data).replaceAll("'", "''");
			return `INSERT INTO "legacy_object" VALUES ('${_key}', 'hash');
INSERT INTO "legacy_hash" VALUES ('${_key}', '${text}');`;
		});

		const file = await fileFrom(section, await fixture("nodebb/legacy-hash.sql"), ...hashes);

		await expectTwoLinks(file);
	});
});

describeOn("Redis", "a file from Redis brings the links", (server) => {
	test("of NodeBB", async () => {
		const url = new URL(server);
		url.pathname = `/${OWN_DATABASE}`;
		const client = createClient({ url: url.href });
		await client.connect();
		onTestFinished(async () => {
			await client.flushDb();
			client.destroy();
		});
		for (const { _key, ...fields } of await nodebbObjects()) {
			await client.hSet(_key, fields);
		}
		const section = await sectionOf("nodebb", "Or make it from Redis");

		const variables = {
			REDIS_HOST: url.hostname,
			REDIS_PORT: url.port,
			REDIS_DATABASE: String(OWN_DATABASE),
			REDISCLI_AUTH: decodeURIComponent(url.password),
		};

		await expectTwoLinks(await followed(section, { variables }));
	});
});
