import { expect, test } from "vitest";
import type { LoginRequest } from "../../../src/contract/login-request.ts";
import { LivePlugin } from "../../../src/helpdesk/dev/live-plugin.ts";
import { PluginRecorder } from "../../../src/helpdesk/dev/plugin-recorder.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { builtPlugin } from "../../kit/artifact/built-plugin.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openDeveloping, pluginOf } from "../../kit/helpdesk/open-developing.ts";
import { API_KEY_SECRET, openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";

const PATH = "/admin/plugin-calls";

const REQUEST: LoginRequest = {
	brandId: "brand",
	method: "GET",
	query: [],
	form: [],
	cookies: {},
	locale: "en",
	clientAddress: "127.0.0.1",
	currentUser: undefined,
};

test("without a developer there is no such page", async () => {
	const { operator, portal } = await openHelpdesk();

	expect((await operator.open(`${portal}${PATH}`)).status).toBe(404);
	await operator.open(`${portal}/admin`);
	expect(operator.seen.html).not.toContain("plugin-calls");
});

test("the page shows the calls of a log-in, and none of its secrets", async () => {
	const recorder = new PluginRecorder(new MockClock());
	const live = new LivePlugin(await builtPlugin(), recorder);
	const house = await openHelpdesk({ plugin: live, recorder });
	const { operator, portal } = house;
	await setUpX(house);
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	const toX = await visitor.submit("/login/x-login/start");
	const callback = await approveAtX(toX.url);
	await visitor.open(callback);
	expect(visitor.seen.url).toBe(`${portal}/account`);

	const stranger = new HttpVisitor();
	expect((await stranger.open(`${portal}${PATH}`)).url).toContain("/admin/login");
	expect((await visitor.open(`${portal}${PATH}`)).url).toContain("/admin/login");
	const { html, headers } = await operator.open(`${portal}${PATH}`);

	for (const shown of [
		...["renderLoginButtons", "startLogin", "handleCallback", "listLinkedAccounts"],
		...["storage.commit", "storage.take", "http.send", "secrets.get", "users.create"],
		...["/oauth/request_token", "/oauth/access_token", "status 200", "signed-up", "acorn"],
	]) {
		expect(html, shown).toContain(shown);
	}
	expect(html.indexOf("handleCallback")).toBeLessThan(html.indexOf("startLogin"));
	expect(html).toMatch(/set link \/ acorn \/ x:1 = /);
	const sent = [
		...[...new URL(callback).searchParams.values(), ...new URL(toX.url).searchParams.values()],
		...[...visitor.cookies.values()].filter((value) => value.length > 8),
	];
	expect(sent.length).toBeGreaterThan(4);
	for (const secret of [...sent, API_KEY_SECRET, "oauth_token_secret"]) {
		expect(html, secret).not.toContain(secret);
	}
	expect(headers.get("refresh")).toBeNull();
	const following = await operator.open(`${portal}${PATH}?follow`);
	expect(following.headers.get("refresh")).toBe("2; url=/admin/plugin-calls?by-itself");
	expect(following.html).toContain("Stop");
});

test("texts that visitors sent are hidden in keys, values and errors", async () => {
	const { plugin, recorder } = openDeveloping(
		await pluginOf(`async startLogin({ form, cookies }) {
			const [[, word]] = form;
			await host.storage.commit({ sets: [{ key: ["by", word], value: { nick: word, more: [word], n: 1234 } }] });
			throw new Error("no " + word + ", and no " + cookies.browser);
		},
		async exportUserData() {
			const { entries } = await host.storage.list(["by"]);
			return entries[0].value;
		},`),
	);
	const request = {
		...REQUEST,
		form: [["word", "canary-word"]] as const,
		cookies: { browser: "1234" },
	};
	await expect(plugin.startLogin(request)).rejects.toThrow("canary-word");
	await plugin.exportUserData("u");

	expect(JSON.stringify(recorder.calls)).not.toMatch(/canary|1234/);
	const [later, login] = recorder.calls;
	expect(later?.operations[0]?.answer).toBe(
		`1 found\nby / [sent] = {"nick":"[sent]","more":["[sent]"],"n":"[sent]"}`,
	);
	expect(login).toMatchObject({
		hook: "startLogin",
		brandId: "brand",
		hasFailed: true,
		outcome: "Error: no [sent], and no [sent]",
		operations: [{ name: "storage.commit", answer: "done" }],
	});
});

test("secrets, tokens and values with such names are not shown", async () => {
	const { plugin, recorder, host } = openDeveloping(
		await pluginOf(`async exportUserData() {
			const word = (await host.secrets.get("brand", "word")).reveal();
			await host.storage.commit({ sets: [{ key: ["a", "kFm2Zx9Qw7LpT4sVbN8c"], value: {
				word: "short", verifier: "tiny", note: word, user: "5b2f7c1e-8f5d-4b7a-9d60-1c2e3f4a5b6c",
				text: "a sentence stays", address: "/a?b=kFm2Zx9Qw7LpT4sVbN8c&c=canary", id: "x:2244994945", list: ["kFm2Zx9Qw7LpT4sVbN8c"],
			} }] });
			await host.http.send({ method: "GET", url: "https://api.x.com/a/kFm2Zx9Qw7LpT4sVbN8c?oauth_token=canary", headers: { authorization: "canary" }, timeoutMs: 1000, maxBytes: 1 }).catch(() => {});
			return null;
		},`),
	);
	host.settings.save("brand", { word: "canary" });
	Object.defineProperty(host.settings, "get", {
		value: async () => ({ reveal: () => "canary" }),
	});
	await plugin.exportUserData("u");

	const seen = JSON.stringify(recorder.calls);
	expect(seen).not.toMatch(/canary|kFm2Zx9Qw7LpT4sVbN8c|tiny|short|8f5d/);
	for (const shown of ["a sentence stays", "x:2244994945", "5b2f7c1e…", "[20 characters]"]) {
		expect(seen).toContain(shown);
	}
});

test("operations belong to the call that made them, side by side and after the answer", async () => {
	const { plugin, recorder } = openDeveloping(
		await pluginOf(`async continueLogin({ brandId }) {
			for (let round = 0; round < 3; round += 1) {
				await host.storage.get([brandId]);
			}
			return { kind: "redirect", location: "/a?b=c", afterwards: () => host.storage.take(["later", brandId]) };
		},`),
	);
	const answers = await Promise.all(
		["one", "two"].map((brandId) => plugin.continueLogin({ ...REQUEST, brandId })),
	);
	await Promise.all(answers.map((answer) => answer.afterwards?.()));

	for (const { brandId, outcome, operations } of recorder.calls) {
		expect(outcome).toBe("redirect to /a");
		expect(operations.map(({ asked }) => asked)).toEqual([
			...[brandId, brandId, brandId],
			`later / ${brandId}`,
		]);
	}
});

test("the last 200 calls are kept, and 100 operations of each", async () => {
	const { plugin, recorder } = openDeveloping(
		await pluginOf(`async exportUserData(userId) {
			for (let round = 0; round < (userId === "many" ? 150 : 0); round += 1) {
				await host.storage.get(["a"]);
			}
			return null;
		},`),
	);
	for (let call = 0; call < 230; call += 1) {
		await plugin.exportUserData("u");
	}
	await plugin.exportUserData("many");

	expect(recorder.calls).toHaveLength(200);
	expect(recorder.calls[0]).toMatchObject({ left: 50, operations: { length: 100 } });
});
