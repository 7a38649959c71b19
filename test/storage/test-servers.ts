import { randomBytes } from "node:crypto";
import { describe } from "vitest";

/** Where test/with-servers.sh has the servers. */
const POSTGRES_URL = process.env["TEST_POSTGRES_URL"];
const REDIS_URL = process.env["TEST_REDIS_URL"];

/** A suite on a real server; skipped by name where there is none. */
export function describeOn(
	engine: "PostgreSQL" | "Redis",
	name: string,
	suite: (url: string) => void,
): void {
	const url = engine === "PostgreSQL" ? POSTGRES_URL : REDIS_URL;
	if (url === undefined) {
		const variable = engine === "PostgreSQL" ? "TEST_POSTGRES_URL" : "TEST_REDIS_URL";
		describe.skip(`${name} (skipped, for ${variable} names no ${engine})`, () => suite(""));
	} else {
		describe(name, () => suite(url));
	}
}

/** The URL with a schema or prefix of its own, so that tests run beside each other. */
export function apart(url: string): string {
	const apart = new URL(url);
	const own = apart.protocol === "postgres:" ? "schema" : "prefix";
	apart.searchParams.set(own, `t_${randomBytes(8).toString("hex")}`);
	return apart.href;
}
