// Helpdesks that take a signed token, in the administration: what to paste where, and secrets that are never shown.
import { expect, test } from "vitest";
import { consentsOf, handOffHelpdesksOf } from "../../../../../src/helpdesk/namespaces.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { API_TOKEN, openHandOff, SECRET } from "../../../../kit/hand-off/open-hand-off.ts";
import { HttpVisitor } from "../../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const ADD = `${LIST}/add-hand-off?brand=acorn`;
const ADDRESS = "https://support.example.com";

async function connect(
	{ operator, portal }: Pick<OpenHelpdesk, "operator" | "portal">,
	preset: string,
	fields: Readonly<Record<string, string>>,
) {
	await operator.open(`${portal}${ADD}&preset=${preset}`);
	return operator.submit(`${ADD}&preset=${preset}`, fields);
}

async function connected(open: OpenHelpdesk, preset = "supportpal", fields = {}) {
	const { html, url } = await connect(open, preset, {
		address: ADDRESS,
		secret: SECRET,
		...fields,
	});
	const [, id = ""] = /connected-helpdesks\/hand-off\/([\w-]+)\?/.exec(url) ?? [];
	const path = `${LIST}/hand-off/${id}`;
	return { id, html, path, here: `${path}?brand=acorn` };
}

/** What the page shows to paste, by the name of its field. */
function valuesIn(html: string): Readonly<Record<string, string>> {
	const rows = html.matchAll(
		/<label for="paste-\d+">([^<]*)<\/label><div class="copy"><input id="paste-\d+" value="([^"]*)" readonly><button[^>]*data-copy="([^"]*)"/g,
	);
	return Object.fromEntries(
		[...rows].map(([, label = "", value = "", copied]) => {
			expect(copied).toBe(value);
			return [label, value];
		}),
	);
}

async function record({ storage }: Pick<OpenHelpdesk, "storage">, id: string) {
	const entry = await namespaced(storage, handOffHelpdesksOf("acorn")).get(["helpdesk", id]);
	return entry?.value as Readonly<Record<string, unknown>> | undefined;
}

test("the three kinds stand among those to choose from", async () => {
	const open = await openHelpdesk();
	await open.operator.open(`${open.portal}${LIST}/add?brand=acorn`);
	for (const [preset, name] of [
		["supportpal", "SupportPal"],
		["zendesk-jwt", "Zendesk (JWT)"],
		["help-scout", "Help Scout Docs"],
	]) {
		expect(open.operator.seen.html).toContain(`<a href="${ADD}&preset=${preset}">${name}</a>`);
	}
});

test.each([
	["supportpal", { "Address of the log-in button": "" }],
	["zendesk-jwt", { "Remote login URL": "", "Remote logout URL": "/log-out" }],
	["help-scout", { "Sign-in URL": "" }],
] as const)(
	"the page of %s shows what to paste there, each with a button to copy it",
	async (preset, fields) => {
		const open = await openHelpdesk();
		const { id, html } = await connected(open, preset);
		const page = `${open.portal}/hand-off/${id}`;
		expect(valuesIn(html)).toEqual(
			Object.fromEntries(Object.entries(fields).map(([label, end]) => [label, `${page}${end}`])),
		);
		expect(html).toContain("against the documentation, not with a running");
		expect(html).toContain(`<a href="${page}/test" target="_blank" rel="noopener">Test</a>`);
		expect(html).toContain("Last used: Never.");
		await open.operator.open(`${open.portal}${LIST}?brand=acorn`);
		expect(open.operator.seen.html).toContain(`<code>${ADDRESS}</code>`);
		expect(open.operator.seen.html).toContain("Never used");
	},
);

test("the page of a helpdesk leads to its recipe, for operators alone", async () => {
	const open = await openHelpdesk();
	const { html } = await connected(open);
	const path = `${LIST}/recipes/supportpal?brand=acorn`;
	expect(html).toContain(`<a href="${path}">the recipe for SupportPal</a>`);
	const recipe = await open.operator.open(`${open.portal}${path}`);
	expect(recipe.html).toContain("How far this was tried: against its documentation");
	expect((await open.operator.open(`${open.portal}${path}&file=x`)).status).toBe(404);
	const stranger = await new HttpVisitor().open(`${open.portal}${path}`);
	expect(new URL(stranger.url).pathname).toBe("/admin/login");
});

