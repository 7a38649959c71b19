// Stands in for WP-CLI's `wp db query`, which hands its input to MySQL's client: names of columns and rows, separated by
// tabs, NULL for what is not there. It reads the database from the file that WORDPRESS_SQL names.
import { readFileSync } from "node:fs";
import { sqliteRows } from "./sqlite-rows.ts";

const asked = process.argv.slice(2).join(" ");
if (asked !== "db query") {
	throw new Error(`wp ${asked} is not known here`);
}
const statements = readFileSync(process.env["WORDPRESS_SQL"] ?? "", "utf8");
for (const row of sqliteRows(statements, readFileSync(0, "utf8"))) {
	console.log(row.map((cell) => cell ?? "NULL").join("\t"));
}
