// Attacks on a hand-off: by a page on the web, by a user, and by somebody who reads logs.
import { describe, expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import {
	API_TOKEN,
	agree,
	confirmedUser,
	deliver,
	deliveryIn,
	openHandOff,
	SECRET,
} from "../../kit/hand-off/open-hand-off.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { stored } from "../../kit/helpdesk/people-with-x.ts";

describe("a way on to another host is dropped:", () => {
	const EVIL = [
		"https://evil.example/",
		"//evil.example/",
		"/\\evil.example",
		"https://localhost@evil.example/",
		"javascript:alert(1)",
		"https://evil.example/\r\nset-cookie:a=b",
	];

	test.each([
		["supportpal", "redirect"],
		["zendesk-jwt", "return_to"],
	] as const)("%s", async (kind, parameter) => {
		const open = await openHandOff(kind);
		const visitor = await confirmedUser(open);
		await visitor.open(open.page);
		await agree(visitor);
		for (const wayOn of [...EVIL, `${open.product.address}.evil.example/`]) {
			await visitor.open(`${open.page}?${new URLSearchParams({ [parameter]: wayOn })}`);
			const { fields, action } = deliveryIn(visitor);
			expect([wayOn, fields.has(parameter)]).toEqual([wayOn, false]);
			expect(new URL(action).origin).toBe(open.product.address);
			expect(visitor.seen.headers.get("content-security-policy")).not.toContain("evil");
		}
		// A changed form gets nobody anywhere: the token is not for another way on.
		const { action, fields } = deliveryIn(visitor);
		fields.set(parameter, "https://evil.example/");
		expect(await deliver({ action, fields })).toMatchObject({
			status: 403,
			body: "its way on leads elsewhere",
		});
	});

	test("help-scout", async () => {
		const open = await openHandOff("help-scout");
		const visitor = await confirmedUser(open);
		await visitor.open(open.page);
		await agree(visitor);
		for (const wayOn of [...EVIL, "/a\r\nlocation: https://evil.example/"]) {
			const { url } = await visitor.open(
				`${open.page}?${new URLSearchParams({ returnTo: wayOn })}`,
			);
			expect(url.startsWith(`${open.product.address}/authcallback?token=`)).toBe(true);
			expect(new URL(url).searchParams.has("returnTo")).toBe(false);
		}
	});
});

test("a parameter that is given twice, or that is none of the helpdesk's, changes nothing", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	const query = "token=mine&brand_id=9&email=root%40example.com&return_to=x&jwt=y";
	await visitor.open(`${open.page}?${query}`);
	await agree(visitor);
	expect([...deliveryIn(visitor).fields.keys()]).toEqual(["token"]);
});

test("a page on the web sends nobody on who has not agreed, and agrees for nobody", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	const send = (fields: Readonly<Record<string, string>>, headers = {}) =>
		visitor.open(open.page, { method: "POST", body: new URLSearchParams(fields), headers });
	expect((await send({ answer: "go" })).status).toBe(403);
	expect((await send({ answer: "go", _csrf: "forged" })).status).toBe(403);
	await visitor.open(open.page);
	const csrf = /name="_csrf" value="([^"]+)"/.exec(visitor.seen.html)?.[1] ?? "";
	for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
		expect((await send({ answer: "go", _csrf: csrf }, headers)).status).toBe(403);
	}
	await visitor.open(open.page);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
	expect(deliveryIn(visitor).action).toBe("");
});

test("a user agrees to what the page has shown, and only by its button", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	const elsewhere = { ...open.product, address: "https://elsewhere.example" };
	const helpdesk = (await open.helpdesks().find(open.id)) ?? expect.fail("none");
	await open.helpdesks().change(open.id, { ...helpdesk, address: elsewhere.address }, {});
	await agree(visitor);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
	expect(visitor.seen.html).toContain("elsewhere.example");
	await visitor.submit(open.path, { answer: "yes" });
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
});

