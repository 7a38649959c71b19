// Stands in for `mongosh --quiet URL FILE`: runs the file with the documents of the file that NODEBB_OBJECTS names.
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

type Document = Readonly<Record<string, unknown>>;

const [quiet, url = "", file = ""] = process.argv.slice(2);
if (quiet !== "--quiet" || !url.startsWith("mongodb://")) {
	throw new Error(`mongosh ${process.argv.slice(2).join(" ")} is not known here`);
}
const objects: readonly Document[] = JSON.parse(
	readFileSync(process.env["NODEBB_OBJECTS"] ?? "", "utf8"),
);
const findOne = (filter: Document): Document | null => {
	const found = objects.find((each) =>
		Object.entries(filter).every(([name, value]) => each[name] === value),
	);
	return found === undefined ? null : { _id: "made-up", ...found };
};
runInNewContext(readFileSync(file, "utf8"), { db: { objects: { findOne } }, print: console.log });
