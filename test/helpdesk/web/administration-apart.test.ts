// The administration at an origin of its own: by host, with its own cookies, and refused to the pages of every portal.
import { BlockList } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
	administrationAddress,
	sharedAddressWarning,
} from "../../../src/helpdesk/brands/administration-address.ts";
import { type HelpdeskOptions, storedBrandsIn } from "../../../src/helpdesk/helpdesk.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { CHOSEN_PASSWORD, changeFirstPassword } from "../../kit/helpdesk/change-first-password.ts";
import { helpdeskOptions } from "../../kit/helpdesk/open-helpdesk.ts";
import { requestAt } from "../../kit/helpdesk/request-at.ts";
import { VisitorBehindProxy } from "../../kit/helpdesk/visitor-behind-proxy.ts";

const ADMIN = "https://admin.example.com";
const BRAND = "https://help.example.com";
const SHOP = "https://shop.example.com";
const LOOPBACK = new BlockList();
LOOPBACK.addAddress("127.0.0.1");

/** A helpdesk with a brand of its own port, one in storage, and the administration apart. */
async function open(given: Partial<HelpdeskOptions> = {}) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await storedBrandsIn({ storage, clock }).add({ id: "shop", name: "Shop", url: SHOP });
	const options = await helpdeskOptions({
		...{ storage, clock, baseUrls: new Map([["acorn", BRAND]]), adminBaseUrl: ADMIN },
		...given,
	});
	const helpdesk = await startHelpdesk(options);
	onTestFinished(() => helpdesk.close());
	const [listening = ""] = helpdesk.listening;
	const at = (address: string, path: string, sent: Partial<Parameters<typeof requestAt>[2]> = {}) =>
		requestAt(listening, path, { host: new URL(address).host, ...sent });
	return { helpdesk, options, storage, clock, at, visitor: new VisitorBehindProxy(listening) };
}

const LOG_IN = "/admin/login";

/** Logs the first operator in and gives them a password of their own. */
async function operatorAt({ visitor, helpdesk }: Awaited<ReturnType<typeof open>>) {
	const { email, password } = helpdesk.operator;
	await visitor.open(`${helpdesk.adminUrl}/login`);
	await visitor.submit(LOG_IN, { email, password: password ?? "" });
	await changeFirstPassword(visitor, helpdesk.adminUrl, password ?? "");
	return visitor;
}

test("only the administration's own host answers its pages: at a brand's they do not exist", async () => {
	const { at, helpdesk } = await open();
	expect(helpdesk.adminUrl).toBe(`${ADMIN}/admin`);
	expect((await at(ADMIN, "/admin/login")).body).toContain("· Helpdesk administration</title>");

	for (const brand of [BRAND, SHOP]) {
		const unknown = await at(brand, "/no-such-page");
		for (const path of ["/admin", "/admin/", "/admin/login", "/admin/users"]) {
			const answer = await at(brand, path);
			expect([path, answer.status]).toEqual([path, 404]);
			expect(answer.body).toBe(unknown.body);
			expect(answer.all).not.toContain("admin.example.com");
		}
		expect((await at(brand, "/admin/login", { method: "POST" })).status).not.toBe(200);
	}
});

test("the administration's host has no page of a portal, and leads to the administration", async () => {
	const { at } = await open();
	const home = await at(ADMIN, "/");
	expect([home.status, home.headers.get("location")]).toEqual([302, "/admin"]);

	for (const path of ["/login", "/register", "/account", "/forgot", "/privacy", "/oidc/jwks"]) {
		expect([path, (await at(ADMIN, path)).status]).toEqual([path, 404]);
	}
	expect((await at(ADMIN, "/login/x-login/callback?oauth_token=a")).status).toBe(404);
	for (const address of [ADMIN, BRAND, SHOP]) {
		const health = await at(address, "/healthz");
		expect([health.status, health.body]).toEqual([200, "ok"]);
	}
	expect((await at(ADMIN, "/assets/style.css")).status).toBe(200);
});

test.each([
	"evil.example",
	"admin.example.com.evil.example",
	"admin.example.com:8443",
	"admin.example.com.",
	"admin.example.com, help.example.com",
])("the host %j is not the administration's, and says nothing of it", async (host) => {
	const { helpdesk } = await open();
	const { status, all } = await requestAt(helpdesk.listening[0] ?? "", "/admin/login", { host });

	expect(status === 400 || status === 302 || status === 404).toBe(true);
	expect(all).not.toContain("https://admin.example.com");
});

test("the address that the first brand listens on, which proxies name in its place, is the brand's", async () => {
	const { helpdesk } = await open();
	const [listening = ""] = helpdesk.listening;
	const { host } = new URL(listening);

	expect((await requestAt(listening, "/login", { host })).status).toBe(200);
	expect((await requestAt(listening, "/admin/login", { host })).status).toBe(404);
});