test.each([
	["an image", { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" }],
	["a script", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" }],
])("%s of any page makes no token", async (_, headers) => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	expect(deliveryIn(visitor).fields.has("token")).toBe(true);
	const { status, html } = await visitor.open(open.page, { headers });
	expect([status, html.includes("token")]).toEqual([404, false]);
});

test("a helpdesk of another brand, one that was removed, and a made-up one lead nowhere", async () => {
	const open = await openHandOff("supportpal");
	const theirs = await open.connect({ name: "Theirs" }, "bramble");
	const visitor = await confirmedUser(open);
	await open.helpdesks().remove(open.id);
	for (const id of [theirs, open.id, "supportpal-000000000000", "..%2f..", "%00", "a".repeat(99)]) {
		for (const page of ["", "/test", "/log-out"]) {
			const { status, html } = await visitor.open(`${open.portal}/hand-off/${id}${page}`);
			expect([id, page, status]).toEqual([id, page, 404]);
			expect(html).not.toContain("eyJ");
		}
	}
});

test("the token of one helpdesk is refused by another", async () => {
	const open = await openHandOff("supportpal");
	const visitor = await confirmedUser(open);
	const other = await open.helpdesks().add(
		{
			...{ preset: "supportpal", name: "Other", address: open.product.address, otherSites: [] },
			...{ remoteBrandId: null, neverAsserted: [], straightToX: false },
		},
		{ secret: secret("canary-key-of-the-other-one") },
	);
	await visitor.open(`${open.portal}/hand-off/${other?.id}`);
	await agree(visitor);
	expect(await deliver(deliveryIn(visitor))).toMatchObject({
		status: 403,
		body: "its signature is wrong",
	});
});

test("a page of one helpdesk leads to that one, and not to another", async () => {
	const open = await openHandOff("supportpal");
	const otherSite = "https://help.example.com";
	const id = await open.connect({ name: "With a site", otherSites: [otherSite] });
	await open.connect({ name: "Another", address: "https://another.example.com" });
	const visitor = await confirmedUser(open);
	const policyOf = async (page: string) =>
		(await visitor.open(page)).headers.get("content-security-policy") ?? "";
	const theirs = await policyOf(`${open.portal}/hand-off/${id}`);
	expect(theirs).toContain(` ${open.product.address} ${otherSite};`);
	expect(theirs).not.toContain("another.example.com");
	const own = await policyOf(open.page);
	expect(own).toContain(` ${open.product.address};`);
	expect(own).not.toContain(otherSite);
	const plain = new HttpVisitor();
	const { headers } = await plain.open(`${open.portal}/login`);
	expect(headers.get("content-security-policy")).not.toContain(open.product.address);
});

test("a helpdesk with another address keeps no secret", async () => {
	const open = await openHandOff("supportpal", { withApi: true });
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	const calls = open.product.calls.length;
	const helpdesks = open.helpdesks();
	const old = (await helpdesks.find(open.id)) ?? expect.fail("none");
	const { id: _id, createdAt: _at, secret: _secret, apiToken: _token, ...rest } = old;
	const evil = open.product.address.replace("localhost", "127.0.0.1");
	const changed = await helpdesks.change(open.id, { ...rest, address: evil }, {});
	expect(changed).toMatchObject({ address: evil, secret: null, apiToken: null });
	await visitor.open(open.page);
	expect(visitor.seen.html).toContain("Go on to Support Desk?");
	const { status, html } = await agree(visitor);
	expect(status).toBe(502);
	expect(html).toContain("Support Desk cannot be reached from here now");
	expect(deliveryIn(visitor).action).toBe("");
	expect(open.product.calls.length).toBe(calls);

	// Neither does a record that somebody changed in the storage open for another address.
	const moved = { ...old, address: evil };
	expect(() => helpdesks.secretOf(moved, "secret")).toThrow("cannot be decrypted");
	expect(() => helpdesks.secretOf(moved, "apiToken")).toThrow("cannot be decrypted");
	expect(helpdesks.secretOf(old, "secret")?.reveal()).toBe(SECRET);
});

test("secrets and tokens stand in no log and no page, and lie encrypted", async () => {
	const open = await openHandOff("supportpal", { withApi: true });
	const visitor = await confirmedUser(open);
	await visitor.open(open.page);
	await agree(visitor);
	const token = deliveryIn(visitor).fields.get("token") ?? "";
	open.product.faults.set("GET", (answer) => answer.writeHead(500).end(API_TOKEN));
	const { html } = await visitor.open(open.page);
	expect(open.log.join("\n")).toContain("hand-off.failed");
	const kept = (await stored(open.storage)).join("\n");
	for (const text of [SECRET, API_TOKEN, token]) {
		expect(open.log.join("\n")).not.toContain(text);
		expect(html).not.toContain(text);
		expect(kept).not.toContain(text);
	}
	const [id = "", , body = ""] = token.split(".");
	expect(kept).not.toContain(body || id);
});
