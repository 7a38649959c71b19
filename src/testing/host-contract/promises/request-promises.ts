import assert from "node:assert/strict";
import { isIP } from "node:net";
import type { FormField } from "../../../contract/login-request.ts";
import type { PortalPromises } from "../portal-promise.ts";
import {
	addAda,
	callbackPath,
	currentUserOf,
	lastRequest,
	pressAndGet,
	signIn,
} from "../portal-promise.ts";

export const REQUEST_PROMISES: PortalPromises = {
	"hands over a query decoded and in the order sent, repeated names repeated": async (contract) => {
		const opened = await contract.openEnabled();
		await opened.newVisitor().request(`${callbackPath(opened)}?b=2&a=%20x+y&b=%C3%A4&=&c`);

		assert.deepEqual(lastRequest(opened, "handleCallback").query, [
			["b", "2"],
			["a", " x y"],
			["b", "ä"],
			["", ""],
			["c", ""],
		]);
	},

	"hands over a form decoded and in the order sent, repeated names repeated": async (contract) => {
		const opened = await contract.openEnabled();
		const sent: FormField[] = [
			["b", "2"],
			["a", " x&y=\u{1f388}\n"],
			["b", ""],
			["c", "%20"],
		];
		await opened.newVisitor().pressButton(sent);
		const { form, query } = lastRequest(opened, "startLogin");

		const names = new Set(sent.map(([name]) => name));
		assert.deepEqual(
			form.filter(([name]) => names.has(name)),
			sent,
		);
		assert.deepEqual(query, []);
	},

	"hands over POST to the start, GET to the callback, both to what continues": async (contract) => {
		const opened = await contract.openEnabled();
		const { probe, brand } = opened;
		const visitor = opened.newVisitor();
		probe.answer("continueLogin", async () => ({
			kind: "page",
			page: {
				status: 200,
				title: "Probe",
				html: `<form method="post" action="${brand.continuePath}"><input name="step" value="1"></form>`,
			},
		}));
		await visitor.pressButton();
		await visitor.request(callbackPath(opened));
		await visitor.submit(await visitor.openContinue("?a=1"), "step", { step: "2" });
		await visitor.request(brand.startPath);

		const hooks = ["startLogin", "handleCallback", "continueLogin"] as const;
		const methods = hooks.map((hook) => probe.callsOf(hook).map(([{ method }]) => method));
		assert.deepEqual(methods, [["POST"], ["GET"], ["GET", "POST"]]);
		const { form, query } = lastRequest(opened, "handleCallback");
		assert.deepEqual([form, query], [[], []]);
	},

	"hands over the cookies of the plugin by the names it gave them, and no others": async (
		contract,
	) => {
		const opened = await contract.openEnabled();
		const visitor = opened.newVisitor();
		const cookies = [
			{ name: "browser", value: "a.B-3_", maxAgeSeconds: 600 },
			{ name: "second-one", value: "", maxAgeSeconds: 600 },
		];
		await pressAndGet(opened, visitor, { kind: "redirect", location: "/", cookies });
		visitor.cookies.set("foreign", "1");
		await visitor.openContinue();

		assert.deepEqual(
			{ ...lastRequest(opened, "continueLogin").cookies },
			{
				browser: "a.B-3_",
				"second-one": "",
			},
		);
	},

	"hands over no cookie of another brand": async (contract) => {
		const opened = await contract.openEnabled();
		const [here, there] = [opened.newVisitor(), opened.newVisitor(opened.otherBrand)];
		const cookies = [{ name: "browser", value: "of-the-first", maxAgeSeconds: 600 }];
		await pressAndGet(opened, here, { kind: "redirect", location: "/", cookies });
		for (const [name, value] of here.cookies) {
			there.cookies.set(name, value);
		}
		await there.openContinue();
		const request = lastRequest(opened, "continueLogin");

		assert.equal(request.brandId, opened.otherBrand.id);
		assert.deepEqual({ ...request.cookies }, {});
	},

	"hands over a language tag, whatever the browser says of its languages": async (contract) => {
		const opened = await contract.openEnabled();
		const visitor = opened.newVisitor();

		for (const asked of ["de-AT, en;q=0.5", "<script>", "*", "x".repeat(5000), "tlh"]) {
			const headers = { "accept-language": asked };
			await visitor.request(opened.brand.continuePath, { headers });
			const { locale } = lastRequest(opened, "continueLogin");
			assert.equal(Intl.getCanonicalLocales(locale).length, 1, asked);
		}
	},

	"hands over who is signed in, and when they last proved who they are": async (contract) => {
		const opened = await contract.openEnabled();
		const { clock } = opened;
		const id = await addAda(opened);
		const visitor = opened.newVisitor();
		const before = await currentUserOf(opened, visitor);
		const provenAt = clock.now();
		await signIn(opened, visitor, id);
		clock.advance(5 * 60_000);

		assert.equal(before, undefined);
		assert.deepEqual(await currentUserOf(opened, visitor), { id, provenAt });
		assert.equal(await currentUserOf(opened, opened.newVisitor()), undefined);
	},

	"hands over the address of the client, and believes no header about it": async (contract) => {
		const opened = await contract.openEnabled();
		const headers = {
			"x-forwarded-for": "203.0.113.9",
			forwarded: "for=203.0.113.9",
			"x-real-ip": "203.0.113.9",
		};
		await opened.newVisitor().request(opened.brand.continuePath, { headers });
		const { clientAddress } = lastRequest(opened, "continueLogin");

		assert.notEqual(isIP(clientAddress), 0, clientAddress);
		assert.notEqual(clientAddress, "203.0.113.9");
	},

	"tells the plugin the brand's addresses from its configuration, whatever host a request names":
		async (contract) => {
			const opened = await contract.openEnabled();
			const { brand, host, probe } = opened;
			const seen: unknown[] = [];
			probe.answer("startLogin", async ({ brandId }) => {
				seen.push(await host.brands.find(brandId));
				return { kind: "redirect", location: "/" };
			});
			const headers = {
				"x-forwarded-host": "evil.example",
				"x-forwarded-proto": "https",
				forwarded: "host=evil.example",
			};
			await opened.newVisitor().pressButton([], { headers });

			assert.deepEqual(seen, [brand]);
		},
};
