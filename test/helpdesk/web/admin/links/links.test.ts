import { expect, test } from "vitest";
import { loadPlugin } from "../../../../../src/artifact/load/load-plugin.ts";
import { packArchive } from "../../../../../src/artifact/zip/pack-archive.ts";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { fieldsOf } from "../../../../../src/storage/stored-value.ts";
import { formsIn, hiddenFields } from "../../../../../src/testing/forms-in.ts";
import { tinyPlugin } from "../../../../kit/artifact/tiny-plugin.ts";
import { HttpVisitor, type Seen } from "../../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { openWithPeople, press, throughX, X } from "../../../../kit/helpdesk/people-with-x.ts";
import { addProvenUser } from "../../../../kit/helpdesk/proven-user.ts";
import { exchange, headOf } from "../../../../kit/helpdesk/raw-http.ts";
import { mailboxOf, registerByLetter } from "../../../../kit/helpdesk/register-by-letter.ts";
import { submitUntilDone, untilDone } from "../../../../kit/jobs/until-done.ts";
import { allEntries } from "../../../../kit/storage/all-entries.ts";

const LINKS = "/admin/settings/general/integrations/x-login/links";
const INTEGRATIONS = "/admin/settings/general/integrations";

interface Sent {
	readonly links?: string;
	readonly file?: Blob;
	readonly brand?: string;
	readonly action?: string;
	readonly csrf?: string;
	readonly kept?: string;
	readonly add?: string;
	readonly parts?: string;
}

async function send(
	{ portal, operator }: Pick<OpenHelpdesk, "portal" | "operator">,
	{
		links = "",
		file = new Blob([]),
		brand = "acorn",
		action = "try",
		kept = "",
		add = "",
		parts,
		csrf,
	}: Sent,
): Promise<Seen> {
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html) ?? [];
	const body = new FormData();
	for (const [name, value] of Object.entries({
		_csrf: csrf ?? proof,
		links,
		brand,
		action,
		kept,
		add,
		...(parts !== undefined && { parts }),
	})) {
		body.append(name, value);
	}
	body.append("file", file, "links.csv");
	await operator.open(`${portal}${LINKS}`, { method: "POST", body });
	return untilDone(operator);
}

/** A helpdesk with X set up, with the import open in the operator's browser. */
async function openImport(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	await setUpX(open);
	await open.operator.open(`${open.portal}${LINKS}`);
	return open;
}

/** Adds a user with a proven address. */
function addUser({ storage }: OpenHelpdesk, email: string, brandId = "acorn"): Promise<void> {
	return addProvenUser(storage, email, brandId);
}

function carriedText(html: string): string {
	const [, text = ""] = /<textarea[^>]*>\n([^<]*)<\/textarea>/.exec(html) ?? [];
	return text.replaceAll("\r\n", "\n").replaceAll("&quot;", '"');
}

/** A refusal stands at the field that it is about, and a link above the form leads there. */
function expectRefusedField(html: string, field: string): void {
	const [, described = ""] =
		new RegExp(`id="${field}"[^>]* aria-describedby="([^"]+)" aria-invalid="true"`).exec(html) ??
		[];
	expect(described.split(" ")).toContain(`${field}-problem`);
	expect(html).toContain(`id="${field}-problem"`);
	expect(html).toContain(`<a href="#${field}">`);
}

function keptIn(html: string): string {
	const [, kept = ""] = /name="kept" value="([^"]*)"/.exec(html) ?? [];
	return kept;
}

function hrefOf(html: string, label: string): string {
	const [, href = ""] = new RegExp(`href="([^"]*)">${label}<`).exec(html) ?? [];
	return href;
}

/** What the form around the button that imports sends. */
function importOf(html: string): Sent {
	const form = formsIn(html).find(({ controls }) =>
		controls.some(({ name, values }) => name === "action" && values.includes("import")),
	);
	return form === undefined ? {} : Object.fromEntries(hiddenFields(form));
}

async function exportLinks(open: OpenHelpdesk, query = ""): Promise<Response> {
	return open.operator.request(`${open.portal}${LINKS}.csv${query}`);
}

test("a list is tried, then imported without pasting it again, and the counts come first", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const links = "x_id,email\n1,ada@example.com\n@bob,bob@example.com\n";

	const tried = await send(open, { links });
	expect(tried.html).toContain("1 would be linked, 1 refused. Nothing has changed yet.");
	expect(tried.html).toContain("This is a handle, not an id");
	expect(tried.html).toContain("Import 1 link");
	expect(await (await exportLinks(open)).text()).not.toContain("ada@example.com");
	const imported = await send(open, { ...importOf(tried.html), action: "import" });
	expect(imported.html).toContain("1 linked, 1 refused.");
	expect((await send(open, { links, action: "import" })).html).toContain(
		"0 linked, 1 refused, 1 already linked.",
	);

	const users = (await open.operator.open(`${open.portal}/admin/users`)).html;
	expect(users).toContain("X x:1");
	expect(open.log.join()).toContain("links.imported");
	expect(open.log.join()).not.toContain("ada@example.com");
});

