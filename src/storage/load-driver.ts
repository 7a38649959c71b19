import { createRequire } from "node:module";
import type * as redis from "@redis/client";
import type libsql from "libsql";
import type promised from "libsql/promise";
import type pg from "pg";

/** The packages that speak to a database. */
interface Drivers {
	readonly libsql: typeof libsql;
	readonly "libsql/promise": typeof promised;
	readonly pg: typeof pg;
	readonly "@redis/client": typeof redis;
}

/** The versions that the storages work with, as `peerDependencies` of package.json names them. */
const VERSIONS: Readonly<Record<keyof Drivers, string>> = {
	libsql: "^0.5.29",
	"libsql/promise": "^0.5.29",
	pg: "^8.23.1",
	"@redis/client": "^6.3.1",
};

const fromHere = createRequire(import.meta.url);

/**
 * Loads the package that speaks to a database. A helpdesk installs only the one that it uses.
 *
 * @throws Error with the line that installs the package, when it is missing.
 */
export function loadDriver<Name extends keyof Drivers>(name: Name): Drivers[Name] {
	try {
		fromHere.resolve(name);
	} catch (cause) {
		throw new Error(
			`this storage needs the package ${name}, which is not installed. Install it: npm install ${name}@${VERSIONS[name]}`,
			{ cause },
		);
	}
	return fromHere(name);
}
