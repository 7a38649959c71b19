import { expect, test } from "vitest";
import { textOf } from "../../../../../src/helpdesk/files/file-text.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { X } from "../../../../kit/helpdesk/people-with-x.ts";
import { addProvenUser } from "../../../../kit/helpdesk/proven-user.ts";
import { submitUntilDone } from "../../../../kit/jobs/until-done.ts";

const LINKS = `${X}/links`;

async function openImport(emails: readonly string[]): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await setUpX(open);
	for (const email of emails) {
		await addProvenUser(open.storage, email);
	}
	await open.operator.open(`${open.portal}${LINKS}`);
	return open;
}

test("finding B10: a file of a spreadsheet is imported, and each id that it destroyed is refused with what to do", async () => {
	const names = ["ada", "bea", "cleo", "dora", "eve"];
	const { operator } = await openImport(names.map((name) => `${name}@example.com`));
	const links = [
		"sep=;",
		"X ID;E-mail",
		'="1234567890123456789";ada@example.com',
		"\ufeff2244994945\u00a0;\u200bbea@example.com\u202c",
		"1.23E+17;cleo@example.com",
		"1,23457E+18;dora@example.com",
		'="1,23E+17";eve@example.com',
	].join("\r\n");

	const { html } = await submitUntilDone(operator, LINKS, {
		links,
		brand: "acorn",
		action: "try",
	});
	expect(html).toContain("2 would be linked, 3 refused");
	const file = await operator.submit(LINKS, { links, action: "download" });

	const rows = file.html.trim().split("\r\n");
	expect(rows.slice(1).map((row) => row.split(",").slice(0, 2).join())).toEqual([
		"3,1234567890123456789",
		"4,2244994945",
		"5,1.23E+17",
		'6,"1',
		'7,"1',
	]);
	expect(rows.filter((row) => row.includes("written this id in E notation"))).toHaveLength(3);
});

test.each([
	["little end first", (text: Buffer) => text],
	["big end first", (text: Buffer) => text.swap16()],
])("finding B10: “Unicode text” of a spreadsheet, %s, is read", async (_, ordered) => {
	const text = Buffer.from("\ufeffx_id\temail\r\n1\tjörg@example.com\r\n", "utf16le");

	const bytes = new Uint8Array(ordered(text));
	const arriving = async function* () {
		// Piece by piece, also between the bytes of one character.
		for (let at = 0; at < bytes.length; at += 3) {
			yield bytes.subarray(at, at + 3);
		}
	};

	let read = "";
	for await (const piece of textOf(arriving(), "links.txt")) {
		read += piece;
	}

	expect(read).toBe("x_id\temail\r\n1\tjörg@example.com\r\n");
});
