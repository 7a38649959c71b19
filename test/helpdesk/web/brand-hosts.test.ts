import { BlockList } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { HostStorage } from "../../../src/contract/storage.ts";
import { storedBrandsIn } from "../../../src/helpdesk/helpdesk.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { startHelpdesk } from "../../../src/helpdesk/start-helpdesk.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { formsIn, hiddenFields } from "../../../src/testing/forms-in.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { helpdeskOptions, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { requestAt } from "../../kit/helpdesk/request-at.ts";

const SHOP = { id: "shop", name: "Shop", url: "https://shop.example.com" };
const LOOPBACK = new BlockList();
LOOPBACK.addAddress("127.0.0.1");

/** A helpdesk with the sample brands and one in storage, and the number of times that it read the stored brands. */
async function open(options: Parameters<typeof openHelpdesk>[0] = {}) {
	const clock = new MockClock();
	const memory = new MemoryStorage(clock);
	let reads = 0;
	const storage: HostStorage = {
		get: (key) => memory.get(key),
		take: (key) => memory.take(key),
		commit: (commit) => memory.commit(commit),
		list: (prefix, listed) => {
			reads += prefix[0] === NAMESPACES.brands[0] ? 1 : 0;
			return memory.list(prefix, listed);
		},
	};
	const brands = storedBrandsIn({ storage: memory, clock });
	await brands.add(SHOP);
	const opened = await openHelpdesk({ storage, clock, ...options });
	const titleAt = async (
		host: string,
		{ path = "/login", headers = {} }: { path?: string; headers?: Record<string, string> } = {},
	): Promise<string> => {
		const { status, body } = await requestAt(opened.portal, path, { host, headers });
		return /<title>(.*?)<\/title>/.exec(body)?.[1] ?? String(status);
	};
	return { ...opened, clock, brands, titleAt, reads: () => reads };
}

test.each(["shop.example.com", "SHOP.Example.COM", "shop.example.com:443"])(
	"the first listener serves a stored brand at %s",
	async (host) => {
		const { titleAt } = await open();
		expect(await titleAt(host)).toBe("Log in · Shop");
	},
);

test.each([
	"evil.example",
	"shop.example.com.evil.example",
	"evil-shop.example.com",
	"shop.example.com:8443",
	"shop.example.com.",
	"shop.example.com@evil.example",
	"shop.example.com, evil.example",
	"evil.example/shop.example.com",
])(
	"the host %j is none of a stored brand: the first brand answers as it always did",
	async (host) => {
		const { portal } = await open();
		const { status, headers, all } = await requestAt(portal, "/login", { host });

		expect(status === 400 || headers.get("location")?.startsWith(`${portal}/login`)).toBe(true);
		expect(all).not.toContain("Shop");
	},
);

test("only a trusted proxy says by X-Forwarded-Host which brand is meant, and all hosts in it have to agree", async () => {
	const trusting = await open({ trustedProxies: LOOPBACK });
	const forwarded = (host: string) => ({ headers: { "x-forwarded-host": host } });
	expect(await trusting.titleAt("helpdesk:8080", forwarded("shop.example.com"))).toBe(
		"Log in · Shop",
	);
	expect(
		await trusting.titleAt("helpdesk:8080", forwarded("shop.example.com, SHOP.example.com:443")),
	).toBe("Log in · Shop");
	for (const host of [
		"evil.example, shop.example.com",
		"shop.example.com, evil.example",
		"evil.example",
	]) {
		expect(await trusting.titleAt("helpdesk:8080", forwarded(host))).toBe("302");
	}
	// The Host header of a brand's own address counts first.
	const { host } = new URL(trusting.portal);
	expect(await trusting.titleAt(host, forwarded("shop.example.com"))).toBe(
		"Log in · Acorn Outdoor",
	);

	const wary = await open();
	const { headers } = await requestAt(wary.portal, "/login", {
		...{ host: "helpdesk:8080", headers: { "x-forwarded-host": "shop.example.com" } },
	});
	expect(headers.get("location")).toMatch(new RegExp(`^${wary.portal}/login`));
});

test("a page at a foreign host names every way to give a brand an address, for --base-url is refused for most", async () => {
	const { portal } = await open();

	const { body } = await requestAt(portal, "/login?redirected=1", { host: "evil.example" });

	expect(body).toContain("--brand, --base-url or the command brands change");
});

test("no other listener serves a stored brand, and the administration is at the first brand alone", async () => {
	const { helpdesk, titleAt } = await open();
	const [, harbor = ""] = helpdesk.listening;
	expect((await requestAt(harbor, "/login", { host: "shop.example.com" })).status).toBe(302);

	expect(await titleAt("shop.example.com", { path: "/admin/login" })).toContain("Shop");
	const { status } = await requestAt(helpdesk.listening[0] ?? "", "/admin/login", {
		host: "shop.example.com",
	});
	expect(status).toBe(404);
});

test("browsers are told to use TLS at a stored brand with https, beside a first brand without", async () => {
	const { portal, brands, clock } = await open();
	const hstsAt = async (host: string) =>
		(await requestAt(portal, "/login", { host })).headers.get("strict-transport-security");
	expect(await hstsAt("shop.example.com")).toBe("max-age=31536000");
	expect(await hstsAt(new URL(portal).host)).toBeNull();

	await brands.change("shop", { url: "http://localhost:8080" });
	clock.advance(5000);
	expect(await hstsAt("localhost:8080")).toBeNull();
});

