import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connectedHelpdesksOf, consentsOf } from "../../../../../src/helpdesk/namespaces.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const ADD = `${LIST}/add`;
const ADDRESS = "http://127.0.0.1:4";

type Open = OpenHelpdesk & { readonly brand: string };

async function openDesk(options: Parameters<typeof openHelpdesk>[0] = {}): Promise<Open> {
	return { ...(await openHelpdesk(options)), brand: "acorn" };
}

/** Fills the form in which a helpdesk is connected. */
async function connect(
	{ operator, portal, brand }: Open,
	preset: string,
	fields: Readonly<Record<string, string>>,
) {
	await operator.open(`${portal}${ADD}?brand=${brand}&preset=${preset}`);
	return operator.submit(`${ADD}?brand=${brand}&preset=${preset}`, fields);
}

async function connected(open: Open, fields: Readonly<Record<string, string>> = {}) {
	const { html } = await connect(open, "request-tracker", { address: ADDRESS, ...fields });
	const [, id = ""] = /connected-helpdesks\/helpdesk\/([\w-]+)\?/.exec(html) ?? [];
	const path = `${LIST}/helpdesk/${id}`;
	return { id, path, here: `${path}?brand=${open.brand}`, values: valuesIn(html) };
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

async function record({ storage, brand }: Open, id: string) {
	const entry = await namespaced(storage, connectedHelpdesksOf(brand)).get(["helpdesk", id]);
	return entry?.value as Readonly<Record<string, unknown>> | undefined;
}

/** A host on loopback that answers or, closed at once, does not. */
async function openHost(answers: boolean): Promise<string> {
	const server = createServer((_, response) => response.writeHead(404).end());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
	if (answers) {
		onTestFinished(() => {
			server.closeAllConnections();
			return close();
		});
	} else {
		await close();
	}
	return `http://127.0.0.1:${port}`;
}

test("a helpdesk is connected in two steps, and its page shows what to paste there", async () => {
	const open = await openDesk();
	const { operator, portal } = open;
	await operator.open(`${portal}/admin`);
	expect(operator.seen.html).toMatch(new RegExp(`<a href="${LIST}">.*Connected helpdesks</a>`));
	await operator.open(`${portal}${LIST}`);
	expect(operator.seen.html).toContain("Acorn Outdoor is not connected to a helpdesk yet.");
	await operator.open(`${portal}${ADD}?brand=acorn`);
	expect(operator.seen.html).toContain(
		`<a href="${ADD}?brand=acorn&preset=request-tracker">Request Tracker</a>`,
	);

	const { id, values, here } = await connected(open, { name: "Acorn RT" });

	expect(operator.seen.html).toContain("Acorn RT is connected.");
	expect(values).toEqual({
		X_LOGIN_ISSUER: `${portal}/oidc`,
		X_LOGIN_CLIENT_ID: id,
		X_LOGIN_CLIENT_SECRET: expect.stringMatching(/^[\w-]{43}$/),
	});
	expect(operator.seen.html).toContain(
		"How far this was tried: our automated tests log in at a real Request Tracker.",
	);
	expect(operator.seen.html).toContain("/x-login.conf");
	expect(await record(open, id)).toMatchObject({
		...{ name: "Acorn RT", address: ADDRESS, redirectUris: [`${ADDRESS}/x-login/openid`] },
		...{ needsEmail: false, neverAsserted: [] },
	});
	const again = await operator.open(`${portal}${here}`);
	expect(Object.keys(valuesIn(again.html))).toEqual(["X_LOGIN_ISSUER", "X_LOGIN_CLIENT_ID"]);
	expect(again.html).toContain("It was shown once and is not shown again.");
	expect(again.html).not.toContain(values["X_LOGIN_CLIENT_SECRET"]);
	const { html } = await operator.open(`${portal}${LIST}`);
	expect(html).toContain("<strong>Acorn RT</strong>");
	expect(html).toContain("Request Tracker");
	expect(html).toContain(`<code>${ADDRESS}</code>`);
	expect(html).toContain("<td>Never used</td>");
	expect(html).toContain('target="_blank" rel="noopener">Test</a>');
	expect((await operator.open(`${portal}${LIST}?brand=harbor`)).html).not.toContain("Acorn RT");
});

test("a refused form keeps what was typed, and says at each field what is wrong", async () => {
	const open = await openDesk();
	await connected(open);
	const { status, html } = await connect(open, "request-tracker", {
		...{ name: "request tracker", address: "http://rt.example.org", straightToX: "on" },
		...{ redirectUris: "https://rt.example.org/one\nhttps://rt.example.org/two" },
		neverAsserted: "root",
	});
	expect(status).toBe(400);
	expect(html).toContain("Not connected. Fix the fields marked below.");
	expect(html).toContain("Name: a helpdesk with the name request tracker is connected already.");
	expect(html).toMatch(
		/id="address-problem" role="alert">Address of Request Tracker: http:\/\/rt\.example\.org is not encrypted\./,
	);
	expect(html).toContain("Never passed on: root is neither an e-mail address nor a domain.");
	expect(html).toContain('value="http://rt.example.org"');
	expect(html).toContain(">https://rt.example.org/one\nhttps://rt.example.org/two</textarea>");
	expect(html).toContain(">root</textarea>");
	expect(html).toMatch(/name="straightToX"[^>]* checked/);
});

test("a redirect URI that nobody answers at is refused, unless the administrator does not care", async () => {
	const open = await openDesk({ allowPrivate: ["127.0.0.1"] });
	const closed = await openHost(false);
	const refused = await connect(open, "request-tracker", { address: closed });
	expect(refused.status).toBe(400);
	expect(refused.html).toContain(
		`Redirect URI: ${closed}/x-login/openid cannot be reached: nothing answers there.`,
	);
	const anyway = await connect(open, "request-tracker", { address: closed, anyway: "on" });
	expect(anyway.html).toContain("Request Tracker is connected.");
	const reachable = { address: await openHost(true), name: "Other" };
	expect((await connect(open, "request-tracker", reachable)).html).toContain("Other is connected.");
});

test("another redirect URI drops nothing, and another address makes a new secret, as the page says", async () => {
	const open = await openDesk();
	const { operator } = open;
	const { id, here, values } = await connected(open);
	const before = await record(open, id);
	const rest = { name: "Request Tracker", neverAsserted: "agents.example.org", needsEmail: "on" };

	expect(operator.seen.html).toContain("Another address makes a new client secret");
	const redirectUris = `${ADDRESS}/x-login/openid\n${ADDRESS}/second`;
	await operator.submit(here, { ...rest, address: ADDRESS, redirectUris });
	expect(operator.seen.html).toContain("The changes are saved.");
	expect(await record(open, id)).toMatchObject({
		...{ secret: before?.["secret"], redirectUris: redirectUris.split("\n"), needsEmail: true },
		neverAsserted: ["agents.example.org"],
	});

	const moved = { ...rest, address: "http://127.0.0.1:5", redirectUris };
	expect((await operator.submit(here, moved)).status).toBe(400);
	expect(operator.seen.html).toContain("does not lie at the address of Request Tracker");
	expect(await record(open, id)).toMatchObject({ address: ADDRESS, secret: before?.["secret"] });

	await operator.submit(here, { ...moved, redirectUris: "" });
	expect(operator.seen.html).toContain("There is a new client secret. The old one has ended.");
	const shown = valuesIn(operator.seen.html)["X_LOGIN_CLIENT_SECRET"];
	expect(shown).toMatch(/^[\w-]{43}$/);
	expect(shown).not.toBe(values["X_LOGIN_CLIENT_SECRET"]);
	expect(await record(open, id)).toMatchObject({
		redirectUris: ["http://127.0.0.1:5/x-login/openid"],
	});
});

test("a new secret is shown once", async () => {
	const open = await openDesk();
	const { operator, portal } = open;
	const { path, here, values } = await connected(open);
	await operator.submit(`${path}/secret?brand=acorn`, { confirmed: "yes" });
	const shown = valuesIn(operator.seen.html)["X_LOGIN_CLIENT_SECRET"] ?? "";
	expect(shown).toMatch(/^[\w-]{43}$/);
	expect(shown).not.toBe(values["X_LOGIN_CLIENT_SECRET"]);
	expect(operator.seen.headers.get("cache-control")).toBe("no-store");
	expect((await operator.open(`${portal}${here}`)).html).not.toContain(shown);
});

test("a helpdesk without a client secret has no row and no button for one", async () => {
	const open = await openDesk({ allowPrivate: [] });
	const address = "https://zammad.invalid";
	const { html } = await connect(open, "zammad", { address, anyway: "on" });
	expect(Object.keys(valuesIn(html))).toEqual([
		"Identifier",
		"Issuer",
		"UID Field",
		"Scopes",
		"PKCE",
	]);
	expect(html).not.toContain("New secret");
	expect(html).not.toContain("new client secret");
	expect(html).toContain("not with a running Zammad");
	expect(html).toContain("Automatic account link on initial logon attaches people to any account");
});

test("a removal says before it who is affected and how", async () => {
	const open = await openDesk();
	const { operator, portal, storage, clock } = open;
	const { id, path } = await connected(open);
	const consents = namespaced(storage, consentsOf("acorn"));
	const sets = ["one", "two"].flatMap((userId) =>
		[id, "other"].map((helpdesk) => ({ key: [userId, helpdesk], value: { at: clock.now() } })),
	);
	await consents.commit({ sets });
	const remove = `${path}/remove?brand=acorn`;

	const { html } = await operator.open(`${portal}${remove}`);
	expect(html).toContain("2 users of Acorn Outdoor have agreed to log in there.");
	expect(html).toContain("Last used: Never.");
	expect(html).toContain("a page of Acorn Outdoor with the title “This log-in did not work”.");
	expect(html.match(/Nobody can log in at/g)).toHaveLength(1);
	expect(await record(open, id)).toBeDefined();

	await operator.submit(remove);
	expect(operator.seen.html).toContain("The helpdesk is removed.");
	expect(await record(open, id)).toBeUndefined();
	expect((await consents.list([])).entries.map(({ key }) => key.at(-1))).toEqual([
		"other",
		"other",
	]);
	expect((await operator.open(`${portal}${path}?brand=acorn`)).status).toBe(404);
});

test("a brand, a kind and a helpdesk that there are not are not found", async () => {
	const { operator, portal } = await openDesk();
	for (const path of [
		`${LIST}?brand=nobody`,
		`${ADD}?brand=nobody`,
		`${ADD}?brand=acorn&preset=nobody`,
		`${LIST}/helpdesk/nobody?brand=acorn`,
		`${LIST}/helpdesk/nobody/remove`,
		`${LIST}/helpdesk/nobody/test`,
	]) {
		expect((await operator.open(`${portal}${path}`)).status, path).toBe(404);
	}
});