test("secrets are stored encrypted and shown on no page, also after a refusal", async () => {
	const open = await openHelpdesk();
	const { id, html, path, here } = await connected(open, "supportpal", { apiToken: API_TOKEN });
	const pages = [html];
	for (const page of [path, `${path}/remove`, LIST]) {
		pages.push((await open.operator.open(`${open.portal}${page}?brand=acorn`)).html);
	}
	const typed = { secret: "another-canary-0123456789", apiToken: "another-canary-token" };
	await open.operator.open(`${open.portal}${here}`);
	const refused = await open.operator.submit(here, { ...typed, address: "nonsense" });
	expect(refused.status).toBe(400);
	pages.push(refused.html);
	const tooShort = await connect(open, "zendesk-jwt", { address: ADDRESS, secret: "canary-short" });
	expect(tooShort.status).toBe(400);
	expect(tooShort.html).toContain("Shared secret: it has less than 16 characters");
	pages.push(tooShort.html);
	expect(pages.join("").includes("canary")).toBe(false);
	expect(JSON.stringify(await record(open, id))).not.toContain("canary");
	expect(open.log.join("")).not.toContain("canary");
});

test("a change keeps the secrets, unless it is one of the address, which drops them", async () => {
	const open = await openHelpdesk();
	const { id, here, path } = await connected(open, "supportpal", { apiToken: API_TOKEN });
	const before = await record(open, id);
	const save = async (fields: Readonly<Record<string, string>>) => {
		await open.operator.open(`${open.portal}${here}`);
		return open.operator.submit(here, { address: ADDRESS, name: "Support Desk", ...fields });
	};
	expect((await save({ neverAsserted: "agents.example.com" })).html).toContain("are saved");
	expect(await record(open, id)).toEqual({
		...before,
		...{ name: "Support Desk", neverAsserted: ["agents.example.com"] },
	});

	const moved = await save({ address: "https://evil.example.com" });
	expect(moved.html).toContain("nobody gets to Support Desk until you enter the new ones");
	expect(await record(open, id)).toMatchObject({ secret: null, apiToken: null });
	await open.operator.open(`${open.portal}${LIST}?brand=acorn`);
	expect(open.operator.seen.html).toContain("Its key is missing: nobody gets there");
	await save({ address: ADDRESS });
	expect(await record(open, id)).toMatchObject({ secret: null, apiToken: null });

	// New secrets that are given in the same step belong to the new address.
	await save({ address: "https://other.example.com", secret: SECRET });
	const { secret, apiToken } = (await record(open, id)) ?? {};
	expect([typeof secret, apiToken]).toEqual(["string", null]);
	expect((await save({ address: "https://other.example.com", apiToken: API_TOKEN })).status).toBe(
		200,
	);
	await save({ address: "https://other.example.com", dropsApiToken: "on" });
	expect(await record(open, id)).toMatchObject({ secret, apiToken: null });
	await open.operator.open(`${open.portal}${path}?brand=acorn`);
	expect(open.operator.seen.html).toContain("Another address drops the SimpleAuth key");
});

test("the number of a brand may be typed in the digits of any script", async () => {
	const open = await openHelpdesk();
	const { id } = await connected(open, "supportpal", { remoteBrandId: "۱۲" });
	expect(await record(open, id)).toMatchObject({ remoteBrandId: 12 });
	for (const remoteBrandId of ["0", "-1", "1.5", "۱۰۰۰۰۰۰۰۰۰"]) {
		const { html } = await connect(open, "supportpal", { address: ADDRESS, remoteBrandId });
		expect(html).toContain(`Brand ID: ${remoteBrandId} is not the number of a brand.`);
	}
});

test("what is wrong is refused with a sentence that names the field", async () => {
	const open = await openHelpdesk();
	const { status, html } = await connect(open, "supportpal", {
		address: "http://support.example.com",
		secret: "",
		apiToken: "two words",
		remoteBrandId: "one",
		otherSites: "https://help.example.com/path",
		neverAsserted: "*@example.com",
	});
	expect(status).toBe(400);
	for (const sentence of [
		"Address of SupportPal: http://support.example.com is not encrypted.",
		"API token: it has a space or a colon in it.",
		"Brand ID: one is not the number of a brand.",
		"Other sites: https://help.example.com/path has a path.",
		"Never passed on: *@example.com is neither an e-mail address nor a domain.",
	]) {
		expect(html).toContain(sentence);
	}
	await connected(open, "supportpal");
	const again = await connect(open, "zendesk-jwt", {
		address: ADDRESS,
		secret: SECRET,
		name: "supportpal",
	});
	expect(again.html).toContain("Name: a helpdesk with the name supportpal is connected already.");
});