test("the button beside the results imports the list that was tried, whatever else the form had", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	await addUser(open, "bea@example.com");
	const file = new Blob(["x_id,email\n1,ada@example.com"]);

	const tried = await send(open, { file, links: "x_id,email\n2,bea@example.com" });
	expect(tried.html).toContain("1 would be linked.");
	expect(carriedText(tried.html)).toBe("");
	await send(open, { ...importOf(tried.html), action: "import" });
	const kept = keptIn(tried.html);
	const both = await send(open, { kept, add: "on", links: "x_id,email\n2,bea@example.com" });
	expect(both.html).toContain("1 would be linked, 1 already linked.");
	expect(await (await exportLinks(open)).text()).not.toContain("bea@example.com");
	await send(open, { ...importOf(both.html), action: "import" });

	expect(await (await exportLinks(open)).text()).toContain("bea@example.com");
});

test("an old try does not import rows that were added to the list later", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	await addUser(open, "bea@example.com");
	const tried = await send(open, { links: "x_id,email\n1,ada@example.com" });
	const kept = keptIn(tried.html);
	await send(open, { kept, add: "on", links: "x_id,email\n2,bea@example.com" });

	const refused = await send(open, { ...importOf(tried.html), action: "import" });

	expect(refused.status).toBe(400);
	expect(refused.html).toContain("The list has grown since. Try it again.");
	expect(keptIn(refused.html)).toBe(kept);
	expect(await (await exportLinks(open)).text()).not.toContain("example.com");
	const again = await send(open, { kept });
	await send(open, { ...importOf(again.html), action: "import" });
	expect(await (await exportLinks(open)).text()).toContain("bea@example.com");
});

test("a file in UTF-16, which spreadsheets call Unicode text, is read", async () => {
	const open = await openImport();
	const text = Buffer.from("\ufeffx_id\temail\n1\tnobody@example.com\n", "utf16le");

	const { html } = await send(open, { file: new Blob([text]) });

	// An import without a single link is marked as bad news.
	expect(html).toMatch(/class="notice bad"[^>]*>0 would be linked, 1 refused/);
});

test("an unreadable list is refused with its line, and the pasted text stays", async () => {
	const open = await openImport();
	const links = 'x_id,email\n1,a\n2,"b\n3,c';

	const { status, html } = await send(open, { links, action: "import", brand: "harbor" });

	expect(status).toBe(400);
	expect(html).toContain("Line 3: a quotation mark");
	expect(carriedText(html)).toBe(links);
	expectRefusedField(html, "links");
	expect(html).toContain('<option value="harbor" selected>');
});

test("a file that is not UTF-8 is refused, and the pasted text stays", async () => {
	const open = await openImport();
	const workbook = new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0x80]);
	const latin1 = Buffer.from("x_id,email\n1,j\xf6rg@example.com", "latin1");

	for (const bytes of [workbook, latin1]) {
		const { status, html } = await send(open, { file: new Blob([bytes]), links: "kept" });

		expect(status).toBe(400);
		expect(html).toContain("links.csv is not text in UTF-8");
		expect(carriedText(html)).toBe("kept");
		expectRefusedField(html, "file");
	}
});