test("only a trusted proxy says by X-Forwarded-Host that the administration is meant", async () => {
	const headers = { "x-forwarded-host": "admin.example.com" };
	const asked = async (trustedProxies: BlockList, host: string, sent = headers) => {
		const { helpdesk } = await open({ trustedProxies });
		const [listening = ""] = helpdesk.listening;
		return (await requestAt(listening, "/admin/login", { host, headers: sent })).status;
	};

	expect(await asked(LOOPBACK, "helpdesk:8080")).toBe(200);
	expect(await asked(new BlockList(), "helpdesk:8080")).toBe(302);
	// The Host header of a brand's own address counts first.
	expect(await asked(LOOPBACK, "help.example.com")).toBe(404);
	const mixed = { "x-forwarded-host": "admin.example.com, help.example.com" };
	expect(await asked(LOOPBACK, "helpdesk:8080", mixed)).toBe(302);
});

test("cookies of the administration are bound to its host, and answers say to use TLS and nothing but their own site", async () => {
	const { at } = await open();
	const page = await at(ADMIN, LOG_IN);

	const [cookie = ""] = page.headers.getSetCookie();
	expect(cookie).toMatch(/^__Host-admin-acorn=/);
	expect(cookie).toMatch(/; Secure/);
	expect(cookie).not.toMatch(/domain=/i);
	expect(page.headers.get("strict-transport-security")).toBe("max-age=31536000");
	expect(page.headers.get("content-security-policy")).toMatch(/form-action 'self'(;|$)/);
});

test("an administration with TLS beside a first brand without it tells browsers to use TLS at its own host alone", async () => {
	const { at, helpdesk } = await open({ baseUrls: new Map() });
	const hsts = "strict-transport-security";

	expect((await at(ADMIN, "/admin/login")).headers.get(hsts)).toBe("max-age=31536000");
	const portal = helpdesk.brands[0]?.baseUrl ?? "";
	expect((await at(portal, "/login")).headers.get(hsts)).toBeNull();
});

test.each([
	["of a brand", { origin: BRAND }],
	["of a brand in storage", { origin: SHOP }],
	["of the same site", { "sec-fetch-site": "same-site" }],
	["of another port", { origin: `${ADMIN}:8443` }],
])("a form from a page %s is refused in the administration", async (_, headers) => {
	const { visitor, helpdesk } = await open();
	await visitor.open(`${ADMIN}${LOG_IN}`);
	const { email, password } = helpdesk.operator;
	const form = formsIn(visitor.seen.html).find(({ action }) => action === LOG_IN);
	const fields = new URLSearchParams([
		...(form === undefined ? [] : hiddenFields(form)).map(([name, value]): [string, string] => [
			name,
			value,
		]),
		...Object.entries({ email, password: password ?? "" }),
	]);
	const send = async (sent: Readonly<Record<string, string>>) =>
		(await visitor.request(`${ADMIN}${LOG_IN}`, { method: "POST", headers: sent, body: fields }))
			.status;

	expect(await send(headers)).toBe(403);
	expect(await send({ origin: ADMIN })).toBe(303);
});

test("the cookies of the administration log nobody in at a brand's host", async () => {
	const opened = await open();
	const { visitor, at } = opened;
	await operatorAt(opened);
	const cookie = [...visitor.cookiesOf(ADMIN)].map((each) => each.join("=")).join("; ");
	const seenAt = async (address: string) =>
		(await at(address, "/admin/operators", { headers: { cookie } })).status;

	expect([await seenAt(ADMIN), await seenAt(BRAND)]).toEqual([200, 404]);
	expect((await at(BRAND, "/account", { headers: { cookie } })).status).toBe(303);
});

test("the link of an invitation leads to the administration's own address", async () => {
	const letters: string[] = [];
	const opened = await open({
		deliver: async ({ text }) => {
			letters.push(text);
		},
	});
	const visitor = await operatorAt(opened);
	await visitor.open(`${ADMIN}/admin/operators`);

	await visitor.submit("/admin/operators", { email: "olga@example.com", role: "support" });

	const link = new RegExp(`${ADMIN}/admin/invitation\\?token=[\\w.-]+`);
	expect(visitor.seen.html).toMatch(link);
	await expect.poll(() => letters.join()).toMatch(link);
	const { pathname, search } = new URL(link.exec(letters.join())?.[0] ?? ADMIN);
	expect((await opened.at(ADMIN, pathname + search)).status).toBe(200);
	expect((await opened.at(BRAND, pathname + search)).status).toBe(404);
});

