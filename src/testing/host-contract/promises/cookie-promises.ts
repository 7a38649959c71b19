import assert from "node:assert/strict";
import type { PluginCookie } from "../../../contract/login-response.ts";
import type { Contract, Opened } from "../opened-host.ts";
import { lastRequest, type PortalPromises, pressAndGet } from "../portal-promise.ts";

const COOKIE: PluginCookie = { name: "browser", value: "canary-value", maxAgeSeconds: 600 };

/** The plugin's cookie as the helpdesk sends it, its parts by lower-case names. */
async function sentCookie(contract: Contract): Promise<
	Opened & {
		readonly cookieName: string;
		readonly traits: ReadonlyMap<string, string>;
	}
> {
	const opened = await contract.openEnabled();
	const response = { kind: "redirect", location: "/", cookies: [COOKIE] } as const;
	const { headers } = await pressAndGet(opened, opened.newVisitor(), response);
	const line = headers.getSetCookie().find((each) => each.includes("=canary-value"));
	const [first = "", ...parts] = (line ?? assert.fail("the cookie was not sent")).split("; ");
	const traits = parts.map((part): [string, string] => {
		const [name = "", value = ""] = part.split("=");
		return [name.toLowerCase(), value];
	});
	return { ...opened, cookieName: first.split("=")[0] ?? "", traits: new Map(traits) };
}

export const COOKIE_PROMISES: PortalPromises = {
	"keeps cookies of the plugin from scripts and from other sites": async (contract) => {
		const { traits } = await sentCookie(contract);

		assert.ok(traits.has("httponly"));
		assert.equal(traits.get("samesite")?.toLowerCase(), "lax");
	},

	"sends cookies of the plugin for all of the brand's host and no other": async (contract) => {
		const { traits } = await sentCookie(contract);

		assert.equal(traits.get("path"), "/");
		assert.ok(!traits.has("domain"));
	},

	"keeps a cookie of the plugin as long as the plugin says": async (contract) => {
		const { traits } = await sentCookie(contract);

		assert.equal(traits.get("max-age"), "600");
	},

	"names cookies of the plugin after the brand": async (contract) => {
		const { cookieName, brand } = await sentCookie(contract);

		assert.ok(cookieName.includes(brand.id), cookieName);
	},

	"sends cookies of the plugin over TLS only, except where a brand is plain http on loopback":
		async (contract) => {
			const { traits, cookieName, brand } = await sentCookie(contract);
			const { protocol, hostname } = new URL(brand.baseUrl);
			const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
			const plain = protocol === "http:" && loopback;

			assert.equal(traits.has("secure"), !plain);
			assert.equal(cookieName.startsWith("__Host-"), !plain);
		},

	"deletes a cookie whose age is 0": async (contract) => {
		const opened = await contract.openEnabled();
		const visitor = opened.newVisitor();
		const answer = (maxAgeSeconds: number) =>
			pressAndGet(opened, visitor, {
				kind: "redirect",
				location: "/",
				cookies: [{ ...COOKIE, maxAgeSeconds }],
			});
		await answer(600);
		await answer(0);
		await visitor.openContinue();

		assert.deepEqual({ ...lastRequest(opened, "continueLogin").cookies }, {});
	},
};