test("more than 5 MB of pasted text is refused, a row is never that long, and a body has its limit", async () => {
	const open = await openImport();
	const large = "x".repeat(5 * 1024 * 1024 + 1);

	const file = await send(open, { file: new Blob([large]), links: "kept" });
	expect([file.status, file.html.includes("this row is longer than 64 KiB")]).toEqual([400, true]);
	expect(carriedText(file.html)).toBe("kept");
	const text = await send(open, { links: large });
	expect([text.status, text.html.includes("larger than 5 MB")]).toEqual([400, true]);
	const form = new URLSearchParams({ links: "ö".repeat(3 * 1024 * 1024) });
	const { status } = await open.operator.open(`${open.portal}${LINKS}`, {
		method: "POST",
		body: form,
	});
	expect(status).toBe(413);
	const cookie = [...open.operator.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const answer = await exchange(
		open.portal,
		`POST ${LINKS} HTTP/1.1`,
		`host: ${new URL(open.portal).host}`,
		`cookie: ${cookie}`,
		"connection: close",
		"content-type: multipart/form-data; boundary=x",
		`content-length: ${300 * 1024 * 1024}`,
	);
	expect(headOf(answer).status).toBe(413);
});

test("only an operator may send more than a form, and only to the import", async () => {
	const open = await openImport();
	const large = "a".repeat(100_000);
	const stranger = new HttpVisitor();
	await stranger.open(`${open.portal}/admin/login`);
	const user = new HttpVisitor();
	const fields = { name: "A", email: "a@example.com", password: "correct horse" };
	await registerByLetter(user, open.portal, mailboxOf(open), fields);
	for (const operator of [stranger, user, new HttpVisitor()]) {
		expect((await send({ ...open, operator }, { links: large })).status).toBe(413);
	}

	const { operator, portal } = open;
	expect((await send(open, { links: large })).status).toBe(400);
	for (const path of [
		`${INTEGRATIONS}/x-login?brand=acorn`,
		"/admin/profile",
		`${LINKS}/`,
		"/login",
	]) {
		const body = new URLSearchParams({ apiKey: large });
		expect((await operator.open(`${portal}${path}`, { method: "POST", body })).status).toBe(413);
	}
	const form = new FormData();
	form.append("apiKey", "a");
	const url = `${portal}${INTEGRATIONS}/x-login?brand=acorn`;
	expect((await operator.open(url, { method: "POST", body: form })).status).toBe(415);
});

test("an import from another site or without its proof is refused and imports nothing", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const links = "x_id,email\n1,ada@example.com";
	const { operator, portal } = open;

	expect((await send(open, { links, action: "import", csrf: "guess" })).status).toBe(403);
	await operator.open(`${portal}${LINKS}`);
	const [, proof = ""] = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html) ?? [];
	const foreign = await operator.request(`${portal}${LINKS}`, {
		method: "POST",
		headers: { origin: "https://evil.example" },
		body: new URLSearchParams({ _csrf: proof, links, brand: "acorn", action: "import" }),
	});
	expect(foreign.status).toBe(403);
	const broken = await operator.request(`${portal}${LINKS}`, {
		method: "POST",
		headers: { "content-type": "multipart/form-data; boundary=x" },
		body: "no part",
	});
	expect(broken.status).toBe(415);

	expect(await (await exportLinks(open)).text()).not.toContain("ada@example.com");
});

test("a long list is kept beside the text field, and another list replaces it", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const rows = "1,ada@example.com\n".repeat(5_000);

	const { html } = await send(open, { links: `x_id,email\n${rows}` });
	expect(html).toContain("A list of 5,000 rows is kept.");
	expect(carriedText(html)).toBe("");
	const kept = keptIn(html);
	const another = await send(open, { kept, links: "x_id,email\n2,ada@example.com" });
	expect(another.html).toContain("1 would be linked.");
	const imported = await send(open, { kept, action: "import" });
	expect(imported.html).toContain("1 linked, 4,999 already linked.");
});

test("an operator deletes a list with what its tries found, from the import and from the page of a job", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const tried = await send(open, { links: "x_id,email\n1,ada@example.com\n2,bob@example.com\n" });
	const { pathname: job } = new URL(hrefOf(tried.html, "Download all results"), open.portal);
	const other = await send(open, { links: "x_id,email\n3,carl@example.com\n" });
	const kept = keptIn(other.html);

	await open.operator.open(`${open.portal}${job.replace("/file", "")}`);
	const page = await submitUntilDone(open.operator, `${LINKS}/delete`, { confirmed: "yes" });

	expect(page.html).toContain("The list is deleted, with what its tries and imports have found.");
	const left = JSON.stringify(await allEntries(open.storage, NAMESPACES.files));
	expect([left.includes("bob@"), left.includes("carl@")]).toEqual([false, true]);
	const gone = await open.operator.open(`${open.portal}${job.replace("/file", "")}`);
	expect(gone.html).toContain("unless somebody deleted it");
	for (const offer of ["Download", "Import 1 link", "Delete this list", "Use it again"]) {
		expect(gone.html).not.toContain(offer);
	}
	expect((await open.operator.request(`${open.portal}${job}`)).status).toBe(404);

	await open.operator.open(`${open.portal}${LINKS}?kept=${kept}`);
	await submitUntilDone(open.operator, `${LINKS}/delete`, { confirmed: "yes" });
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
	const again = await open.operator.post(`${open.portal}${LINKS}/delete`, [
		["_csrf", /name="_csrf" value="([^"]+)"/.exec(open.operator.seen.html)?.[1] ?? ""],
		["file", kept],
	]);
	expect(again.html).toContain("There is no such file any more.");
});