test("a stored brand with the administration's address is not served, and the log says why", async () => {
	const lines: string[] = [];
	const { at, storage, clock } = await open({ log: (line) => void lines.push(line) });
	await storedBrandsIn({ storage, clock }).add({ id: "thief", name: "Thief", url: ADMIN });
	clock.advance(5000);

	expect((await at(ADMIN, "/login")).status).toBe(404);
	expect((await at(ADMIN, "/admin/login")).status).toBe(200);
	expect(lines.join()).toContain("because the administration has the same address");
});

test("the administration that is apart lists a brand that was added since", async () => {
	const opened = await open();
	const { storage, clock } = opened;
	const visitor = await operatorAt(opened);
	const users = async () => (await visitor.open(`${ADMIN}/admin/users`)).html;
	expect(await users()).toContain(">Shop<");
	expect(await users()).not.toContain(">Store<");

	await storedBrandsIn({ storage, clock }).add({
		...{ id: "store", name: "Store", url: "https://store.example.com" },
	});
	clock.advance(5000);

	expect(await users()).toContain(">Store<");
});

test("the first page of the administration tells owners what it shares with a portal, until it is apart", async () => {
	const beside = await open({ adminBaseUrl: undefined });
	const visitor = await operatorAt(beside);
	const sentence = "The administration and the portal of Acorn Outdoor share the address";
	expect((await visitor.open(`${BRAND}/admin`)).html).toContain(sentence);
	await visitor.open(`${BRAND}/admin/operators`);
	await visitor.submit("/admin/operators", { email: "olga@example.com", role: "administrator" });
	const [link = ""] = /http[^<\s]+invitation\?token=[\w.-]+/.exec(visitor.seen.html) ?? [];
	const olga = new VisitorBehindProxy(beside.helpdesk.listening[0] ?? "");
	await olga.open(link);
	await olga.submit("/admin/invitation", { new: CHOSEN_PASSWORD });
	const first = (await olga.open(`${BRAND}/admin`)).html;
	expect(first).toContain("<h1>Overview</h1>");
	expect(first).not.toContain(sentence);

	const apart = await open();
	const { html } = await (await operatorAt(apart)).open(`${ADMIN}/admin`);
	expect(html).toContain("<h1>Overview</h1>");
	expect(html).not.toContain("share");
});

test.each([
	["nothing apart", {}, "share the address https://help.example.com"],
	["the brand's own address", { adminBaseUrl: BRAND }, "share the address"],
	["another port of the brand's host", { adminBaseUrl: `${BRAND}:8443` }, "share a host name"],
	["another host", { adminBaseUrl: ADMIN }, undefined],
	["a tunnel", { adminBaseUrl: "http://localhost:9000" }, undefined],
])("with %s the start warns: %s", (_, options, sentence) => {
	const warning = sharedAddressWarning(options, [{ name: "Acorn", baseUrl: BRAND }]);

	expect(warning?.includes(sentence ?? "")).toBe(sentence === undefined ? undefined : true);
	expect(warning ?? "--admin-base-url").toContain("--admin-base-url");
});

test("a helpdesk on loopback, which only its own machine reaches, is not warned about", async () => {
	const loopback = [{ name: "Acorn", baseUrl: "http://127.0.0.1:8080" }];
	expect(sharedAddressWarning({}, loopback)).toBeUndefined();
	expect(administrationAddress({}, loopback)).toBe("http://127.0.0.1:8080");
	expect((await open({ adminBaseUrl: undefined })).helpdesk.sharedAddress).toContain(BRAND);
});

test("a start with another host name of the administration says which one it had, once", async () => {
	const { options, helpdesk } = await open();
	expect(helpdesk.movedFrom).toBeUndefined();
	const startAt = async (adminBaseUrl: string | undefined) => {
		const next = await startHelpdesk({ ...options, adminBaseUrl });
		await next.close();
		return next.movedFrom;
	};

	expect(await startAt(ADMIN)).toBeUndefined();
	expect(await startAt("https://desk.example.com")).toBe("admin.example.com");
	expect(await startAt("https://desk.example.com")).toBeUndefined();
	// Passkeys and cookies belong to a host name, whatever its port.
	expect(await startAt("https://desk.example.com:8443")).toBeUndefined();
	expect(await startAt(undefined)).toBe("desk.example.com");
});

test("of two nodes that start with the new address at once, one says where the administration was", async () => {
	const { options } = await open();
	const moved = { ...options, adminBaseUrl: "https://desk.example.com" };

	const nodes = await Promise.all([startHelpdesk(moved), startHelpdesk(moved)]);

	await Promise.all(nodes.map((node) => node.close()));
	expect(nodes.map(({ movedFrom }) => movedFrom ?? "-").sort()).toEqual(["-", "admin.example.com"]);
});
