import assert from "node:assert/strict";
import { isIP } from "node:net";
import type { FormField } from "../../../contract/login-request.ts";
import { needing, secondBrand } from "../opened-host.ts";
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
	"The plugin gets the query decoded, in the order sent and with repeated names": async (
		opener,
	) => {
		const opened = await opener.openEnabled();
		await opened.newVisitor().request(`${callbackPath(opened)}?b=2&a=%20x+y&b=%C3%A4&=&c`);

		assert.deepEqual(lastRequest(opened, "handleCallback").query, [
			["b", "2"],
			["a", " x y"],
			["b", "ä"],
			["", ""],
			["c", ""],
		]);
	},

	"The plugin gets the form decoded, in the order sent and with repeated names": async (opener) => {
		const opened = await opener.openEnabled();
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

	"startLogin gets POST, handleCallback GET, continueLogin both": async (opener) => {
		const opened = await opener.openEnabled();
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

	"The plugin gets its own cookies by its own names and no others": async (opener) => {
		const opened = await opener.openEnabled();
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

	"A cookie of one brand is not sent to another brand": needing("second-brand", async (opener) => {
		const opened = await opener.openEnabled();
		const otherBrand = secondBrand(opened);
		const [here, there] = [opened.newVisitor(), opened.newVisitor(otherBrand)];
		const cookies = [{ name: "browser", value: "of-the-first", maxAgeSeconds: 600 }];
		await pressAndGet(opened, here, { kind: "redirect", location: "/", cookies });
		for (const [name, value] of here.cookies) {
			there.cookies.set(name, value);
		}
		await there.openContinue();
		const request = lastRequest(opened, "continueLogin");

		assert.equal(request.brandId, otherBrand.id);
		assert.deepEqual({ ...request.cookies }, {});
	}),

	"The plugin gets a valid language tag, whatever the browser sends": async (opener) => {
		const opened = await opener.openEnabled();
		const visitor = opened.newVisitor();

		for (const asked of ["de-AT, en;q=0.5", "<script>", "*", "x".repeat(5000), "tlh"]) {
			const headers = { "accept-language": asked };
			await visitor.request(opened.brand.continuePath, { headers });
			const { locale } = lastRequest(opened, "continueLogin");
			assert.equal(Intl.getCanonicalLocales(locale).length, 1, asked);
		}
	},

	"The plugin gets the current user and the time of their last proof": async (opener) => {
		const opened = await opener.openEnabled();
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

	"The plugin gets the client's address, and no header can forge it": async (opener) => {
		const opened = await opener.openEnabled();
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

	"A brand's addresses come from the configuration, whatever host a request names": async (
		opener,
	) => {
		const opened = await opener.openEnabled();
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

/** Promises since version 1.1 of the contract. */
export const INTENT_PROMISES: PortalPromises = {
	"A visitor cannot ask for a test log-in": async (opener) => {
		const opened = await opener.openEnabled();
		await opened.newVisitor().pressButton([["intent", "try"]]);

		assert.equal(lastRequest(opened, "startLogin").intent, undefined);
	},
};

export const NETWORK_PROMISES: PortalPromises = {
	"The plugin gets the network of the client's address": async (opener) => {
		const opened = await opener.openEnabled();
		await opened.newVisitor().request(opened.brand.continuePath);
		const { clientAddress, clientNetwork } = lastRequest(opened, "continueLogin");

		if (isIP(clientAddress) === 4) {
			assert.equal(clientNetwork, clientAddress);
		} else {
			assert.match(clientNetwork ?? "", /^[0-9a-f:]+\/64$/);
		}
	},
};