test("a first brand with https tells nobody at a stored brand on loopback to use TLS", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	await storedBrandsIn({ storage, clock }).add({ ...SHOP, url: "http://localhost:8080" });
	const baseUrls = new Map([["acorn", "https://help.example.com"]]);
	const helpdesk = await startHelpdesk(await helpdeskOptions({ storage, clock, baseUrls }));
	onTestFinished(() => helpdesk.close());
	const [listening = ""] = helpdesk.listening;
	const hstsAt = async (host: string) =>
		(await requestAt(listening, "/login", { host })).headers.get("strict-transport-security");

	expect(await hstsAt("localhost:8080")).toBeNull();
	expect(await hstsAt("help.example.com")).toBe("max-age=31536000");
});

test("a stored brand does not take the address where a fixed brand listens, which proxies name in its place", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const baseUrls = new Map([["acorn", "https://help.example.com"]]);
	const lines: string[] = [];
	const log = (line: string) => void lines.push(line);
	const helpdesk = await startHelpdesk(await helpdeskOptions({ storage, clock, baseUrls, log }));
	onTestFinished(() => helpdesk.close());
	const [listening = ""] = helpdesk.listening;
	const { host } = new URL(listening);
	await storedBrandsIn({ storage, clock }).add({ ...SHOP, url: listening });
	clock.advance(5000);

	for (const [path, title] of [
		["/login", "Acorn Outdoor"],
		["/admin/login", "Helpdesk administration"],
	] as const) {
		expect((await requestAt(listening, path, { host })).body).toContain(`· ${title}</title>`);
	}
	expect(lines.join()).toContain("not served, because a brand with a port of its own listens");
});

test("a form of a stored brand works from its own address, and from no other brand's", async () => {
	const { portal, helpdesk } = await open();
	const host = "shop.example.com";
	const page = await requestAt(portal, "/login", { host });
	const [cookie = ""] = (page.headers.get("set-cookie") ?? "").split(";");
	expect(cookie).toContain("__Host-portal-shop=");
	const form = formsIn(page.body).find(({ action }) => action === "/login");
	const [, csrf = ""] = (form && hiddenFields(form).find(([name]) => name === "_csrf")) ?? [];
	const send = async (origin: string, to = host): Promise<number> => {
		const body = new URLSearchParams({
			_csrf: csrf,
			email: "eve@example.com",
			password: "correct horse",
		});
		const headers = { cookie, origin };
		return (await requestAt(portal, "/login", { method: "POST", host: to, headers, body })).status;
	};

	expect(await send("https://shop.example.com")).not.toBe(403);
	expect(await send(portal)).toBe(403);
	expect(await send(helpdesk.brands[1]?.baseUrl ?? "")).toBe(403);
	expect(await send("https://evil.example")).toBe(403);
	expect(await send("https://shop.example.com", new URL(portal).host)).toBe(403);
});

test("a brand that is added, changed or removed is seen after five seconds, without a new start", async () => {
	const { titleAt, brands, clock, operator, helpdesk } = await open();
	const shownIn = async (path: string) =>
		(await operator.open(`${helpdesk.adminUrl}/${path}`)).html;
	expect(await shownIn("users")).toContain(">Shop<");
	expect(await titleAt("store.example.com")).toBe("302");
	await brands.add({ id: "store", name: "Store", url: "https://store.example.com" });
	await brands.change("shop", { name: "Shop & Co", url: "https://co.example.com" });
	expect(await titleAt("store.example.com")).toBe("302");

	clock.advance(5000);

	expect(await titleAt("store.example.com")).toBe("Log in · Store");
	expect(await titleAt("co.example.com")).toBe("Log in · Shop &amp; Co");
	expect(await titleAt("shop.example.com")).toBe("302");
	expect(await shownIn("users")).toContain(">Store<");
	expect(helpdesk.brands.map(({ id }) => id)).toEqual(["acorn", "harbor", "shop", "store"]);

	await brands.remove("store");
	clock.advance(5000);
	expect(await shownIn("users")).not.toContain(">Store<");
	expect(await titleAt("store.example.com")).toBe("302");
});

test("a log-in at a brand with a port of its own reads the brands once in five seconds, whatever it opens", async () => {
	const opened = await open();
	await setUpX(opened);
	const { clock, portal, reads } = opened;
	const logIn = async () => {
		clock.advance(60_000);
		const visitor = new HttpVisitor();
		await visitor.open(`${portal}/login`);
		const { url } = await visitor.submit("/login/x-login/start");
		await visitor.open(await approveAtX(url, { accountId: "1" }));
		expect((await visitor.open(`${portal}/account`)).html).toContain("@ada");
	};
	await logIn();
	const before = reads();

	await logIn();

	expect(reads()).toBe(before + 1);
});

test("strangers who ask for hosts that do not exist make one read in five seconds", async () => {
	const { titleAt, clock, reads } = await open();
	clock.advance(5000);
	const before = reads();

	await Promise.all(Array.from({ length: 50 }, (_, index) => titleAt(`host-${index}.example`)));

	expect(reads()).toBe(before + 1);
});
