import { parse } from "csv-parse/sync";
import { expect } from "vitest";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../helpdesk/open-helpdesk.ts";
import { throughX, X } from "../helpdesk/people-with-x.ts";
import { addProvenUser } from "../helpdesk/proven-user.ts";
import { submitUntilDone } from "../jobs/until-done.ts";

const LINKS = `${X}/links`;
/** The people of test/fixtures/coming-from who have proven their address at the helpdesk. */
const PROVEN = ["ada@example.com", "bea@example.com", "vic@example.com"];
/** X gives no address of hers, so only the link can lead to her account. */
const ADA = { id: "2244994945", screenName: "ada_at_x", name: "Ada", email: "" };
const MALLORY = { id: "666", screenName: "mallory", name: "Mallory", email: "" };

type Row = Readonly<Record<string, string>>;

/**
 * Imports a file over HTTP, as a recipe says: try it, compare, import, try it again.
 *
 * @returns the links that the helpdesk has afterwards.
 */
async function imported(open: OpenHelpdesk, file: string): Promise<readonly Row[]> {
	const { operator, portal } = open;
	const press = async (action: string): Promise<string> => {
		await operator.open(`${portal}${LINKS}`);
		return (await submitUntilDone(operator, LINKS, { links: file, brand: "acorn", action })).html;
	};
	expect(await press("try")).toContain("2 would be linked, 1 refused. Nothing has changed yet.");
	expect(await press("try")).toContain("Nobody here has this address or id.");
	expect(await press("import")).toContain("2 linked, 1 refused.");
	expect(await press("try")).toContain("0 would be linked, 1 refused, 2 already linked.");
	const exported = await operator.request(`${portal}${LINKS}.csv`);
	return parse(await exported.text(), { columns: true });
}

/**
 * Expects that a file brings the links of Ada and Bea and nobody else's, and that Ada logs in with X to her account
 * afterwards. See test/fixtures/coming-from.
 *
 * @returns the two links, Ada's first.
 */
export async function expectTwoLinks(file: string): Promise<readonly Row[]> {
	const rows = file.trim().split("\n").slice(1);
	expect(rows).toHaveLength(3);
	const open = await openHelpdesk({}, [ADA, MALLORY]);
	await setUpX(open);
	for (const email of PROVEN) {
		await addProvenUser(open.storage, email);
	}

	const links = [...(await imported(open, file))].sort((a, b) =>
		String(a["email"]).localeCompare(String(b["email"])),
	);

	expect(links.map(({ x_id, email }) => [x_id, email])).toEqual([
		["x:2244994945", "ada@example.com"],
		["x:1734567890123456789", "bea@example.com"],
	]);
	const ada = await throughX(open, ADA.id, "/account");
	expect(ada.html).toContain("ada@example.com");
	const mallory = await throughX(open, MALLORY.id, "/account");
	expect(mallory.html).not.toContain("vic@example.com");
	return links;
}