test("an export is deleted by hand", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	await send(open, { links: "x_id,email\n1,ada@example.com", action: "import" });
	await open.operator.open(`${open.portal}${LINKS}`);
	const { url } = await submitUntilDone(open.operator, `${LINKS}/export`, { brand: "" });

	const after = await submitUntilDone(open.operator, `${LINKS}/delete`, { confirmed: "yes" });

	expect(after.html).toContain("The file is deleted.");
	const left = await allEntries(open.storage, [...NAMESPACES.files, "file"]);
	expect(left.map(({ value }) => fieldsOf(value)["kind"]).sort()).toEqual(["links", "results"]);
	expect((await open.operator.open(url)).html).toContain("The file is gone");
});

test("an unknown brand in the form is asked for again, and an unknown brand in the file is refused", async () => {
	const open = await openImport();
	const links = "x_id,email,brand\n1,a@example.com,acme";

	const unknown = await send(open, { links, brand: "acme" });
	expect(unknown.status).toBe(400);
	expectRefusedField(unknown.html, "brand");
	expect((await send(open, { links })).html).toContain("No brand has this name");
});

test("markup in cells is shown as text, and formulas are text to a spreadsheet", async () => {
	const open = await openImport();
	const markup = "</textarea><script>alert(1)</script>";
	const links = `x_id,email,brand\n${markup},"=HYPERLINK(""http://evil.example"")",'+1\n`;

	const { html } = await send(open, { links });
	expect(html).not.toContain("<script>alert");
	expect(html).toContain("&lt;/textarea&gt;&lt;script&gt;");
	const refused = await send(open, { links, brand: "acme" });
	expect(refused.html).not.toContain("<script>alert");
	expect(refused.html).toContain("&lt;script&gt;alert(1)");
	const file = await send(open, { links, action: "download" });

	expect(file.headers.get("content-type")).toBe("text/csv; charset=utf-8");
	expect(file.headers.get("content-disposition")).toBe('attachment; filename="x-login-import.csv"');
	expect(file.headers.get("cache-control")).toBe("no-store");
	expect(file.html).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
	for (const line of file.html.split("\r\n").slice(1)) {
		expect(line).not.toMatch(/(^|,)"?[=+@-]/);
	}
});

test("the page shows at most 50 rows, refused ones first, and the file has all rows", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const rows = Array.from({ length: 80 }, (_, each) => `${each + 1},ada@example.com\n`).join("");
	const links = `x_id,email\n${rows}9999,nobody@example.com\n`;

	const { html } = await send(open, { links });
	expect(html.match(/<tr><td/g)).toHaveLength(50);
	expect(html).toContain(">82<");
	expect(html.indexOf(">82<")).toBeLessThan(html.indexOf(">2<"));
	expect(html).toContain("80 would be linked, 1 refused");
	const file = await send(open, { links, action: "download" });
	expect(file.html.trim().split("\r\n")).toHaveLength(82);
});

test("a download of results that misses a part breaks", async () => {
	const open = await openImport();
	const rows = Array.from({ length: 600 }, (_, each) => `${each + 1},nobody@example.com\n`).join(
		"",
	);
	await send(open, { links: `x_id,email\n${rows}` });
	const results = await allEntries(open.storage, [...NAMESPACES.files, "part"]);
	const last = results.filter(
		({ key, value }) => key.at(-1) === "00000005" && JSON.stringify(value).includes('"known"'),
	);
	expect(last).toHaveLength(1);
	await open.storage.commit({ deletes: last.map(({ key }) => key) });

	await open.operator.open(`${open.portal}/admin/jobs`);
	const [, job = ""] = /href="(\/admin\/jobs\/[^"/?]+)"/.exec(open.operator.seen.html) ?? [];
	const file = await open.operator.request(`${open.portal}${job}/file`);

	expect(file.status).toBe(200);
	await expect(file.text()).rejects.toThrow("terminated");
});