test("a helpdesk that takes no signed token gets no name that one with a signed token has", async () => {
	const open = await openHelpdesk();
	await connected(open, "supportpal");
	const add = `${LIST}/add?brand=acorn&preset=request-tracker`;
	const typed = { address: "https://rt.example.com", name: "SupportPal" };
	const taken = "Name: a helpdesk with the name SupportPal is connected already.";
	await open.operator.open(`${open.portal}${add}`);
	expect((await open.operator.submit(add, typed)).html).toContain(taken);
	await open.operator.submit(add, { address: typed.address, anyway: "on" });
	const [, page = ""] =
		/action="([^"]+\/helpdesk\/[\w-]+\?brand=acorn)"/.exec(open.operator.seen.html) ?? [];
	expect((await open.operator.submit(page, typed)).html).toContain(taken);
	// A name at another brand is free.
	const elsewhere = add.replace("acorn", "harbor");
	await open.operator.open(`${open.portal}${elsewhere}`);
	expect((await open.operator.submit(elsewhere, { ...typed, anyway: "on" })).html).toContain(
		"SupportPal is connected.",
	);
});

test("a check of the API token says whether the API takes it", async () => {
	const open = await openHandOff("supportpal", { withApi: true });
	const path = `${LIST}/hand-off/${open.id}`;
	const check = async () => {
		await open.operator.open(`${open.portal}${path}?brand=acorn`);
		return (await open.operator.submit(`${path}/check?brand=acorn`)).html;
	};
	expect(await check()).toContain("The API of Support Desk takes the token.");
	open.product.faults.set("GET", (answer) => answer.writeHead(401).end());
	expect(await check()).toContain("GET user/user was answered with the status 401.");
});

test("a helpdesk may be connected before there is a key, and its page says what is missing", async () => {
	const open = await openHelpdesk();
	const { id, html, here } = await connected(open, "zendesk-jwt", { secret: "" });
	expect(html).toContain("There is no Shared secret yet, so nobody gets to Zendesk (JWT).");
	expect(Object.keys(valuesIn(html))).toEqual(["Remote login URL", "Remote logout URL"]);
	await open.operator.open(`${open.portal}${here}`);
	const saved = await open.operator.submit(here, { address: ADDRESS, secret: SECRET });
	expect(saved.html).not.toContain("There is no Shared secret yet");
	expect((await record(open, id))?.["secret"]).toEqual(expect.any(String));
});

test("a removal says who is affected, and leaves nothing behind", async () => {
	const open = await openHelpdesk();
	const { id, path } = await connected(open);
	const consents = namespaced(open.storage, consentsOf("acorn"));
	await consents.commit({ sets: [{ key: ["u1", id], value: { at: 1 } }] });
	await open.operator.open(`${open.portal}${path}/remove?brand=acorn`);
	const { html } = open.operator.seen;
	expect(html).toContain("1 user of Acorn Outdoor has agreed to log in there.");
	expect(html).toContain("with the title “Page not found”. Switch it off there first.");
	expect(html.match(/Nobody can log in at/g)).toHaveLength(1);
	await open.operator.submit(`${path}/remove?brand=acorn`);
	expect(open.operator.seen.html).toContain("The helpdesk is removed.");
	expect(await record(open, id)).toBeUndefined();
	expect(await consents.get(["u1", id])).toBeUndefined();
	expect((await open.operator.open(`${open.portal}${path}?brand=acorn`)).status).toBe(404);
	expect((await new HttpVisitor().open(`${open.portal}/hand-off/${id}`)).status).toBe(404);
});

test("a helpdesk of one brand is none of another's", async () => {
	const open = await openHelpdesk();
	const { path } = await connected(open);
	expect((await open.operator.open(`${open.portal}${path}?brand=bramble`)).status).toBe(404);
	expect((await open.operator.open(`${open.portal}${path}?brand=none`)).status).toBe(404);
});

test("a record that cannot be read is left out of the list, which says so, and stays", async () => {
	const open = await openHelpdesk();
	const { id } = await connected(open);
	const place = namespaced(open.storage, handOffHelpdesksOf("acorn"));
	await place.commit({ sets: [{ key: ["helpdesk", id], value: { id, address: 7 } }] });
	await open.operator.open(`${open.portal}${LIST}?brand=acorn`);
	expect(open.operator.seen.html).toContain("This list is incomplete");
	expect(await record(open, id)).toEqual({ id, address: 7 });
});
