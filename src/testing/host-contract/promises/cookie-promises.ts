import assert from "node:assert/strict";
import type { PluginCookie } from "../../../contract/login-response.ts";
import type { HostOpener, ProbedHost } from "../opened-host.ts";
import { lastRequest, type PortalPromises, pressAndGet } from "../portal-promise.ts";

const COOKIE: PluginCookie = { name: "browser", value: "canary-value", maxAgeSeconds: 600 };

/** The plugin's cookie as the helpdesk sends it, with its attributes by lower-case name. */
async function sentCookie(opener: HostOpener): Promise<
	ProbedHost & {
		readonly cookieName: string;
		readonly traits: ReadonlyMap<string, string>;
	}
> {
	const opened = await opener.openEnabled();
	const response = { kind: "redirect", location: "/", cookies: [COOKIE] } as const;
	const { headers } = await pressAndGet(opened, opened.newVisitor(), response);
	const line = headers.getSetCookie().find((each) => each.includes("=canary-value"));
	const [first = "", ...parts] = (
		line ?? assert.fail("the helpdesk did not send the cookie")
	).split("; ");
	const traits = parts.map((part): [string, string] => {
		const [name = "", value = ""] = part.split("=");
		return [name.toLowerCase(), value];
	});
	return { ...opened, cookieName: first.split("=")[0] ?? "", traits: new Map(traits) };
}

export const COOKIE_PROMISES: PortalPromises = {
	"A cookie of the plugin is hidden from scripts and from other sites": async (opener) => {
		const { traits } = await sentCookie(opener);

		assert.ok(traits.has("httponly"));
		assert.equal(traits.get("samesite")?.toLowerCase(), "lax");
	},

	"A cookie of the plugin is valid for every path of the brand's host and no other host": async (
		opener,
	) => {
		const { traits } = await sentCookie(opener);

		assert.equal(traits.get("path"), "/");
		assert.ok(!traits.has("domain"));
	},

	"A cookie of the plugin lives as long as the plugin says": async (opener) => {
		const { traits } = await sentCookie(opener);

		assert.equal(traits.get("max-age"), "600");
	},

	"The name of a cookie contains the brand": async (opener) => {
		const { cookieName, brand } = await sentCookie(opener);

		assert.ok(cookieName.includes(brand.id), cookieName);
	},

	"A cookie of the plugin needs TLS unless the brand is plain http on loopback": async (opener) => {
		const { traits, cookieName, brand } = await sentCookie(opener);
		const { protocol, hostname } = new URL(brand.baseUrl);
		const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
		const plain = protocol === "http:" && loopback;

		assert.equal(traits.has("secure"), !plain);
		assert.equal(cookieName.startsWith("__Host-"), !plain);
	},

	"A cookie with the age 0 is deleted": async (opener) => {
		const opened = await opener.openEnabled();
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
