import { randomBytes } from "node:crypto";
import { describe } from "vitest";

/** The URLs of the servers that test/with-servers.sh started, from the variables it sets. */
const VARIABLES = { PostgreSQL: "TEST_POSTGRES_URL", Redis: "TEST_REDIS_URL" } as const;

export function serverUrl(engine: keyof typeof VARIABLES): string | undefined {
	return process.env[VARIABLES[engine]];
}

/** A suite on a real server. Without a server it is reported as skipped. */
export function describeOn(
	engine: keyof typeof VARIABLES,
	name: string,
	suite: (url: string) => void,
): void {
	const url = serverUrl(engine);
	if (url === undefined) {
		const variable = VARIABLES[engine];
		describe.skip(`${name} (skipped, for ${variable} names no ${engine})`, () => suite(""));
	} else {
		describe(name, () => suite(url));
	}
}

/** The URL with a new schema or prefix, so that tests can run at the same time. */
export function apart(url: string): string {
	const apart = new URL(url);
	const own = apart.protocol === "postgres:" ? "schema" : "prefix";
	apart.searchParams.set(own, `t_${randomBytes(8).toString("hex")}`);
	return apart.href;
}