test("another helpdesk with the same users imports an export as the same links", async () => {
	const old = await openImport();
	const people = ["ada@example.com", "+tag@example.com", "'+tag@example.com", "o'x@example.com"];
	for (const email of people) {
		await addUser(old, email);
		await addUser(old, email, "harbor");
	}
	const rows = people.flatMap((email, index) => [
		`${index + 1},${email.startsWith("'") || email.startsWith("+") ? `'${email}` : email},acorn,h${index},2020-01-0${index + 1}`,
		`18446744073709551615,${index === 0 ? email : ""},harbor,,2020-01-01`,
	]);
	const links = `x_id,email,brand,handle,linked_at\n${rows.join("\n")}`;
	expect((await send(old, { links, action: "import" })).html).toContain("5 linked, 3 refused.");
	const answer = await exportLinks(old);
	const exported = await answer.text();

	expect(answer.headers.get("cache-control")).toBe("no-store");
	expect(answer.headers.get("content-disposition")).toContain("attachment");
	const lines = exported.trim().split("\r\n");
	expect(lines[0]).toBe("x_id,handle,email,user_id,brand,linked_at,confirmed");
	expect(lines[1]).toMatch(/^x:1,h0,ada@example\.com,[\w-]+,acorn,2020-01-01T00:00:00\.000Z,yes$/);
	expect(lines).toHaveLength(6);

	const young = await openImport();
	for (const email of people) {
		await addUser(young, email);
		await addUser(young, email, "harbor");
	}
	const imported = await send(young, { file: new Blob([exported]), action: "import" });
	expect(imported.html).toContain("5 linked.");
	const withoutUserId = (text: string) => text.replace(/,[0-9a-f-]{36},/g, ",");
	expect(withoutUserId(await (await exportLinks(young)).text())).toBe(withoutUserId(exported));
	const harbor = await (await exportLinks(young, "?brand=harbor")).text();
	expect(harbor.trim().split("\r\n")).toHaveLength(2);
	expect((await exportLinks(young, "?brand=acme")).status).toBe(404);
});

test("an export imported again changes nothing, and after a purge it brings back the links", async () => {
	const open = await openWithPeople();
	const exported = await (await exportLinks(open)).text();
	expect(exported).toMatch(/,ada@example\.com,[^\n]*,no\r/);
	await open.operator.open(`${open.portal}${LINKS}`);
	expect((await send(open, { links: exported, action: "import" })).html).toContain(
		"0 linked, 4 already linked.",
	);
	expect(await (await exportLinks(open)).text()).toBe(exported);

	await press(open, `${X}/deactivate`);
	await open.operator.submit(`${X}/deactivate`, { data: "purge", sure: "on" });
	expect(await (await exportLinks(open)).text()).not.toContain("example.com");
	await setUpX(open);
	await open.operator.open(`${open.portal}${LINKS}`);
	const { html } = await send(open, { links: exported, action: "import" });
	expect(html).toContain("2 linked, 2 refused.");
	expect(html).toContain("and it has a password or another X account");
	expect(html).toContain("The user is suspended.");
	expect((await throughX(open, "1")).html).toContain("You are logged in");
});

test("a deactivated plugin exports its links and imports none", async () => {
	const open = await openImport();
	await addUser(open, "ada@example.com");
	const links = "x_id,email\n1,ada@example.com";
	await send(open, { links, action: "import" });
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	expect(open.operator.seen.html).toContain(`href="${LINKS}"`);

	await open.operator.submit(`${INTEGRATIONS}/x-login/deactivate`);
	await open.operator.submit(`${INTEGRATIONS}/x-login/deactivate`);
	expect(open.operator.seen.html).toContain(`href="${LINKS}.csv"`);
	expect((await send(open, { links, action: "import" })).url).toBe(`${open.portal}${INTEGRATIONS}`);
	expect(await (await exportLinks(open)).text()).toContain("ada@example.com");
});

test("10,000 rows are tried, imported and exported", async () => {
	const open = await openImport();
	const count = 10_000;
	const people = Array.from({ length: count }, (_, each) => `p${each}@example.com`);
	for (const email of people) {
		await addUser(open, email);
	}
	const links = `x_id,email\n${people.map((email, index) => `${index + 1},${email}`).join("\n")}`;

	expect((await send(open, { links })).html).toContain("10,000 would be linked.");
	expect((await send(open, { links, action: "import" })).html).toContain("10,000 linked.");
	const exported = await (await exportLinks(open, "?brand=acorn")).text();
	expect(exported.trim().split("\r\n")).toHaveLength(count + 1);
	expect((await send(open, { links: exported })).html).toContain("10,000 already linked");
});

test("a plugin without these hooks works and has no such pages", async () => {
	const plugin = await loadPlugin(packArchive(tinyPlugin()));
	const { operator, portal } = await openHelpdesk({ plugin });

	expect((await operator.open(`${portal}${INTEGRATIONS}`)).html).not.toContain("links");
	const { id } = plugin.manifest;
	for (const path of [`${INTEGRATIONS}/${id}/links`, `${INTEGRATIONS}/${id}/links.csv`]) {
		expect((await operator.open(`${portal}${path}`)).status).toBe(404);
	}
});
