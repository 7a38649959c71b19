import Database from "libsql";

/** What a query finds in a database that some statements make: the names of the columns, then the rows. */
export function sqliteRows(statements: string, query: string): unknown[][] {
	const database = new Database(":memory:");
	try {
		database.exec(statements);
		const prepared = database.prepare(query);
		return [prepared.columns().map(({ name }) => name), ...(prepared.raw().all() as unknown[][])];
	} finally {
		database.close();
	}
}
